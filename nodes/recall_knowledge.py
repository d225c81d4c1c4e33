"""Find this turn's evidence. The state holds ids and digests; the text stays in the index."""

import asyncio
from typing import Literal

from langchain_core.messages import HumanMessage
from langgraph.runtime import Runtime
from langgraph.types import Command

from nodes._arms import asking_node
from zantara.context import Context
from zantara.evidence import SentenceStream
from zantara.knowledge import Knowledge, Passage
from zantara.services import Services, current
from zantara.state import State

__all__ = ["recall_knowledge"]

_PASSAGES = 8
_OF_ONE = 3
_SHORT = 5
_GOES_ON = frozenset(
    [
        "and",
        "or",
        "but",
        "so",
        "dan",
        "atau",
        "tapi",
        "lalu",
        "terus",
        "kalau",
        "e",
        "o",
        "ma",
        "se",
    ]
)


async def recall_knowledge(
    state: State, runtime: Runtime[Context]
) -> Command[Literal["answer_exactly", "orchestrate", "classify"]]:
    """A question that the tables answer exactly needs no model; all others get their passages."""
    exact, found = await asyncio.to_thread(_look_up, current(), state)
    refs = [{"id": passage.row.id, "digest": passage.digest} for passage in found]
    asked: Literal["orchestrate", "classify"] = (
        "classify" if asking_node(state["architecture"]) == "specialist" else "orchestrate"
    )
    return Command(goto="answer_exactly" if exact else asked, update={"passages": refs})


def _look_up(services: Services, state: State) -> tuple[bool, list[Passage]]:
    knowledge: Knowledge = services.knowledge
    questions = [str(m.text) for m in state["messages"] if isinstance(m, HumanMessage)]
    if knowledge.exact(questions[-1], language=state["language"]) is not None:
        return True, []
    return False, _recalled(knowledge, _in_context(questions))


def _recalled(knowledge: Knowledge, question: str) -> list[Passage]:
    """A question before requests is looked up by itself too, and first.

    The words of the requests would otherwise drown it. One that comes later leans on what was said
    before it, and is looked up with that.
    """
    whole = knowledge.recall(question, limit=_PASSAGES)
    sentences = SentenceStream.split(question)
    asks = [one.rstrip().endswith("?") for one in sentences]
    if len(sentences) < 2 or not asks[0] or any(asks[1:]):
        return whole
    alone = knowledge.recall(sentences[0], limit=_OF_ONE)
    return list({p.row.id: p for p in [*alone, *whole]}.values())[:_PASSAGES]


def _in_context(questions: list[str]) -> str:
    """A short follow-up ("and for two years?") is looked up together with what it follows."""
    last, before = questions[-1], questions[-3:-1]
    words = last.casefold().split()
    if before and (len(words) <= _SHORT or (len(words) <= 2 * _SHORT and words[0] in _GOES_ON)):
        return "\n".join([*(one[:300] for one in before), last])
    return last
