"""What the user said themselves, apart from what they pasted, and what they ask now."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from unicodedata import category

from langchain_core.messages import BaseMessage

from zantara.gate.lexicon import pattern
from zantara.language import TimeSpan, fold, normalise, read_numbers, read_times

__all__ = [
    "ADDRESS",
    "PHONE",
    "URL",
    "Spoken",
    "goes_on",
    "said_at",
    "spoken_in",
    "spoken_text",
]

ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
URL = re.compile(
    r"\b[a-z][a-z0-9+.-]{1,20}://[^\s<>\"'`)\]}]+|\bwww\.[^\s<>\"'`)\]}]+", re.IGNORECASE
)
PHONE = re.compile(r"(?<!\w)\+?\d[\d ()-]{7,}\d(?!\w)")
_QUOTED = re.compile(r"[\"'“‘«]([^\"'”’»]{1,200})[\"'”’»]")
_WORD = re.compile(r"[\w@.+#:/'-]*\w|\x00")
_POSSESSIVE = re.compile(r"['’]s(?!\w)")
_NUMBER = re.compile(r"[\d.,]+\s*\D{0,8}")
_LONGEST_TEXT = 20_000
_PHRASE = 2  # blanks: three words or more are a phrase of their own, dates in them included
_LONG = 8  # words: a quotation of as many is a text, not a title
_TITLE = 3  # words with an address among them are no title either
_FORWARDED = re.compile(
    r"^[ \t]*(?:-{2,}\s*(?:original|forwarded) message|begin forwarded message"
    r"|-{2,}\s*messaggio (?:originale|inoltrato)|-{2,}\s*pesan (?:asli|terusan|yang diteruskan)"
    r"|(?:on|il|pada)\b[^\n]{5,160}\b(?:wrote|scritto|menulis)\s*:\s*$"
    r"|(?:from|da|dari)[ \t]*:[^\n]+\n[ \t]*(?:sent|date|to|subject|cc|inviato|data|a|oggetto"
    r"|dikirim|tanggal|kepada|perihal|subjek)[ \t]*:).*\Z",
    re.IGNORECASE | re.MULTILINE | re.DOTALL,
)
_FENCE = re.compile(r"(```|~~~).*?(?:\1|\Z)", re.DOTALL)
_CHAT = re.compile(r"^[ \t]*\[?\d{1,2}[/.:-]\d{1,2}[^\n]{0,20}\][^\n]*$", re.MULTILINE)
_HEADS = re.compile(
    r"^[ \t]*\**(?:from|da|dari|subject|oggetto|perihal|subjek)\**[ \t]*:.*\Z",
    re.IGNORECASE | re.MULTILINE | re.DOTALL,
)
_ENDS = re.compile(r"\s*[.;!?\"'”’»\n]")
_SENTENCE_BEGIN = re.compile(r"[.!?\n]\s*\Z")
_LONG_QUOTE = re.compile(r"[«“‘][^»”’]*[»”’]|\"[^\"]*\"|(?<!\w)'[^'\n]*'(?!\w)")
_DICTATES = re.compile(
    r"(?:[\"'“‘«]|\b(?:say|says|saying|that|text|body|content|message|reads?|titled?|named?|called|subject"
    r"|description|with"
    r"|bilang|bahwa|isi|isinya|pesan|teks|judul|berjudul|di(?:ce|re)|dicendo|testo|messaggio|oggetto"
    r"|titolo|intitolat[oa]|chiamal[oa]|remember|note|ingat(?: ya)?|catat(?: ya)?"
    r"|ricordati|segna|che)|:)[\s:,]*\Z",
    re.IGNORECASE,
)
# Something is laid before the assistant: what follows is somebody else's text, if it is long.
_SHOWN = re.compile(
    r"(?:\b(?:translate|proofread|summari[sz]e this|scam|phishing|fraud|polite"
    r"|what would you (?:answer|reply)|what do you (?:think|make) of|here is what|this is what"
    r"|these are the|raw notes|check the dates|spelling|grammar|(?:example|sample) sentences?"
    r"|how (?:do|would) (?:you|i|we) say|(?:format|rephrase) (?:this|these|the following)"
    r"|\w+['’]s (?:\S+ )?(?:list|wishes|demands|orders|instructions)"
    r"|voice (?:note|message)|transcri\w*|i (?:got|received) (?:a|this|the) (?:letter|message|text|sms)"
    r"|come si dice|ortografia|grammatica|fras[ei] (?:di|come|d['’]) ?esempi\w*|formatta\w*"
    r"|(?:lista|elenco|richieste|ordini|istruzioni) di (?-i:[A-Z])\w+"
    r"|traduc\w*|truffa|che ne pensi|cosa ne pensi|vocale|trascriv\w*|ho ricevuto|ecco (?:cosa|quello)"
    r"|ejaan|tata bahasa|contoh kalimat|bahasa \w+nya apa|rapikan (?:tabel|teks|kalimat) ini"
    r"|(?:daftar|permintaan|perintah) (?:dari )?(?-i:[A-Z])\w+"
    r"|terjemah\w*|penipuan|dapat (?:sms|pesan|surat|email)|ini isi|ini chat|isi pdf|catatan mentah)\b"
    r"[^:(?\n]*[:(?\n])",
    re.IGNORECASE,
)
_NEAR = 12  # signs: "at", "on the", between a correction and what it puts in place
_CALLED = r"(?:[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\+\d[\d -]{7,}\d|[A-Z][\w'’]*|#\w+)"
_PERSON = re.compile(rf"(?<![\w@.])#?{_CALLED}(?:[ \t]+{_CALLED})*\Z")
_NEXT_PERSON = re.compile(rf"[\s,:;.]*(?:[a-z']{{1,8}}[ \t]+){{0,2}}{_CALLED}")
# Somebody by name says what is quoted.
_TOLD_BY = re.compile(
    r"(?-i:[A-Z]\w+)\s+(?:writes?|wrote|says|said|told \w+|claims?|menulis|nulis|bilang|mengatakan"
    r"|scrive|ha scritto|dice|ha detto|sostiene)(?: that| bahwa| kalau| che)?[\s:,]*\Z",
    re.IGNORECASE,
)
_QUOTED_LINES = re.compile(r"^[ \t]*(?:>|\|).*$", re.MULTILINE)
_GOES_ON = re.compile(
    r"\A\W*(?:reply|answer|respond|balas|jawab|rispond)"
    r"|\b(?:it|that|this|them|those|these|him|her|itu|ini|mereka|dia|tersebut|tadi|quell[oaie]"
    r"|lui|lei|quest[oaie]|stess[oaie]|\w{2,}(?:[aeir]l[oaie]|gliel[oaie])|\w{3,}nya)\b"
)


@dataclass(frozen=True, slots=True)
class Spoken:
    """One message of the user. pasted: lines quoted or forwarded in it, which are somebody else's.

    values: whole values in their own words, normalised. run, untimed: those words as one run, with and
    without dates and times. clocks: hours that they name, HH:MM.
    """

    own: str
    pasted: str
    values: frozenset[str]
    run: str
    untimed: str
    clocks: frozenset[str] = frozenset()

    def holds(self, value: str) -> bool:
        """Whether `value` is a run of whole words in these, outside of dates and times.

        "13" is not in "June 13": there it is part of a date, which is a value of its own.
        """
        wanted = _run(value)
        alone = "@" in value and " " not in value.strip()
        if not wanted or alone or any(category(c) == "Cf" for c in value):
            return False  # an address is a value of its own; unseen characters make another one
        if wanted.count(" ") >= _PHRASE:
            return f" {wanted} " in self.run
        if _NUMBER.fullmatch(value.strip()):
            return False  # a number is a value of its own: "20" is not in "20 juta"
        return f" {wanted} " in self.untimed

    def dictates(self, text: str, *, asks: bool = True) -> bool:
        """Whether they give this text to be written: after a colon, a quotation mark or "that", to the
        end of a sentence. A piece of a sentence, without its "not" or its "if", is not what they said;
        and what they asked they did not say, unless it `asks` too.
        """
        wanted = r"\W+".join(map(re.escape, text.split()))
        for found in re.finditer(rf"(?<!\w){wanted}(?!\w)", self.own, re.IGNORECASE):
            before, after = self.own[: found.start()], self.own[found.end() :]
            ends = not after.strip() or _ENDS.match(after)
            if not asks and after.lstrip().startswith("?"):
                continue
            if ends and (_DICTATES.search(before) or _goes_on_dictating(before)):
                return True
        return False


def _goes_on_dictating(before: str) -> bool:
    """A new sentence of a text that has begun behind a colon."""
    return bool(_SENTENCE_BEGIN.search(before)) and ":" in before


def said_at(message: BaseMessage) -> datetime | None:
    """When the message came in; choose_architecture stamps it, so that "tomorrow" can be traced."""
    stamp = message.additional_kwargs.get("at")
    return datetime.fromisoformat(stamp) if isinstance(stamp, str) else None


def spoken_in(message: BaseMessage) -> Spoken:
    """The message read once; reading it again costs nothing."""
    stamp = message.additional_kwargs.get("at")
    return _spoken(message.text[:_LONGEST_TEXT], stamp if isinstance(stamp, str) else "")


@lru_cache(maxsize=512)
def _spoken(text: str, stamp: str) -> Spoken:
    own, pasted = _parted(text)
    spans = _times(own, stamp)
    if (corrected := _corrected(own, spans)) != own:
        own, spans = corrected, _times(corrected, stamp)
    rest = _without(own, spans)
    moments = [m for span in spans for m in (span.start, span.end) if m is not None]
    clocks = frozenset(f"{moment:%H:%M}" for moment in moments)
    values = _values(own, rest, spans)
    return Spoken(own, pasted, values, f" {_run(own)} ", f" {_run(rest)} ", clocks)


def spoken_text(text: str, stamp: str = "") -> Spoken:
    """A part of what the user said; without its times, unless it is told when that was."""
    return _spoken(text, stamp)


def goes_on(text: str) -> bool:
    """Whether it speaks of what was named before ("it", "that")."""
    return bool(_GOES_ON.search(fold(text)))


def _parted(text: str) -> tuple[str, str]:
    """The user's own words, and what they quote, forward or lay before the assistant to look at.

    A quotation that they dictate ("say that '...'") is theirs.
    """
    pasted: list[str] = []
    own = text
    for mark in (_FENCE, _FORWARDED, _CHAT, _HEADS, _QUOTED_LINES):
        pasted += (m.group() for m in mark.finditer(own))
        own = mark.sub(" ", own)
    for found in _LONG_QUOTE.finditer(own):
        quote = found.group()
        long = len(quote.split()) >= (_TITLE if ADDRESS.search(quote) else _LONG)
        told = _TOLD_BY.search(own[: found.start()])
        if told or (long and not _DICTATES.search(own[: found.start()])):
            pasted.append(quote)
    for quote in pasted:
        own = own.replace(quote, " ")
    if (shown := _SHOWN.search(own)) and len(own[shown.end() :].split()) >= _LONG:
        pasted.append(own[shown.end() :])
        own = own[: shown.end()]
    return own, "\n".join(pasted)


def _times(text: str, stamp: str) -> Sequence[TimeSpan]:
    return read_times(text, now=datetime.fromisoformat(stamp)) if stamp else []


def _corrected(own: str, spans: Sequence[TimeSpan]) -> str:
    """Without what the user took back for another of its kind: "to Tom, no, sorry, to Maria"."""
    for found in reversed(list(pattern("corrected").finditer(own))):
        before = own[: found.start()]
        end = len(before.rstrip(" \t,;.\u2026\u2013\u2014-"))
        if before[end:].strip() and (begin := _taken_back(own, end, found.end(), spans)) < end:
            own = own[:begin] + own[found.end() :].lstrip(" ,:;.")
    return own


def _taken_back(own: str, end: int, after: int, spans: Sequence[TimeSpan]) -> int:
    """Where the value begins that ends there, if one of its kind follows; else `end`."""
    begin = end
    for span in sorted(spans, key=lambda one: one.begin, reverse=True):
        if span.stop <= begin and not own[span.stop : begin].strip() and span.stop <= end:
            begin = span.begin
    if begin < end:
        follows = any(0 <= span.begin - after <= _NEAR for span in spans)
        return begin if follows else end
    person = _PERSON.search(own[:end])
    return person.start() if person and _NEXT_PERSON.match(own[after:]) else end


def _values(own: str, rest: str, spans: Sequence[TimeSpan]) -> frozenset[str]:
    """Whole values: addresses, links, numbers, times and quotations."""
    values = {normalise(m.group()) for m in ADDRESS.finditer(own)}
    values |= {normalise(m.group().rstrip(".,;:!?")) for m in URL.finditer(own)}
    values |= {normalise(m.group()) for m in PHONE.finditer(own)}
    values |= {normalise(m.group(1)) for m in _QUOTED.finditer(own)}
    for moment in (m for span in spans for m in (span.start, span.end) if m is not None):
        values.add(normalise(moment.isoformat()))
    values |= {normalise(day) for span in spans for day in _days(span)}
    values |= {format(number.normalize(), "f") for number in read_numbers(rest)}
    return frozenset(value for value in values if value)


def _days(span: TimeSpan) -> list[str]:
    """The days at both ends; one that ends at midnight ends on the day before."""
    ends = [] if span.end is None else [span.end - timedelta(microseconds=1)]
    begins = [] if span.start is None else [span.start]
    return [f"{moment:%Y-%m-%d}" for moment in (*begins, *ends)]


def _without(text: str, spans: Sequence[TimeSpan]) -> str:
    """The text with its dates and times cut out."""
    for span in sorted(spans, key=lambda one: one.begin, reverse=True):
        text = f"{text[: span.begin]} \x00 {text[span.stop :]}"
    return text


def _run(text: str) -> str:
    return " ".join(word.casefold() for word in _WORD.findall(_POSSESSIVE.sub(" ", text)))
