"""What the demo expects of a turn, and the mailbox that it looks into."""

import asyncio
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zantara.google.mime import body_text
from zantara.services import Services
from zantara.turn import Turn

__all__ = ["Mail", "Mailbox", "Outcome", "check_turn"]

_SENTENCE_END = re.compile(r"[.!?…](?=\s|$)")


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as it lies in the mailbox."""

    id: str
    to: str
    subject: str
    body: str

    def as_text(self) -> str:
        return f"To: {self.to}\nSubject: {self.subject}\n\n{self.body}".rstrip()


class Mailbox:
    """The account's sent mail, read through Google's own client and not through ZANTARA."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def sent(self) -> list[Mail]:
        google = await asyncio.to_thread(lambda: self._services.google)
        found = await google.run(
            lambda: self._messages().list(userId="me", q="in:sent", maxResults=100)
        )
        return [await self._read(ref["id"]) for ref in found.get("messages", ())]

    async def _read(self, message_id: str) -> Mail:
        mail = await self._services.google.run(
            lambda: self._messages().get(userId="me", id=message_id, format="full")
        )
        headers = {h["name"].lower(): h["value"] for h in mail["payload"]["headers"]}
        return Mail(
            mail["id"],
            headers.get("to", ""),
            headers.get("subject", ""),
            body_text(mail["payload"]),
        )

    def _messages(self) -> Any:
        return self._services.google.api("gmail", "v1").users().messages()


@dataclass(frozen=True, slots=True)
class Outcome:
    """A request's first turn, its last one after approval, and the sent mail around them."""

    first: Turn
    last: Turn
    before: Sequence[Mail]
    untouched: Sequence[Mail]
    after: Sequence[Mail]

    @property
    def new_mails(self) -> list[Mail]:
        known = {mail.id for mail in self.before}
        return [mail for mail in self.after if mail.id not in known]


Checked = Iterator[tuple[bool, str]]


def check_turn(spec: Mapping[str, Any], outcome: Outcome) -> Checked:
    """(held, what was expected) of each expectation of a request."""
    expected, turn = spec["expect"], outcome.last
    yield turn.language == spec["language"], f"answered in {spec['language']}"
    yield bool(turn.answer) and not turn.pending, "answered, nothing waits"
    yield from _check_sources(expected, turn)
    for text in expected.get("says", ()):
        yield text.casefold() in turn.answer.casefold(), f"the answer says {text!r}"
    if "sentences" in expected:
        count = len(_SENTENCE_END.findall(turn.answer)) or 1
        yield count <= expected["sentences"], f"{expected['sentences']} sentence"
    done = [call["tool"] for call in turn.calls if call["status"] == "done"]
    for tool in expected.get("reads", ()):
        yield tool in done, f"{tool} was looked up"
    if "calls" in expected:
        yield len(turn.calls) == expected["calls"], f"{expected['calls']} calls"
    if "mail" in expected:
        yield from _check_mail(expected["mail"], outcome)
    else:
        yield not outcome.new_mails, "no mail was sent"


def _check_sources(expected: Mapping[str, Any], turn: Turn) -> Checked:
    least = expected.get("sources")
    if least == 0:
        yield not turn.citations, "no source is named"
    elif least:
        named = [one for one in turn.citations if one["source"]]
        yield len(named) >= least, f"at least {least} source{'s' * (least > 1)} named"


def _check_mail(wanted: Mapping[str, Any], outcome: Outcome) -> Checked:
    waiting = [one.tool for one in outcome.first.pending]
    yield waiting == ["gmail_send"], "one mail waited for approval"
    yield outcome.untouched == outcome.before, "the mailbox was untouched before approval"
    mails = outcome.new_mails
    yield len(mails) == 1, "exactly one mail was sent after approval"
    for mail in mails[:1]:
        yield wanted["to"] in mail.to, f"it went to {wanted['to']}"
        for text in wanted["holds"]:
            yield text in mail.body, f"it says {text!r}, as the calendar does"
