"""The demo account: a consultant's week, relative to the day on which the file is made."""

import tomllib
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from zantara.clock import Clock
from zantara.google.local import _mime

if TYPE_CHECKING:
    from zantara.google.local._calendar import Calendar
    from zantara.google.local._gmail import Gmail

__all__ = ["ACCOUNT", "NAME", "seed_demo", "seed_week"]

_ZONE = ZoneInfo("Asia/Makassar")


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("demo.toml").read_text("utf-8"))


ACCOUNT: str = _data()["account"]
NAME: str = _data()["name"]


def seed_demo(calendar: "Calendar", gmail: "Gmail", clock: Clock) -> None:
    """Fill an empty account."""
    seed_week(calendar, gmail, clock, _data(), name="demo")


def seed_week(
    calendar: "Calendar", gmail: "Gmail", clock: Clock, data: Mapping[str, Any], *, name: str
) -> None:
    """Events and mails, in the form of demo.toml. Workdays are counted from the current week's Monday.

    name: begins the Message-ID of each mail.
    """
    today = clock.now().astimezone(_ZONE).date()
    monday = today - timedelta(days=today.weekday())
    for event in data.get("event", ()):
        calendar.add(_event(event, today, monday))
    for number, mail in enumerate(data.get("mail", ())):
        raw = _mail(mail, f"{name}-{number}", clock.now().astimezone(_ZONE))
        gmail.receive({"raw": _mime.encode(raw.as_bytes())}, mail.get("labels", ["INBOX"]))


def _event(event: Mapping[str, Any], today: date, monday: date) -> dict[str, Any]:
    """`day` counts from today (0), `weekday` from this week's Monday (0)."""
    if "weekday" in event:
        day = monday + timedelta(days=event["weekday"])
    else:
        day = today + timedelta(days=event["day"])
    body: dict[str, Any] = {
        name: event[name] for name in ("summary", "location", "description") if name in event
    }
    body["attendees"] = [{"email": address} for address in event.get("attendees", ())]
    if "organizer" in event:
        body["organizer"] = {"email": event["organizer"]}
    if "rule" in event:
        body["recurrence"] = [event["rule"]]
    if "from" not in event:
        last = day + timedelta(days=1)
        days = {"start": {"date": str(day)}, "end": {"date": str(last)}}
        return {**body, **days, "transparency": "transparent"}  # a deadline keeps nobody busy
    begin, end = (datetime.fromisoformat(f"{day}T{event[name]}") for name in ("from", "to"))
    for name, moment in (("start", begin), ("end", end)):
        stamp = moment.replace(tzinfo=_ZONE).isoformat()
        body[name] = {"dateTime": stamp, "timeZone": str(_ZONE)}
    return body


def _mail(mail: Mapping[str, Any], identity: str, now: datetime) -> EmailMessage:
    message = EmailMessage()
    message["From"] = mail["from"]
    message["To"] = mail.get("to", f"{NAME} <{ACCOUNT}>")
    message["Subject"] = mail["subject"]
    message["Date"] = format_datetime(now - timedelta(hours=mail["hours_ago"]))
    message["Message-ID"] = f"<{identity}@example.com>"
    if "reply_to" in mail:
        message["Reply-To"] = mail["reply_to"]
    if "answers" in mail:
        message["In-Reply-To"] = f"<demo-{mail['answers']}@example.com>"
    if "html" in mail:
        message.set_content(mail["html"], subtype="html")
    else:
        message.set_content(mail["text"])
    if "attachment" in mail:
        text = f"{mail['attachment']}: demo attachment\n"
        message.add_attachment(text, filename=mail["attachment"])
    return message
