"""Texts from a clause: what it is about, and what a message is to say."""

from typing import Protocol

from zantara.language._clause import Clause

__all__ = ["body", "topic"]


class Wanted(Protocol):
    """What the text is for: `calendar` and `create`, say."""

    @property
    def domain(self) -> str: ...

    @property
    def action(self) -> str: ...


_HOLDERS = {
    "calendar": ("o.calendar",),
    "gmail": ("o.mail", "o.inbox", "o.draft"),
    "memory": ("recall",),
    "drive": ("o.drive", "where"),
    "docs": ("o.doc",),
    "sheets": ("o.sheet", "o.row", "o.cell"),
    "slides": ("o.slides",),
    "contacts": ("o.contact", "o.number", "o.mail"),
    "maps": ("nearest", "o.route", "o.attribute"),
}
_ASKED = ("small", "article", "ask", "wrote", "latest", "from", "first", "unread", "attached")


def body(clause: Clause, tool: Wanted) -> str:
    """What a message says: the words to say, a quotation, its subject, or the thing sent."""
    if clause.said or (clause.quoted and tool.domain not in ("docs", "slides")):
        return clause.said or clause.quoted
    return clause.about or clause.rest or _thing(clause)


def _thing(clause: Clause) -> str:
    """What is sent, where nothing is said: "a thank-you note"."""
    if not clause.of("address", "phone", "channel") or "pronoun" in clause.features:
        return ""
    kept = clause.bare(drop=("o.mail", "o.whatsapp", "o.slack", "says"))
    return clause.joined(kept) if any(not t.has("o.note", "small") for t in kept) else ""


def topic(clause: Clause, tool: Wanted) -> str:
    """What the clause is about: quoted words, else what verb, times and small words leave."""
    if clause.quoted:
        return clause.quoted
    drop = _HOLDERS.get(tool.domain, ())
    if tool.action in ("search", "read", "reply", "list", "get"):
        drop += (*_ASKED, "where", "says")
    whole = clause.bare(drop=drop)
    if tool.action == "create" and tool.domain == "calendar":
        guests = next((i for i, t in enumerate(clause.tokens) if t.has("invite") and i > 1), 0)
        if guests:  # "... and invite her at ..." is no part of its title
            return clause.joined(clause.bare(without=(guests, len(clause.tokens)), drop=drop))
        placeless = clause.bare(without=clause.place, drop=drop)
        whole = placeless if len(placeless) > 1 else whole
    return clause.joined(whole)
