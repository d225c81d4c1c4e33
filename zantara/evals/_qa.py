"""Questions: are the sources right, are the figures right, is what is not known said to be so."""

import asyncio
import re
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zantara.evals._figures import exact, money_figures, numbers, states
from zantara.evals._files import QaRow
from zantara.evals._speech import refers, unknown
from zantara.evals._statistics import Kind, Part, Scored, summarise, summarise_by
from zantara.identity import User
from zantara.knowledge import Knowledge, Row
from zantara.language import plain
from zantara.runner import Runner
from zantara.services import Services
from zantara.settings import Settings

__all__ = ["METRICS", "Answered", "run_qa", "score_answer"]

METRICS: dict[str, Kind] = {
    "hit_at_1": "share",
    "hit_at_5": "share",
    "mrr": "mean",
    "exact": "share",
    "refusals_ok": "share",
    "over_refusals": "share",
    "invented_figures": "count",
}
_GROUPS = ("language", "intent", "paraphrased")
_RECALLED = 8
_SENTENCE = re.compile(r"(?<=[.!?:;])\s+|\n+|\s*\[\d+\]\s*")
_CODE = re.compile(r"\b(?:[A-Z]\d{1,2}[A-Z]?|\d{5})\b")


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back for one question.

    sources: the cited rows, then the recalled ones that are not cited; `cited` counts the first.
    """

    answer: str
    sources: tuple[Row, ...] = ()
    cited: int = 0
    error: str = ""


async def run_qa(
    rows: Sequence[QaRow],
    settings: Settings,
    user: User,
    *,
    graph: str = "hybrid",
    services: Callable[..., Services] = Services.from_settings,
    done: Callable[[], object] = lambda: None,
) -> dict[str, Any]:
    """Ask every question on a thread of its own in a data folder that is thrown away.

    The knowledge is that of `settings.home`. `services` makes what the graph works with, from
    settings; `done` is called after each question.
    """
    scored = []
    apart = []
    knowledge = await asyncio.to_thread(lambda: Services.from_settings(settings).knowledge)
    with tempfile.TemporaryDirectory(prefix="zantara-eval-") as folder:
        made = services(settings.kept_here(Path(folder)))
        made.knowledge = knowledge
        async with Runner.open(made, user, graph=graph) as runner:
            for row in rows:
                answered = await _ask(runner, knowledge, row)
                scored.append(score_answer(row, answered))
                if row.intent != "refuse" and not row.must_contain and not row.quote_only:
                    apart.append({"id": row.id, "note": row.note, "answer": answered.answer})
                done()
    return {
        **summarise(scored, METRICS),
        "by": summarise_by(scored, METRICS, _GROUPS),
        "apart": apart,
        "failures": [row.failure for row in scored if row.failure],
    }


async def _ask(runner: Runner, knowledge: Knowledge, row: QaRow) -> Answered:
    """One question; an error is that row's failure and ends nothing else."""
    found = await asyncio.to_thread(knowledge.recall, row.question, limit=_RECALLED)
    recalled = [passage.row for passage in found]
    try:
        turn = await runner.ask(row.question)
    except Exception as error:
        return Answered("", tuple(recalled), error=f"{type(error).__name__}: {error}")
    named = (knowledge.get(citation["id"]) for citation in turn.citations)
    cited = [source for source in named if source is not None]
    ids = {source.id for source in cited}
    further = [source for source in recalled if source.id not in ids]
    return Answered(turn.answer, (*cited, *further), cited=len(cited))


def score_answer(row: QaRow, answered: Answered) -> Scored:
    """The row's part in each metric, and in words what was wrong."""
    refused = _refuses(row, answered)
    invented = _invented(row, answered)
    parts: dict[str, Part] = {"invented_figures": (bool(invented), 1)}
    if row.intent == "refuse":
        parts["refusals_ok"] = (
            _declines(answered) and not invented and not _codes(row, answered),
            1,
        )
    elif row.quote_only:
        parts |= _source_parts(row, answered)
        parts["refusals_ok"] = (_quotes_nothing(row, answered), 1)
    else:
        parts |= _source_parts(row, answered)
        parts["over_refusals"] = (refused, 1)
    if row.must_contain:
        parts["exact"] = (_exact(row, answered.answer), 1)
    return Scored(
        id=row.id,
        groups={
            "language": row.language,
            "intent": row.intent,
            **({"paraphrased": str(row.paraphrased).lower()} if row.intent != "refuse" else {}),
        },
        parts=parts,
        failure=_failure(row, answered, _wrong(row, answered, parts, invented)),
    )


def _source_parts(row: QaRow, answered: Answered) -> dict[str, Part]:
    wanted = set(row.gold_ids)
    rank = next(
        (
            place
            for place, source in enumerate(answered.sources, 1)
            if wanted & {source.id, *source.also}
        ),
        0,
    )
    return {
        "hit_at_1": (rank == 1, 1),
        "hit_at_5": (0 < rank <= 5, 1),
        "mrr": (1 / rank if rank else 0.0, 1),
    }


def _exact(row: QaRow, answer: str) -> bool:
    return exact(answer, must=row.must_contain, must_not=row.must_not_contain)


def _declines(answered: Answered) -> bool:
    said = _own_words(answered)
    return unknown(said) or refers(said)


def _own_words(answered: Answered) -> str:
    """The answer without what it quotes: a source that says "not available" refuses nothing."""
    quoted = plain("\n".join(_texts(answered.sources)))
    sentences = _SENTENCE.split(answered.answer)
    return " ".join(one for one in sentences if plain(one) not in quoted)


def _quotes_nothing(row: QaRow, answered: Answered) -> bool:
    """Refers to the team, and names no amount but what the right row itself prints."""
    gold = [source for source in answered.sources if set(row.gold_ids) & {source.id, *source.also}]
    return refers(answered.answer) and not _unlisted(answered.answer, _texts(gold))


def _refuses(row: QaRow, answered: Answered) -> bool:
    """A question with an answer was turned away: nothing right is in the answer."""
    if row.intent == "refuse" or row.quote_only:
        return False
    said = _own_words(answered)
    turned_away = unknown(said) or (refers(said) and not answered.cited)
    return turned_away and not (
        _exact(row, answered.answer) if row.must_contain else answered.cited
    )


def _invented(row: QaRow, answered: Answered) -> list[float]:
    """Amounts that neither the evidence nor the question holds; listed prices may be quoted."""
    return _unlisted(answered.answer, [row.question, *_texts(answered.sources)])


def _unlisted(answer: str, texts: Iterable[str]) -> list[float]:
    listed = {value for text in texts for value, _percent in numbers(text)}
    return [figure for figure in money_figures(answer) if figure not in listed]


def _codes(row: QaRow, answered: Answered) -> list[str]:
    known = "\n".join([row.question, *_texts(answered.sources)])
    return [code for code in _CODE.findall(answered.answer) if code not in known]


def _texts(rows: Iterable[Row]) -> list[str]:
    return [f"{row.title}\n{row.text}\n{row.effective_date}" for row in rows]


def _wrong(
    row: QaRow, answered: Answered, parts: dict[str, Part], invented: Sequence[float]
) -> list[str]:
    wrong = [f"no answer: {answered.error}"] if answered.error else []
    if not parts.get("hit_at_5", (1, 1))[0]:
        wrong.append(f"no right source among the first five (gold: {', '.join(row.gold_ids)})")
    wrong += [f"does not say {one}" for one in row.must_contain if not states(answered.answer, one)]
    wrong += [f"says {one}" for one in row.must_not_contain if states(answered.answer, one)]
    if not parts.get("refusals_ok", (1, 1))[0]:
        quoted = "names an amount, or does not refer to the team"
        wrong.append(quoted if row.quote_only else "not refused")
    if parts.get("over_refusals", (0, 1))[0]:
        wrong.append("refused, though the answer is known")
    if invented:
        wrong.append(f"figures that no source has: {', '.join(f'{one:,.0f}' for one in invented)}")
    return wrong


def _failure(row: QaRow, answered: Answered, wrong: Sequence[str]) -> dict[str, Any]:
    if not wrong:
        return {}
    return {
        "id": row.id,
        "wrong": list(wrong),
        "answered": answered.answer,
        "sources": [source.id for source in answered.sources[:5]],
        **({"error": answered.error} if answered.error else {}),
    }
