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


def people(results: Sequence[Result], *, but: str) -> list[str]:
    """Everybody whom events name by an address, the user aside."""
    found = [str(one) for event in _events(results) for one in event.get("attendees") or ()]
    return [one for one in dict.fromkeys(found) if one.casefold() != but.casefold()]


def _events(results: Sequence[Result]) -> list[Mapping[str, Any]]:
    listed = [r.data.get("events") for r in results if isinstance(r.data, Mapping)]
    rows = [one for each in listed if isinstance(each, list) for one in each]
    return [one for one in rows if isinstance(one, Mapping)]


def _told(result: Result, prompt: Prompt) -> str:
    language = prompt.language
    data = result.data if isinstance(result.data, Mapping) else {"text": result.data}
    if not result.ok or "answer_of_the_user" in data:
        return _failed(data, language)
    frame = table(language)["done"].get(result.tool)
    if frame and result.tool.startswith("gmail_") and "to" in data:
        people_named = ", ".join(data["to"])
        return str(frame).format(to=people_named, subject=data.get("subject", ""))
    for key in ("created", "updated", "deleted"):
        if frame and isinstance(data.get(key), Mapping):
            return str(frame).format(event=_event(data[key], language)) + _conflicts(data, language)
    if result.tool == "calendar_freebusy":
        return _busy(data, language)
    if frame and "{event}" not in frame and "{subject}" not in frame:
        return str(frame).format(
            to=_argument(result, "to", "channel", "space"),
            title=_argument(result, "title", "file_name", "spreadsheet"),
        )
    return _lines(result, prompt) or phrase("done", language)


def _argument(result: Result, *names: str) -> str:
    value = next((result.args[one] for one in names if result.args.get(one)), "")
    return ", ".join(value) if isinstance(value, list) else str(value)


def _failed(data: Mapping[str, Any], language: str) -> str:
    if "answer_of_the_user" in data:
        return phrase("answered", language, words=data["answer_of_the_user"])
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
    busy = [one for one in data.get("busy", ()) if isinstance(one, Mapping)]
    spans = ", ".join(f"{_clock(one.get('start'))}-{_clock(one.get('end'))}" for one in busy)
    return phrase("busy", language, spans=spans)


def _lines(result: Result, prompt: Prompt) -> str:
    data, language = result.data, prompt.language
    if not isinstance(data, Mapping):
        return str(data)
    for key, name, row in (("events", "events", _event), ("messages", "mails", _mail)):
        if isinstance(data.get(key), list):
            rows = [
                f"- {row(one, language)}" for one in data[key][:_MOST] if isinstance(one, Mapping)
            ]
            return "\n".join([phrase(name if rows else f"no_{name}", language), *rows])
    if "text" in data and "subject" in data:
        frame = phrase("mail", language, sender=data.get("from", ""), subject=data["subject"])
        return f"{frame}\n> " + str(data["text"]).replace("\n", "\n> ")
    listed = [value for value in data.values() if isinstance(value, list)]
    rows = [_row(one) for value in listed for one in value[:_MOST]]
    single = {k: v for k, v in data.items() if not isinstance(v, list) and k not in _HIDDEN}
    if listed and not rows and not single:
        return phrase("nothing", language)
    return "\n".join([*([_row(single)] if single else []), *(f"- {row}" for row in rows)])


_HIDDEN = ("id", "etag", "ok", "done", "next_page_token")


def _row(value: Any) -> str:
    """One found thing: its name first, then what else is known of it."""
    if isinstance(value, list):
        return " | ".join(str(one) for one in value)
    if not isinstance(value, Mapping):
        return str(value)
    leading = ("name", "title", "summary", "content", "text")
    head = next((str(value[one]) for one in leading if value.get(one)), "")
    rest = [
        f"{key.replace('_', ' ')}: {', '.join(map(str, v)) if isinstance(v, list) else v}"
        for key, v in value.items()
        if key not in (*leading, *_HIDDEN) and v not in (None, "", [])
    ]
    return ", ".join([*([head] if head else []), *rest])


def _mail(mail: Mapping[str, Any], language: str) -> str:
    return f"{_day(mail.get('date'), language)}, {mail.get('from', '')}: {mail.get('subject', '')}"


def _event(event: Mapping[str, Any], language: str) -> str:
    start, end = event.get("start"), event.get("end")
    hours = f" {_clock(start)}-{_clock(end)}" if "T" in str(start) else ""
    place = f" ({event['location']})" if event.get("location") else ""
    return f"{event.get('summary', '')}, {_day(start, language)}{hours}{place}"


def _moment(stamp: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(str(stamp))
    except ValueError:
        return None


def _clock(stamp: Any) -> str:
    moment = _moment(stamp)
    return f"{moment:%H:%M}" if moment else str(stamp)


def _day(stamp: Any, language: str) -> str:
    moment = _moment(stamp)
    if moment is None:
        return str(stamp or "")
    names = table(language)["calendar"]
    return f"{names['weekdays'][moment.weekday()]} {moment.day} {names['months'][moment.month - 1]}"
