"""The prompt: what never changes first, so that providers' prefix caches hit, then the turn."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

from langchain_core.messages import (
    AIMessage,
    AnyMessage,
    BaseMessage,
    HumanMessage,
    SystemMessage,
    ToolMessage,
)

from zantara.identity import User
from zantara.knowledge import Row

__all__ = ["as_data", "build_prompt", "standing_text", "turn_block"]

_BLOCK = re.compile(
    r"<(?=\s*/?\s*(?:knowledge|turn|correction|limit|memory|material)\b)", re.IGNORECASE
)
_PROMPTS = Path(__file__).with_name("prompts")


@cache
def standing_text(*names: str) -> str:
    """Standing instructions: files of nodes/prompts behind one another, what most share first."""
    return "".join((_PROMPTS / f"{name}.md").read_text("utf-8") for name in names)


def turn_block(
    *,
    now: str,
    timezone: str,
    language: str,
    user: User,
    passages: Sequence[Row],
    facts: Sequence[str] = (),
) -> str:
    """What the model is told beside the user's words; see nodes/prompts for how it is to be read."""
    lines = [
        "<turn>",
        f"now: {now}",
        f"timezone: {timezone}",
        f"language: {language}",
        as_data(f"user: {user.display_name or 'unknown'} <{user.email}> ({user.role})"),
    ]
    if facts:
        lines += ["<memory>", *(as_data(f"- {fact}") for fact in facts), "</memory>"]
    if passages:
        lines += ["<knowledge>", *_numbered(passages), "</knowledge>"]
    return "\n".join([*lines, "</turn>", ""])


def _numbered(passages: Sequence[Row]) -> Iterator[str]:
    for number, row in enumerate(passages, 1):
        yield as_data(
            f"[{number}] id: {row.id} | domain: {row.domain} | title: {row.title}"
            f" | source: {row.source} | date: {row.effective_date}\n{row.text}"
        )


def as_data(text: str) -> str:
    """A passage is data: it cannot open or close a block. A mark is changed, not cut out: cutting
    could join what stands around it to a new one.
    """
    return _BLOCK.sub("\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}", text)


def build_prompt(
    *,
    standing: str,
    core: Iterable[Row],
    window: Sequence[AnyMessage],
    turn: str,
    block: str,
    correction: str = "",
) -> list[BaseMessage]:
    """Standing text and fixed pack, the window, the turn's block before the message it belongs to.

    `turn` is the id of the message that opened the turn.
    """
    facts = "\n".join(f"- {row.title}: {row.text} ({row.source})" for row in core)
    fixed = f"{standing}\n# Facts always at hand\n{facts}\n" if facts else standing
    prompt: list[BaseMessage] = [SystemMessage(fixed)]
    for message in _answered(window):
        if message.id == turn:
            prompt.append(HumanMessage(f"{block}\n{message.text}", id=message.id))
        else:
            prompt.append(message)
    if correction:
        prompt.append(HumanMessage(f"<correction>\n{correction}"))
    return prompt


def _answered(window: Sequence[AnyMessage]) -> Iterator[BaseMessage]:
    """Providers refuse a call with no result: one that was cut off is told as not run."""
    results = {m.tool_call_id for m in window if isinstance(m, ToolMessage)}
    for message in window:
        yield message
        if isinstance(message, AIMessage):
            for call in message.tool_calls:
                if call["id"] not in results:
                    yield ToolMessage(
                        '{"error": "not run: the turn was cut off"}',
                        tool_call_id=str(call["id"]),
                        name=call["name"],
                        status="error",
                    )
