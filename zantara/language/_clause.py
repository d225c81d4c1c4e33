"""One clause of a request: its tokens, what it says to whom, and its features."""

import re
from dataclasses import dataclass
from functools import cached_property

from zantara.language._lexicon import Token
from zantara.language._times import TimeSpan

__all__ = ["Clause"]

_OF = ("yang", "che", "that", "which")
_SERVICES = ("o.slack", "o.whatsapp", "o.googlechat", "o.drive")  # "su Slack" is no subject
_RECEIVERS = ("address", "phone", "channel", "o.team", "whom")
_MODES = ("mode_driving", "mode_walking", "mode_bicycling", "mode_transit")
_GONE = ("time", "address", "phone", "channel", "link", "polite", "same", "cond", "invite", *_MODES)
_EDGES = (
    "small",
    "article",
    "polite",
    "from",
    "near.weak",
    "person_of",
    "wish",
    "about",
    "ask",
    "first",
)
_SKIPPED = ("polite", "time", "article", "cond")


@dataclass(frozen=True)
class Clause:
    """`text` up to `said_at` commands; `said` is what is to be said or remembered."""

    text: str
    language: str
    tokens: tuple[Token, ...]
    said: str
    spans: tuple[TimeSpan, ...]
    question: bool

    @cached_property
    def start(self) -> int:
        """Where the clause begins, politeness, times and punctuation aside."""
        at = 0
        while at < len(self.tokens):
            one = self.tokens[at]
            if one.action or not (one.has(*_SKIPPED) or not one.text[0].isalnum()):
                break
            later = self.tokens[at + 1 : at + 2]
            if one.has("article") and not any(t.has("time", "polite") for t in later):
                break
            at += 1
        return at

    @cached_property
    def verb(self) -> Token | None:
        """The verb that requests: at the beginning, after a comma, or free in Indonesian, Italian."""
        tokens = self.tokens
        if self.start < len(tokens) and tokens[self.start].action and not self._thing(self.start):
            return tokens[self.start]
        if self.question and self.language == "en":
            return None
        for at, one in enumerate(tokens[self.start :], self.start):
            name = one.proper and at > self.start  # "Klinik Kasih Ananda"
            if one.action and not name and self._requests(at) and not self._thing(at):
                return one
        return None

    def _thing(self, at: int) -> bool:
        """ "Email yang masuk", "mail from Tom": a mail and not a verb."""
        after = self.tokens[at + 1 : at + 2]
        of = any(t.has("from", "wrote") or t.text.casefold() in _OF for t in after)
        return self.tokens[at].has("o.mail") and of

    def _requests(self, at: int) -> bool:
        before = self.tokens[at - 1] if at else None
        if before is None or before.text in ",;" or before.has("polite"):
            return True
        if self.language == "en":
            said = self.tokens[at].text.casefold()
            return said.startswith(("should", "has to", "needs to", "must"))
        subject = any(one.has("first") for one in self.tokens[:at])
        spoken = before.has("article", "near.weak", "near", "from", "person_of") or subject
        return not spoken and not self.question and not self.asks

    @cached_property
    def asks(self) -> bool:
        """Whether it begins as a question does; Indonesian asks anywhere."""
        if self.language == "id" and self.start < len(self.tokens):
            if self.tokens[self.start].action:
                return False
            return any(one.has("ask") for one in self.tokens)
        first = self.tokens[self.start] if self.start < len(self.tokens) else None
        return first is not None and (first.has("ask") or (self.question and first.has("ask.aux")))

    def of(self, *classes: str) -> list[Token]:
        return [one for one in self.tokens if one.has(*classes)]

    def first_of(self, name: str) -> str:
        found = self.of(name)
        return found[0].text if found else ""

    @cached_property
    def quoted(self) -> str:
        found = self.first_of("quoted")
        return found[1:-1].strip()

    @cached_property
    def runs(self) -> list[tuple[int, int]]:
        """Runs of capitalised words; the first word of the clause counts in a run only."""
        found: list[list[int]] = []
        for at, one in enumerate(self.tokens):
            if (
                not one.proper
                or one.has("time", "quoted", "address", "polite", "ask", "o.maps")
                or one.action
            ):
                continue
            if one.has("title"):
                continue
            if found and at == found[-1][1]:
                found[-1][1] = at + 1
            else:
                found.append([at, at + 1])
        return [(begin, stop) for begin, stop in found if begin or stop > 1]

    @cached_property
    def names(self) -> list[str]:
        return [self.phrase(b, s).rstrip("'’") for b, s in self.runs]

    @cached_property
    def title(self) -> tuple[int, int]:
        """The first name that is not where something is; (0, 0) for none."""
        begin, stop = self.place
        return next((run for run in self.runs if not begin <= run[0] < stop), (0, 0))

    def phrase(self, begin: int, stop: int) -> str:
        """The words of tokens `begin` to `stop`, without punctuation at the ends."""
        if begin >= stop:
            return ""
        return self.text[self.tokens[begin].begin : self.tokens[stop - 1].stop].strip(" ,.;:!?-–")

    def until(self, at: int, *classes: str) -> int:
        """The next token from `at` that is of one of the classes, or the end."""
        while at < len(self.tokens) and not self.tokens[at].has(*classes):
            at += 1
        return at

    @cached_property
    def entitled(self) -> str:
        """The subject that the words give: "with the subject X", "oggetto X"."""
        at = next((i for i, t in enumerate(self.tokens) if t.has("subject_is")), None)
        if at is None:
            return ""
        quoted = at + 1 < len(self.tokens) and self.tokens[at + 1].has("quoted")
        return (
            self.quoted if quoted else re.split(r"[,;:]", self.phrase(at + 1, len(self.tokens)))[0]
        )

    @cached_property
    def about(self) -> str:
        """What a message is about, where no words were given."""
        starts = [i for i, t in enumerate(self.tokens[:-1]) if t.has("about")]
        at = next((i for i in starts if not self.tokens[i + 1].has(*_SERVICES)), None)
        return "" if at is None else self.phrase(at + 1, self.until(at + 1, *_RECEIVERS[:3]))

    @cached_property
    def rest(self) -> str:
        """The words after the receiver of a message: "tell X we are late"."""
        whom = [i for i, t in enumerate(self.tokens) if t.has(*_RECEIVERS)]
        if not whom:
            return ""
        rest = [
            t for t in self.tokens[whom[-1] + 1 :] if not t.has("time", "o.whatsapp", "o.slack")
        ]
        return self.phrase(whom[-1] + 1, len(self.tokens)) if len(rest) > 2 else ""

    def bare(self, *, without: tuple[int, int] = (0, 0), drop: tuple[str, ...] = ()) -> list[Token]:
        """Tokens but verb, addresses, times, classes to drop, and small words at the ends."""
        kept = [t for i, t in enumerate(self.tokens) if not without[0] <= i < without[1]]
        nouns = tuple(one for one in drop if one.startswith("o."))
        gone = [t for t in kept if t.has(*nouns) or (t.has(*drop, *_GONE) and not t.proper)]
        kept = [t for t in kept if t not in gone and t is not self.verb]
        kept = [t for t in kept if not t.has("time", "address", "phone", "recall")]
        while kept and _is_edge(kept[0]):
            kept.pop(0)
        while kept and not kept[-1].proper and _is_edge(kept[-1]):
            kept.pop()
        return kept

    def joined(self, tokens: list[Token]) -> str:
        """The tokens' words, with no space where there was none."""
        text = ""
        for before, one in zip([None, *tokens], tokens, strict=False):
            gap = "" if before is None or before.stop == one.begin else " "
            text += gap + self.text[one.begin : one.stop]
        return re.sub(r"\s+([,.])", r"\1", text).strip(" .,;:'’!?")

    @cached_property
    def place(self) -> tuple[int, int]:
        """(begin, stop) in tokens of a location with the word before it; (0, 0) for none."""
        for at in reversed(range(len(self.tokens) - 1)):
            one = self.tokens[at]
            named_after = at > 0 and one.has("from") and self.tokens[at - 1].has("o.place")
            if not one.has("near", "near.weak") or named_after:  # "il tempio di Tirta Empul"
                continue
            stop = self._place_end(at + 1)
            inside = self.tokens[at + 1 : min(stop, at + 5)]
            named = any(t.proper and not t.action and not t.has("o.maps") for t in inside)
            if stop > at + 1 and (named or one.has("near")):
                return at, stop
        return 0, 0

    def _place_end(self, at: int) -> int:
        ends = ("near", "route_to", "time", "address", "from", "says", "latest", "phone")
        while at < len(self.tokens):
            one = self.tokens[at]
            capital = one.proper and not one.has("time", "address")
            if not capital and (
                not one.text[0].isalnum() or one.has(*ends) or one.has("near.weak")
            ):
                break
            at += 1
        return at

    @cached_property
    def route(self) -> tuple[str, str]:
        """Origin and destination; the origin may be empty."""
        origins = [i for i, t in enumerate(self.tokens) if t.has("route_from")]
        for at in origins:
            goal = next((i for i in range(at + 2, len(self.tokens)) if self._leads(i)), 0)
            if goal:
                return self.phrase(at + 1, goal), self.phrase(goal + 1, self._route_end(goal + 1))
            goal = next((i for i in range(at - 1) if self._leads(i)), -1)
            before = [self.phrase(*run) for run in self.runs if run[1] <= at]
            if goal >= 0 or before:
                aim = self.phrase(goal + 1, at) if goal >= 0 else before[-1]
                return self.phrase(at + 1, self._route_end(at + 1)), aim
        return self._dashed() or self._aim()

    def _leads(self, at: int) -> bool:
        after = self.tokens[at + 1] if at + 1 < len(self.tokens) else None
        return (
            self.tokens[at].has("route_to")
            and after is not None
            and (after.proper or after.has("article", "o.place") or not after.tags)
        )

    def _dashed(self) -> tuple[str, str] | None:
        for at in range(1, len(self.tokens) - 1):
            if self.tokens[at].text in ("-", "–", "→", ">"):
                before = at
                while (
                    before
                    and self.tokens[before - 1].proper
                    and not self.tokens[before - 1].has("o.route")
                ):
                    before -= 1
                if before < at and self.tokens[at + 1].proper:
                    return self.phrase(before, at), self.phrase(at + 1, self._route_end(at + 1))
        return None

    def _aim(self) -> tuple[str, str]:
        for at in range(len(self.tokens) - 1):
            if self.tokens[at].has("route_to") and self.tokens[at + 1].proper:
                before = [self.phrase(*run) for run in self.runs if run[1] == at]
                origin = before[-1] if before else ""  # "Denpasar ke Amlapura"
                return origin, self.phrase(at + 1, self._route_end(at + 1))
        return "", ""

    def _route_end(self, at: int) -> int:
        while at < len(self.tokens):
            one = self.tokens[at]
            if one.has(*_MODES, "time", "o.route", "ask") or not (
                one.text[0].isalnum() or one.text in "'.-"
            ):
                break
            at += 1
        return at

    @cached_property
    def features(self) -> frozenset[str]:
        """Everything that a condition of an operation may ask about."""
        found = {name for one in self.tokens for name in one.tags if not name.startswith("a.")}
        found |= {f"any.{name[2:]}" for one in self.tokens for name in one.tags if one.action}
        if self.verb:
            found |= {name for name in self.verb.tags if name.startswith("a.")} | {"request"}
        found.discard("ask")
        shown = {
            "ask": self.asks,
            "q": self.question or self.asks,
            "request": self.verb is not None or "wish" in found,
            "says": bool(self.said),
            "clock": any(span.has_clock for span in self.spans),
            "day": any(span.has_day for span in self.spans),
            "name": bool(self.names or self.quoted),
            "person": bool(self.names),
            "titled": bool(self.quoted) or self.title != (0, 0),
            "place": self.place != (0, 0),
            "route": bool(self.route[1]),
            "path": all(self.route),
            "short": len(self.tokens) <= 9 and not self.verb and not self._stated,
            "statement": self._stated,
            "one": not any(t.text.casefold().endswith("ls") for t in self.of("o.mail")),
            "mode": any(name.startswith("mode_") for name in found),
            "plan": self._asks_for_plans,
            "noun": self.start < len(self.tokens) and self.tokens[self.start].has("o.event"),
            "noun.place": self.start < len(self.tokens) and self.tokens[self.start].has("o.place"),
            "brief": len(self.tokens) < 4,
        }
        return frozenset(
            found - {"request", "says"} | {name for name, holds in shown.items() if holds}
        )

    @cached_property
    def _stated(self) -> bool:
        """A remark: no request, and it says of something that it is so."""
        copulas = {"is", "are", "was", "were", "è", "sono", "era", "adalah", "isn", "makes", "sia"}
        said = {one.text.casefold().strip("'") for one in self.tokens}
        return self.verb is None and bool(said & copulas or self._begins_with_self)

    @property
    def _asks_for_plans(self) -> bool:
        """ "What do I have tomorrow": nothing is owned but a time."""
        small = ("time", "small", "article", "near.weak", "have", "person_of", "from")
        has = [i for i, t in enumerate(self.tokens) if t.has("have")]
        return bool(has) and all(t.has(*small) or t.text == "?" for t in self.tokens[has[0] :])

    @property
    def _begins_with_self(self) -> bool:
        return self.start < len(self.tokens) and self.tokens[self.start].has("first")


def _is_edge(one: Token) -> bool:
    return one.has(*_EDGES) or not one.text[0].isalnum()
