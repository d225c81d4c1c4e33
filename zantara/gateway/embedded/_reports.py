"""What tools brought back, told shortly and truthfully."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from zantara.gateway.embedded._lexicon import phrase, table
from zantara.gateway.embedded._reading import Prompt, Result

__all__ = ["content", "people", "report"]

_MOST = 12


def report(prompt: Prompt) -> str:
    """One or a few lines for each result, in the order of the calls."""
    last = [r for r in prompt.results if r.tool == "gmail_search"]
    used = any(r.tool in ("gmail_read", "gmail_reply") for r in prompt.results)
    shown = [r for r in prompt.results if not (used and r in last)]
    return "\n".join(_told(result, prompt) for result in shown)


def content(results: Sequence[Result], prompt: Prompt) -> str:
    """The text that a message carries of results."""
    return "\n".join(_lines(result, prompt) for result in results)


def people(results: Sequence[Result]) -> list[str]:
    """Everybody whom results name by an address, the user aside."""
    found: list[str] = []
    for result in results:
        for event in result.data.get("events", ()) if isinstance(result.data, Mapping) else ():
            found += event.get("attendees", ())
    return list(dict.fromkeys(found))


def _told(result: Result, prompt: Prompt) -> str:
    language = prompt.language
    data = result.data if isinstance(result.data, Mapping) else {"text": result.data}
    if not result.ok:
        return _failed(data, language)
    if "answer_of_the_user" in data:
        return phrase("answered", language, words=data["answer_of_the_user"])
    frame = table(language)["done"].get(result.tool)
    if frame and result.tool.startswith("gmail_") and "to" in data:
        people_named = ", ".join(data["to"])
        return str(frame).format(to=people_named, subject=data.get("subject", ""))
    for key in ("created", "updated", "deleted"):
        if frame and isinstance(data.get(key), Mapping):
            return str(frame).format(event=_event(data[key], language)) + _conflicts(data, language)
    if result.tool == "calendar_freebusy":
        return _busy(data, language)
    lines = _lines(result, prompt)
    return lines or phrase("done", language)


def _failed(data: Mapping[str, Any], language: str) -> str:
    if "unknown" in data:
        return phrase("unknown", language, reason=data["unknown"])
    reason = str(data.get("reason") or "")
    if "rejected" in str(data.get("error", "")):
        return phrase("rejected", language, reason=f": {reason}" if reason else "")
    return phrase("failed", language, reason=data.get("error", ""))


def _conflicts(data: Mapping[str, Any], language: str) -> str:
    others = data.get("conflicts_with")
    if not others:
        return ""
    named = "; ".join(_event(one, language) for one in others)
    return " " + phrase("conflict", language, events=named)


def _busy(data: Mapping[str, Any], language: str) -> str:
    if data.get("free"):
        return phrase("free", language)
    spans = ", ".join(
        f"{_clock(span['start'])}-{_clock(span['end'])}" for span in data.get("busy", ())
    )
    return phrase("busy", language, spans=spans)


def _lines(result: Result, prompt: Prompt) -> str:
    data, language = result.data, prompt.language
    if not isinstance(data, Mapping):
        return str(data)
    for key, name, row in (("events", "events", _event), ("messages", "mails", _mail)):
        if key in data:
            rows = [f"- {row(one, language)}" for one in data[key][:_MOST]]
            return (
                "\n".join([phrase(name, language), *rows])
                if rows
                else phrase(f"no_{name}", language)
            )
    if "text" in data and "subject" in data:
        frame = phrase("mail", language, sender=data.get("from", ""), subject=data["subject"])
        return f"{frame}\n> " + str(data["text"]).replace("\n", "\n> ")
    return "; ".join(f"{key}: {value}" for key, value in data.items())


def _mail(mail: Mapping[str, Any], language: str) -> str:
    return f"{_day(mail['date'], language)}, {mail['from']}: {mail['subject']}"


def _event(event: Mapping[str, Any], language: str) -> str:
    start, end = str(event.get("start", "")), str(event.get("end", ""))
    if "T" not in start:
        when = _day(start, language)
    else:
        when = f"{_day(start, language)} {_clock(start)}-{_clock(end)}"
    place = f" ({event['location']})" if event.get("location") else ""
    return f"{event.get('summary', '')}, {when}{place}"


def _clock(stamp: str) -> str:
    return f"{datetime.fromisoformat(stamp):%H:%M}"


def _day(stamp: str, language: str) -> str:
    moment = datetime.fromisoformat(stamp)
    names = table(language)["calendar"]
    weekday = names["weekdays"][moment.weekday()]
    return f"{weekday} {moment.day} {names['months'][moment.month - 1]}"
