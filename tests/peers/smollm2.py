"""One real generative model that nobody here trained answers through the whole application.

`python -m tests.peers.smollm2`, the last part of `make peers`, never of CI. SmolLM2 has 135 million
parameters: its answers are no measure of what large models answer. It shows that the prompt, the
client, the stream and the checks bear whatever a model says. Held is what holds for any model: the
turn ends, nothing is done that nobody approved, and each figure of an answer is supported.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from langchain_core.messages import HumanMessage
from langchain_core.utils.function_calling import convert_to_openai_tool

from nodes._phrases import phrase
from nodes._turn import evidence_of, local_now, rows_of
from tests.kit import AYU, NOW, graph_of, services_of
from tests.peers._llama import ALIAS, WINDOW, Server, install, serving
from tools import BY_NAME
from zantara.context import Context
from zantara.evidence import SentenceStream
from zantara.gateway import candidates_for
from zantara.gateway._answers import UnusableAnswerError, usable
from zantara.runner import Runner
from zantara.services import Services, use
from zantara.settings import Settings
from zantara.turn import Turn

__all__: list[str] = []

_QUESTIONS = (
    ("en", "What is the difference between a KITAS and a KITAP?"),
    ("id", "Apa itu PT PMA dan siapa yang boleh mendirikannya?"),
    ("it", "Uno straniero può comprare un terreno a Bali?"),
    (
        "en",
        "Find the newest mail from Made, then put a call with him in my calendar on Friday at 10.",
    ),
)


@dataclass(frozen=True)
class _Outcome:
    """What came of one question, and what is wrong with it."""

    language: str
    question: str
    turn: Turn
    seconds: float
    tokens: tuple[int, int]
    problems: list[str]

    @property
    def told(self) -> str:
        if self.turn.pending:
            return f"waits for approval of {', '.join(one.tool for one in self.turn.pending)}"
        withheld = _marker(self.turn.language) in self.turn.answer
        return "figures withheld by verify_answer" if withheld else "answered"


async def _ask(runner: Runner, server: Server, language: str, question: str) -> _Outcome:
    before, start = server.tokens(), time.perf_counter()
    turn = await runner.ask(question)
    seconds, after = time.perf_counter() - start, server.tokens()
    return _Outcome(
        language,
        question,
        turn,
        seconds,
        (after[0] - before[0], after[1] - before[1]),
        await _problems(runner, turn),
    )


async def _problems(runner: Runner, turn: Turn) -> list[str]:
    graph, config = graph_of(runner, turn.thread_id)
    values = (await graph.aget_state(config)).values
    found = [] if turn.answer or turn.pending else ["the turn has no end"]
    found += [f"{one['tool']} ran unapproved" for one in await runner.calls(turn.thread_id)]
    bad = await asyncio.to_thread(_unsupported, services_of(runner), values, turn)
    return found + [f"nothing supports {figure!r}" for figure in bad]


def _unsupported(services: Services, values: Mapping[str, Any], turn: Turn) -> list[str]:
    """Figures of the answer with no support, but for those that it names as unconfirmed."""
    said = turn.answer.split(_marker(turn.language))[0]
    with use(services):
        rows, core = rows_of(services, values), services.knowledge.core()  # type: ignore[arg-type]
        evidence = evidence_of(values, rows, local_now(services, Context()), core)  # type: ignore[arg-type]
    return [
        one for sentence in SentenceStream.split(said) for one in evidence.unsupported(sentence)
    ]


def _marker(language: str) -> str:
    """How the sentence begins that names what could not be confirmed."""
    return phrase("unconfirmed", language, figures="\0").split("\0")[0]


async def _run(server: Server, home: Path) -> list[_Outcome]:
    settings = Settings(
        home=home,
        model="auto",
        openai_base_url=server.url,
        openai_model=ALIAS,
        openai_window=WINDOW,
        openai_timeout=600,
    )
    outcomes = []
    async with Runner.open(Services.from_settings(settings, clock=NOW), AYU) as runner:
        for language, question in _QUESTIONS:
            outcomes.append(await _ask(runner, server, language, question))
            _print(outcomes[-1])
    return outcomes


def _print(one: _Outcome) -> None:
    read, written = one.tokens
    lines = [
        f"[{one.language}] {one.question}",
        f"  {one.turn.model or 'no model'}: {one.told}; {one.seconds:.0f} s,"
        f" {read} tokens read, {written} written",
        f"  {one.turn.answer[:300]!r}",
        *(f"  WRONG: {problem}" for problem in one.problems),
    ]
    print("\n".join(lines), flush=True)  # noqa: T201 - a script


async def _streamed_call(server: Server) -> list[str]:
    """A call that the server's grammar makes the model write, streamed through our client: what is
    wrong with it. One whose arguments cannot be read must be refused.
    """
    settings = Settings(openai_base_url=server.url, openai_model=ALIAS, openai_window=WINDOW)
    model = candidates_for("orchestrator", settings, environ={})[0].build()
    tool = convert_to_openai_tool(BY_NAME["gmail_search"])
    asking = model.bind_tools([tool], tool_choice="gmail_search")
    whole: Any = None
    async for piece in asking.astream([HumanMessage("Search my mail for Made.")]):
        whole = piece if whole is None else whole + piece
    try:
        (call,) = usable(whole, finishes=True, tools=["gmail_search"]).tool_calls
    except UnusableAnswerError as error:
        print(f"[call] refused: {error}")  # noqa: T201 - a script
        return []
    print(f"[call] {call['name']} {call['args']}")  # noqa: T201 - a script
    right = call["name"] == "gmail_search" and isinstance(call["args"].get("query"), str)
    return [] if right else [f"the call came as {call}"]


def main() -> int:
    folder = install()
    with (
        tempfile.TemporaryDirectory() as made,
        serving(folder, Path(made) / "server.log") as server,
    ):
        outcomes = asyncio.run(_run(server, Path(made) / "data"))
        log = Path(made) / "calls.log"
        with serving(folder, log, chat_format="chatml-function-calling") as calling:
            wrong = asyncio.run(_streamed_call(calling))
    wrong += [problem for one in outcomes for problem in one.problems]
    if not any(one.turn.model == ALIAS for one in outcomes):
        wrong.append(f"{ALIAS} answered nothing")
    print("wrong: " + "; ".join(wrong) if wrong else "nothing is wrong")  # noqa: T201 - a script
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
