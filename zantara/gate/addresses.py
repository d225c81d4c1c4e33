"""What counts as an address in a text: whatever some reader of it would make a link of, or fetch.

That is a scheme with its slashes, //host, www., a bare host name under a real top level domain, and
the schemes that need no slashes. Not an e-mail address, a file name, an abbreviation or a figure.
Every pattern reads a text once: its author may be an attacker.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

__all__ = ["Address", "addresses_in", "canonical", "rejoined"]

_MARKS = ".:/\\"
_BREAK = re.compile(r"[ \t\n]")
# Letters of all scripts and emoji can be in a host name; punctuation and blanks of none can.
_LABEL = (
    r"[^\x00-\x2c./:-@\[-`{-\xa1\xab\xb7\xbb\xbf"
    r"\u2000-\u206f\u3000-\u3003\u3008-\u3020\uff0e\uff61]"
)
_HOST = re.compile(rf"{_LABEL}+(?:\.{_LABEL}+)*")
_SIGN = re.compile(rf"{_LABEL}|\.")
_IN_HOST = frozenset("$+=~`")
_TAIL = re.compile(r"\.?(?:[/\\]|:\d|%[0-9A-Fa-f]{2}|[?#&](?=[^.,;:!?)\]}>'\"»”’*_~`|…]))")
_SLASHES = re.compile(r":[/\\]{2}")
_OPAQUE = re.compile(
    r"(?<!\w)(?:(?:https?|ftp|mailto|javascript|vbscript|callto|view-source):(?=[^\s])"
    r"|(?:xmpp|sips?):(?=[^\s@]{1,200}@)|file:(?=[/\\])|intent:(?=[#/])|magnet:(?=\?)"
    r"|(?:tel|sms):(?=[+(\d])"
    r"|data:(?=(?:[a-z]{1,20}/[\w.+-]{1,80})?(?:;[\w=.+-]{1,60}){0,4},))",
    re.IGNORECASE,
)
_RELATIVE = re.compile(
    r"(?<![:/\\])[/\\]{2}(?=\[|\d+(?:[/?#:]|$)|0[xX]|[^\s/\\?#]+(?:[/\\?#]\S|:\d)"
    r"|[^\s/\\?#.]+\.[^\s/\\?#])"
)
_WWW = re.compile(r"(?<![\w.])www\d?\.(?=[^\s.])", re.IGNORECASE)
_BRACKETED = re.compile(r"\s*[\[({<]\s*(?:\.|dot|punto|titik)\s*[\])}>]\s*", re.IGNORECASE)
_SPELLED_SLASH = re.compile(r"\s+(?:slash|garis miring|barra)\s+", re.IGNORECASE)
_SPELLED_DOT = re.compile(r"(?<=\w)\s+(?:dot|punto|titik)\s+(?=\w+(?:\W|$))", re.IGNORECASE)
_APART = re.compile(r"(?<=\w)(?:\s+\.\s*|\.\s+)(?=\w+/\S)")
_IN_SCHEME = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+.-")
_BEHIND = frozenset(".,;:!?)]}>'\"»”’*_~`|…")
_MOST_BEHIND = 4  # what may stand behind an address; more would be a message of its own
_PARTS = re.compile(r"(?:(?:([A-Za-z][\w+.-]*):)?(//))?([^/?#\\]*)(.*)", re.DOTALL)
_PLAIN_HOST = re.compile(r"[^\s:@]+(?::\d+)?")

# Names that resolve on some machines and in no public zone.
_RESERVED = frozenset(
    ("example", "test", "invalid", "localhost", "local", "internal", "lan", "intranet", "onion")
)
_FILE_ENDINGS = frozenset(("md", "zip", "mov", "py", "sh", "ps", "pl", "rs", "cab", "pub"))
_VERSIONED = re.compile(r"(?:[\w-]*[-_])?v?\d{1,3}")
_SHORT_FORMS = frozenset(
    [
        "pt",
        "cv",
        "ud",
        "no",
        "nr",
        "rp",
        "jl",
        "dr",
        "drs",
        "ir",
        "hj",
        "jo",
        "kh",
        "art",
        "pasal",
        "sdr",
        "bpk",
        "tgl",
        "tel",
        "telp",
        "hp",
        "wa",
        "fax",
        "dott",
        "sig",
        "avv",
        "ing",
        "geom",
        "rag",
        "prof",
        "mr",
        "mrs",
        "ms",
        "vs",
        "pag",
        "cap",
    ]
)


class Address(NamedTuple):
    """An address and where it stands: text[begin:end]."""

    begin: int
    end: int
    text: str


def addresses_in(text: str) -> Iterator[Address]:
    """Every address, from its first sign to the next blank, less the punctuation behind it.

    What is glued to an address belongs to it: readers differ in where they end one.
    """
    for word, offset in _words(text):
        for begin, end in _in_word(word):
            yield Address(offset + begin, offset + end, word[begin:end])


def _words(text: str) -> Iterator[tuple[str, int]]:
    offset = 0
    for word in _BREAK.split(text):
        if any(mark in word for mark in _MARKS):
            yield word, offset
        offset += len(word) + 1


def _in_word(word: str) -> Iterator[tuple[int, int]]:
    """A bare name ends where its letters end; any other address at the end of the word."""
    begin, before = _certain(word), 0
    for run in _HOST.finditer(word):
        if run.start() >= begin:
            break
        if "." not in run.group() and run.group() != "localhost":
            continue
        tail = _TAIL.match(word, run.end()) is not None
        if not _is_address(word, run, tail=tail):
            continue
        first = _joined(word, run.start(), before)
        if tail:
            begin = first
            break
        yield first, run.end()
        before = run.end()
    if begin < len(word):
        yield begin, _end(word, begin)


def _joined(word: str, begin: int, least: int) -> int:
    """Where the name begins, when signs that browsers take in a host join words to it."""
    while begin - 2 >= least and word[begin - 1] in _IN_HOST and word[begin - 2] not in _IN_HOST:
        before = begin - 1
        while before > least and _SIGN.match(word, before - 1):
            before -= 1
        if before == begin - 1:
            break
        begin = before
    return begin


def _certain(word: str) -> int:
    """Where the first address begins that needs no known host; the end if there is none."""
    begin = len(word)
    if slashes := _SLASHES.search(word):
        begin = slashes.start()
        while begin and word[begin - 1] in _IN_SCHEME:
            begin -= 1
        while begin < slashes.start() and not word[begin].isalpha():
            begin += 1
    found = (pattern.search(word) for pattern in (_OPAQUE, _RELATIVE, _WWW))
    return min([begin, *(one.start() for one in found if one)])


def _end(word: str, begin: int) -> int:
    end = len(word)
    while end > begin + 1 and word[end - 1] in _BEHIND and len(word) - end < _MOST_BEHIND:
        end -= 1
    return end


def _is_address(word: str, run: re.Match[str], *, tail: bool) -> bool:
    """Whether a run of labels is a host: its last label decides, and what stands around it."""
    if word[run.end() : run.end() + 1] == "@" and _is_mail_host(word, run.end() + 1):
        return False
    if word[run.start() - 1 : run.start()] == "@" and not tail:
        return False
    labels = run.group().split(".")
    if labels[-1].isdecimal():
        return tail and _is_ip(labels)
    if not _is_top_level(labels[-1]):
        return False
    return tail or not _is_wording(run.group(), labels)


def _is_mail_host(word: str, begin: int) -> bool:
    """Whether a mail address goes on here. Where none does, readers link the name before the @."""
    host = _HOST.match(word, begin)
    if host is None or not host[0][0].isalnum():
        return False
    return "." in host[0] and _is_top_level(host[0].rpartition(".")[2])


def _is_ip(labels: list[str]) -> bool:
    """1.250.000.000 is an amount: a number of an address has no zero before it."""
    return len(labels) == 4 and all(
        one.isdecimal() and len(one) <= 3 and int(one) < 256 and one == str(int(one))
        for one in labels
    )


@cache
def _top_level() -> frozenset[str]:
    from linkify_it.tlds import TLDS

    return frozenset(name.lower() for name in TLDS) | _RESERVED


def _is_top_level(label: str) -> bool:
    name = label.lower()
    if not name.isascii():
        name = f"xn--{name.encode('punycode').decode('ascii')}" if len(name) < 64 else ""
    return name.startswith("xn--") or name in _top_level()


def _is_wording(name: str, labels: list[str]) -> bool:
    """A sentence without its blank, an abbreviation, a title, a file: `2.300.000.It`, `M.Kn`, `a.md`.

    None of these can carry anything: what is before the last dot is no name that somebody can own, or
    the whole is one name and its ending.
    """
    first, last, below = labels[0], labels[-1], labels[-2]
    if last[:1].isupper() and last[1:].islower():
        return len(labels) == 2 or len(below) <= 2 or (below.isdecimal() and len(below) <= 3)
    if last.lower() in _FILE_ENDINGS:
        inner = labels[1:-1]
        return not inner or (
            _VERSIONED.fullmatch(first) is not None
            and all(one.isdecimal() and len(one) <= 2 for one in inner)
        )
    if name.isupper() and all(len(one) <= 3 for one in labels) and len(name) <= 8:
        return True
    short = len(first) == 1 or first.lower() in _SHORT_FORMS
    return len(labels) == 2 and (short or (first.isdecimal() and len(first) <= 2))


def rejoined(text: str) -> str:
    """With addresses put right that are written for people to put right: "a[.]com", "a dot com"."""
    text = _SPELLED_SLASH.sub("/", _BRACKETED.sub(".", text))
    return _SPELLED_DOT.sub(".", _APART.sub(".", text))


def canonical(address: str) -> str:
    """The form in which addresses are compared, whole: scheme and host in lower case, the rest exact.

    A bare name stands for https, and an empty path for `/`: readers open the same page.
    """
    scheme, slashes, authority, rest = _PARTS.fullmatch(address).groups()  # type: ignore[union-attr]  # it fits any text
    if not slashes and not _PLAIN_HOST.fullmatch(authority):
        return address
    user, at, host = authority.rpartition("@")
    begin = f"{scheme.lower()}://" if scheme else slashes or ""
    path = "" if rest == "/" else rest
    return f"{begin.removeprefix('https://')}{user}{at}{host.lower()}{path}"
