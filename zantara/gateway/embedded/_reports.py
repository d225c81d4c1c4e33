"""What tools brought back, told shortly and truthfully."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from zantara.gateway.embedded._lexicon import phrase, says, table
from zantara.gateway.embedded._reading import Prompt, Result
from zantara.language import HIDDEN, tell_clock, tell_day, tell_event, tell_thing

__all__ = ["content", "people", "report"]

_MOST = 12


def report(prompt: Prompt) -> str:
    """One or a few lines for each result, in the order of the calls."""
    used = any(r.tool in ("gmail_read", "gmail_reply") for r in prompt.results)
    shown = [r for r in prompt.results if not (used and r.tool == "gmail_search")]
    lines = [_told(result, prompt) for result in shown]
    places = [r.data for r in shown if r.tool == "maps_places" and r.ok]
    if places and says(prompt.question, "money"):
        lines.append(phrase("no_rents", prompt.language))
    if any(isinstance(one, Mapping) and one.get("estimate") for one in places):
        lines.append(phrase("local_maps", prompt.language))
    return "\n".join(lines)


def content(results: Sequence[Result], prompt: Prompt) -> str:
    """The text that a message carries of results."""
    return "\n".join(_lines(result, prompt) for result in results)


def people(results: Sequence[Result], *, but: str) -> list[str]:
    """Everybody whom events name by an address, the user aside."""
    listed = [r.data.get("events") or () for r in results if isinstance(r.data, Mapping)]
    rows = [one for each in listed for one in each if isinstance(one, Mapping)]
    found = dict.fromkeys(str(one) for event in rows for one in event.get("attendees") or ())
    return [one for one in found if one.casefold() != but.casefold()]


def _told(result: Result, prompt: Prompt) -> str:
    language = prompt.language
    data = result.data if isinstance(result.data, Mapping) else {"text": result.data}
    if not result.ok or "answer_of_the_user" in data:
        return _failed(data, language)
    if "planned" in data:
        return phrase("planned", language, what=tell_thing(data["planned"]))
    if result.tool == "calendar_freebusy":
        return _busy(data, language)
    frame = table(language)["done"].get(result.tool)
    if frame:
        others = "; ".join(tell_event(one, language) for one in data.get("conflicts_with") or ())
        told = str(frame).format_map(_Values(result, data, language))
        return f"{told} {phrase('conflict', language, events=others)}" if others else told
    return _lines(result, prompt) or phrase("done", language)


class _Values(dict[str, Any]):
    """What a frame may name: the thing that was made or changed, the data, then the arguments."""

    def __init__(self, result: Result, data: Mapping[str, Any], language: str) -> None:
        things = [value for value in data.values() if isinstance(value, Mapping)]
        thing = things[-1] if things else {}
        super().__init__({**result.args, **data, **thing})
        if "start" in thing:
            self["event"] = tell_event(thing, language)
        names = ("title", "name", "file_name", "spreadsheet")
        self["title"] = next((self[one] for one in names if self.get(one)), "")
        to = next((self[one] for one in ("to", "channel", "space") if self.get(one)), "")
        self["to"] = ", ".join(map(str, to)) if isinstance(to, list) else to

    def __missing__(self, name: str) -> str:
        return ""


def _failed(data: Mapping[str, Any], language: str) -> str:
    if "answer_of_the_user" in data:
        return phrase("answered", language, words=data["answer_of_the_user"])
    if "unknown" in data:
        return phrase("unknown", language, reason=data["unknown"])
    if "rejected" in str(data.get("error", "")):
        reason = f": {data['reason']}" if data.get("reason") else ""
        return phrase("rejected", language, reason=reason)
    return phrase("failed", language, reason=str(data.get("error", "")).removeprefix("not run: "))


def _busy(data: Mapping[str, Any], language: str) -> str:
    if data.get("free"):
        return phrase("free", language)
    busy = [one for one in data.get("busy", ()) if isinstance(one, Mapping)]
    spans = ", ".join(
        f"{tell_clock(one.get('start'))}-{tell_clock(one.get('end'))}" for one in busy
    )
    return phrase("busy", language, spans=spans)


def _lines(result: Result, prompt: Prompt) -> str:
    data, language = result.data, prompt.language
    if not isinstance(data, Mapping):
        return str(data)
    known = [key for key in _KINDS if isinstance(data.get(key), list)]
    found = [key for key in known if data[key]]
    if known:
        return "\n".join(_listed(key, data[key], language) for key in found or known[:1])
    if "text" in data and "subject" in data:
        frame = phrase("mail", language, sender=data.get("from", ""), subject=data["subject"])
        return f"{frame}\n> " + str(data["text"]).replace("\n", "\n> ")
    listed = [value for value in data.values() if isinstance(value, list)]
    rows = [tell_thing(one) for value in listed for one in value[:_MOST]]
    single = {k: v for k, v in data.items() if not isinstance(v, list) and k not in HIDDEN}
    if listed and not rows and not single:
        return phrase("nothing", language)
    return "\n".join([*([tell_thing(single)] if single else []), *(f"- {row}" for row in rows)])


def _listed(key: str, rows: Sequence[Any], language: str) -> str:
    """The found things of one kind under their heading."""
    tell = _KINDS[key]
    lines = [f"- {tell(one, language)}" for one in rows[:_MOST] if isinstance(one, Mapping)]
    name = "mails" if key == "messages" else key
    return "\n".join([phrase(name if lines else f"no_{name}", language), *lines])


def _said(turn: Mapping[str, Any], language: str) -> str:
    day = tell_day(turn.get("at"), language)
    asked, answered = (" ".join(str(turn.get(k, "")).split()) for k in ("asked", "answered"))
    return phrase("said", language, day=day, asked=asked, answered=answered)


def _found(thing: Mapping[str, Any], _language: str) -> str:
    kept = {k: v for k, v in thing.items() if k not in _DULL and not isinstance(v, Mapping)}
    return tell_thing(kept)


def _mail(mail: Mapping[str, Any], language: str) -> str:
    return (
        f"{tell_day(mail.get('date'), language)}, {mail.get('from', '')}: {mail.get('subject', '')}"
    )


_DULL = ("types", "thread", "saved", "mime_type", "owner", "folder", "modified")
_KINDS: Mapping[str, Callable[[Mapping[str, Any], str], str]] = {
    "events": tell_event,
    "messages": _mail,
    "facts": _found,
    "conversations": _said,
    "places": _found,
    "files": _found,
    "contacts": _found,
}
