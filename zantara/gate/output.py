"""Answers that cannot carry anything out.

The model is assumed fooled. An address that it built can hold what it has read, and a page, a chat or
a terminal may fetch it on sight. So an address stands in an answer only where it is known as a whole
(see KnownAddresses), images and tags are shown as text, and links of others are no links.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from zantara.gate.addresses import addresses_in
from zantara.gate.disguise import plain, undisguised
from zantara.gate.known_addresses import NO_ADDRESSES, KnownAddresses

__all__ = ["REMOVED", "Guarded", "guarded", "guarded_with", "is_unfinished", "needs_guarding"]

REMOVED = "[address removed]"

_PASSES = 8
_LONGEST_TARGET = 4_000
_LONGEST_LABEL = 1_000
_BRACKETS = re.compile(r"[\[\]]")
_TAG = re.compile(r"<(?=[A-Za-z/!?@#])([^<>]{0,2000}+)(>?)")
_FORMAT = re.compile(
    r"/?(?:br|hr|b|i|u|s|p|em|strong|sub|sup|small|code|kbd|pre|ul|ol|li)\s?/?", re.IGNORECASE
)
_MAIL = re.compile(r"[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_WORDS = re.compile(r"\w[\w.,;:'’%+-]*+(?: [\w.,;:'’%+-]++)++")
_LINK_WORDS = re.compile(r"[^\\`<>\[\]&]{1,400}")
_BREAK = re.compile(r"[ \t\n]+")
_BLANK = re.compile(r"\s")
_BEGINS_TAG = re.compile(r"<[A-Za-z/!?]")
_DEFINED = re.compile(
    r"\]:[ \t]*+(?:\n[ \t]*+)?+(?!\n|[\w*][\w*.,;:’'%+/-]*+ [^\s\"'(])(\S{0,4000}+)"
)
_LABELLED = re.compile(r"^[ \t>*+\-\d.)]*+\[", re.MULTILINE)
_UNFINISHED = re.compile(r"\]:\s*\Z")


class Guarded(NamedTuple):
    """A text that may be shown, and the addresses that were taken out of it."""

    text: str
    removed: tuple[str, ...] = ()


class _Edit(NamedTuple):
    begin: int
    end: int
    text: str


def guarded_with(text: str, load: Callable[[], KnownAddresses]) -> Guarded:
    """`guarded`, where what is known is read only if it matters: most texts hold no address."""
    return guarded(text, load()) if needs_guarding(text) else Guarded(text)


@lru_cache(maxsize=64)
def needs_guarding(text: str) -> bool:
    """Whether anything in the text would change if no address were known; a turn asks three times."""
    return guarded(text, NO_ADDRESSES).text != text


def guarded(text: str, known: KnownAddresses) -> Guarded:
    """The text as it may be shown. One that holds nothing dangerous comes back as it is.

    What is taken out may leave something new behind, so it is looked at until nothing changes.
    """
    removed: list[str] = []
    for _ in range(_PASSES):
        before = text
        text = _plain_links(plain(text), known, removed)
        text = _TAG.sub(_inert_tag, text)
        text = _known_alone(text, known, removed)
        if text == before:
            return Guarded(text, tuple(dict.fromkeys(removed)))
    return Guarded(REMOVED, tuple(dict.fromkeys(removed)))


def is_unfinished(piece: str) -> bool:
    """Whether what comes next may make a link of the end of this piece: `[name]:` and its address."""
    return _UNFINISHED.search(piece) is not None


def _inert_tag(tag: re.Match[str]) -> str:
    """Marks without attributes and mail addresses stay; an address loses its brackets."""
    inner, closed = tag[1], tag[2]
    if closed and (_FORMAT.fullmatch(inner) or _MAIL.fullmatch(inner)):
        return tag.group()
    if closed and [one.begin for one in addresses_in(inner)] == [0] and not _BLANK.search(inner):
        return inner
    apart = " " if any(addresses_in(inner)) else ""
    return f"‹{inner}{apart}›" if closed else f"‹{inner}"


def _known_alone(text: str, known: KnownAddresses, removed: list[str]) -> str:
    """The text without the addresses that are not known, disguised ones too."""
    kept: list[tuple[int, int]] = []
    edits: list[_Edit] = []
    for one in addresses_in(text):
        if known.holds(one.text):
            kept.append((one.begin, one.end))
        else:
            edits.append(_Edit(one.begin, one.end, REMOVED))
    edits += _disguised(text, kept)
    removed += [text[one.begin : one.end] for one in edits if one.text == REMOVED]
    return _edited(text, edits)


def _disguised(text: str, kept: list[tuple[int, int]]) -> Iterator[_Edit]:
    """Addresses and tags that show when the text is read as a page or a browser may read it."""
    for view in undisguised(text):
        for one in addresses_in(view.text):
            begin, end = view.source(one.begin, one.end)
            at = bisect_right(kept, (begin, len(text))) - 1
            if at < 0 or end > kept[at][1]:
                yield _Edit(begin, end, REMOVED)
        for tag in _BEGINS_TAG.finditer(view.text):
            begin, end = view.source(tag.start(), tag.start() + 1)
            if text[begin:end] != "<":
                yield _Edit(begin, end, "‹")


def _edited(text: str, edits: Iterable[_Edit]) -> str:
    """The text with each edit done; of two that overlap the first takes both places."""
    parts: list[str] = []
    at = 0
    for one in sorted(edits):
        if one.begin >= at:
            parts += (text[at : one.begin], one.text)
        at = max(at, one.end)
    return "".join([*parts, text[at:]])


class _Target(NamedTuple):
    """Where a link leads, and where its target ends in the text; titled: more stands in it."""

    address: str
    end: int
    titled: bool = False


def _plain_links(text: str, known: KnownAddresses, removed: list[str]) -> str:
    """Links and images as their words with the address behind them, and nothing to click.

    A link to an address of our own stays. `](` that leads nowhere is parted, so that what comes
    later makes no link of it.
    """
    text, names = _without_definitions(text)
    if "](" not in text and not names:
        return text
    parts: list[str] = []
    opened: list[int] = []
    at = 0
    for bracket in _BRACKETS.finditer(text):
        if bracket.start() < at:
            continue
        parts.append(text[at : bracket.start()])
        at = bracket.end()
        if bracket.group() == "[":
            opened.append(len(parts))
            parts.append("[")
            continue
        if not opened:
            parts.append("] " if text[at : at + 1] == "(" else "]")
            continue
        begin = opened.pop()
        target = _target(text, at, names)
        if target is None or (not opened and _may_stay(target, parts, begin, known)):
            parts.append("]")
        elif not target.address:
            parts.append("] ")
        else:
            at = target.end
            parts.append(_told(target, parts, begin, known, removed))
    return "".join([*parts, text[at:]])


def _target(text: str, at: int, names: dict[str, str]) -> _Target | None:
    """What the bracket that closes before `at` leads to. None: to nothing, in no reader."""
    if text[at : at + 1] == "[" and names:
        end = text.find("]", at, at + _LONGEST_LABEL)
        address = names.get(_label(text[at + 1 : end])) if end > 0 else None
        return None if address is None else _Target(address, end + 1, titled=True)
    if text[at : at + 1] != "(":
        return None
    end = text.find(")", at, at + _LONGEST_TARGET)
    if end < 0:
        return _Target("", at)
    inside = text[at + 1 : end].strip(" \t\n")
    if _WORDS.fullmatch(inside):
        return None
    if inside.startswith("<"):
        address, _, rest = inside[1:].partition(">")
    else:
        address, *more = _BREAK.split(inside, 1)
        rest = more[0] if more else ""
    return _Target(address, end + 1, titled=bool(rest.strip()))


def _may_stay(target: _Target, parts: list[str], begin: int, known: KnownAddresses) -> bool:
    """A plain link with plain words to an address of our own, which is no image."""
    if not target.address or target.titled or not known.owns(target.address):
        return False
    before, *words = parts[begin - 1], *parts[begin + 1 :]
    return not before.endswith(("!", "\\")) and _LINK_WORDS.fullmatch("".join(words)) is not None


def _told(
    target: _Target, parts: list[str], begin: int, known: KnownAddresses, removed: list[str]
) -> str:
    """The link in words: its own stay where they are, its brackets go."""
    parts[begin] = ""
    parts[begin - 1] = parts[begin - 1].removesuffix("!")
    blank = " " if parts[-1].strip() or len(parts) - begin > 2 else ""
    if known.holds(target.address):
        return f"{blank}({target.address})"
    removed.append(target.address)
    return f"{blank}{REMOVED}"


def _without_definitions(text: str) -> tuple[str, dict[str, str]]:
    """`[name]: address` without its colon, which defines nothing; and what the names stood for."""
    if "]:" not in text:
        return text, {}
    names: dict[str, str] = {}
    edits: list[_Edit] = []
    for found in _DEFINED.finditer(text):
        first = max(0, found.start() - _LONGEST_LABEL)
        # With no bracket before it, the label may have begun in a piece that was shown already.
        opened = "[" in text[first : found.start()]
        if opened and not _LABELLED.search(text, first, found.start()):
            continue
        begin = text.rfind("[", first, found.start())
        names.setdefault(_label(text[begin + 1 : found.start()]), found[1].strip("<>"))
        edits.append(_Edit(found.start() + 1, found.start() + 2, ""))
    return _edited(text, edits), names


def _label(text: str) -> str:
    return " ".join(text.split()).casefold()
