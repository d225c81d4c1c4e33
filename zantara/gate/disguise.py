"""A text without its disguises: what cannot be seen is taken out, what stands for another sign is read.

`plain` is what is shown: nothing that steers a terminal, nothing that hides. `undisguised` is what a
reader might make of it, each sign with the place it came from; it is looked at and never shown.
"""

import html
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote

__all__ = ["View", "plain", "undisguised"]

_ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]{0,64}[ -/]{0,8}[@-~]?"
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c\n]{0,4096}(?:\x07|\x1b\\|\x9c)?"
    r"|\x1b[ -/]{0,8}[0-~]?"
)
_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_HIDDEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff\ud800-\udfff]"
)
# Joiners and variation selectors are part of other scripts and of emoji, and of nothing in ASCII.
_JOINERS = re.compile("(?<![\x80-\U0010ffff])[\u200c\u200d]+|[\u200c\u200d]+(?![\x80-\U0010ffff])")
_SELECTORS = re.compile("(?<![\x80-\U0010ffff0-9#*])[\ufe00-\ufe0f]+")
_ODD = re.compile("[&%\\\\<*_~`\x80-\U0010ffff]")

_OTHER = re.compile("[\x80-\U0010ffff]")
_ENTITY = re.compile(r"&(?:#[xX][0-9a-fA-F]{1,8}|#\d{1,8}|[A-Za-z][A-Za-z0-9]{1,31});?")
_PERCENT = re.compile(r"(?:%[0-9a-fA-F]{2}){1,400}")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_TAG = re.compile(r"</?[A-Za-z]{1,8}\s?/?>")  # the only tags that are left as they are
_MARKS = re.compile(r"[*_~`]+")
_JOINING = re.compile("[\u200c\u200d\ufe00-\ufe0f]")
_BLANK = re.compile(r"[\x00-\x20\x7f-\xa0\u200c\u200d\ufe00-\ufe0f]+")
_ROUNDS = 3
_SIGNS = {
    ".": "\u3002\uff0e\uff61\u06d4\u2024\u0701\u0702",
    "/": "\u2044\u2215\u29f8\u2571\u27cb\u3033",
    ":": "\u2236\ua789\u02d0\u02f8\u0589\u05c3\ufe13",
    "\\": "\u2216\u29f5\u29f9",
}
_LETTERS = {
    "аеорсухіјѕһԁԛԝпктмвӏ": "aeopcyxijshdqwnktmbl",  # Cyrillic
    "αορνικτυχ": "aopviktux",  # Greek
    "ıɡɑ": "iga",
}
_LOOKALIKES = {ord(one): sign for sign, ones in _SIGNS.items() for one in ones} | {
    ord(one): letter
    for ones, letters in _LETTERS.items()
    for one, letter in zip(ones, letters, strict=True)
}


@dataclass(frozen=True, slots=True)
class View:
    """A text as it may be read; sign i stands for source[begins[i]:ends[i]]."""

    text: str
    begins: list[int]
    ends: list[int]

    @classmethod
    def of(cls, text: str) -> "View":
        return cls(text, list(range(len(text))), list(range(1, len(text) + 1)))

    def source(self, begin: int, end: int) -> tuple[int, int]:
        """The place in the source of text[begin:end]."""
        return self.begins[begin], self.ends[end - 1]

    def read(self, pattern: re.Pattern[str], meaning: Callable[[re.Match[str]], str]) -> "View":
        """What fits `pattern` is read as `meaning`; each sign of that stands for all of what fits."""
        texts: list[str] = []
        begins: list[int] = []
        ends: list[int] = []
        at = 0
        for found in pattern.finditer(self.text):
            meant = meaning(found)
            if meant == found.group():
                continue
            texts += (self.text[at : found.start()], meant)
            begins += self.begins[at : found.start()]
            ends += self.ends[at : found.start()]
            first, last = self.source(found.start(), found.end())
            begins += [first] * len(meant)
            ends += [last] * len(meant)
            at = found.end()
        if not texts:
            return self
        return View(
            "".join([*texts, self.text[at:]]), begins + self.begins[at:], ends + self.ends[at:]
        )


def plain(text: str) -> str:
    """The text without escape sequences, control signs and signs that nobody sees."""
    text = _LINE_ENDS.sub("\n", _ESCAPES.sub("", text))
    return _JOINERS.sub("", _SELECTORS.sub("", _HIDDEN.sub("", text)))


def undisguised(text: str) -> list[View]:
    """What the text may be read as: codes and look-alikes read, then marks taken out as well.

    A mark that is taken out joins what stands around it, so both readings count. There are none where
    nothing stands for anything else.
    """
    if not _ODD.search(text):
        return []
    view = View.of(text)
    for _ in range(_ROUNDS):
        before = view.text
        view = view.read(_OTHER, _same)
        view = view.read(_ENTITY, lambda m: _visible(html.unescape(m.group())))
        view = view.read(_PERCENT, lambda m: _BLANK.sub(" ", unquote(m[0], errors="replace")))
        view = view.read(_ESCAPED, lambda m: m[1])
        if view.text == before:
            break
    joined = (
        view.read(_JOINING, lambda _m: "").read(_TAG, lambda _m: "").read(_MARKS, lambda _m: "")
    )
    views = [] if view.text == text else [view]
    return views if joined.text == view.text else [*views, joined]


def _visible(text: str) -> str:
    return _BLANK.sub("", plain(text))


def _same(found: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", found.group()).lower().translate(_LOOKALIKES)
