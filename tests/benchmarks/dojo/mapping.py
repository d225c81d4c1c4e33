"""AgentDojo's tools as ours: effect, kinds of arguments, results with provenance, previews.

This is what `declare` says of a tool of ours, for tools that we did not write. No rule stands here:
what a call may do is decided by the shipped policies alone.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from zantara.gate.kinds import Effect, Kind
from zantara.gate.naming import Thing
from zantara.gate.provenance import Provenance

__all__ = ["TOOLS", "Mapped", "book_of", "shown"]

_ME = "emma.johnson@bluesparrowtech.com"
Looked = tuple[dict[str, Thing], dict[str, Thing]]
_OWN, _OUT, _SYS = Provenance.OWN, Provenance.OUTSIDE, Provenance.SYSTEM


@dataclass(frozen=True)
class Mapped:
    """One tool. tells: those in its recipient arguments are told. look: what it would act on."""

    effect: Effect = Effect.READ
    args: Mapping[str, Kind] = field(default_factory=dict)
    tells: bool = False
    look: Callable[[Any, Mapping[str, Any]], Looked] | None = None


def _file(env: Any, identity: str) -> Looked:
    """The file, and who can read what is written into it."""
    found = env.cloud_drive.files.get(identity)
    if found is None:
        return {}, {}
    about = Thing((found.filename,), _OWN if found.owner == _ME else _OUT)
    others = (one for one in (found.owner, *found.shared_with) if one != _ME)
    return {identity: about}, dict.fromkeys(others, about)


def _event(env: Any, identity: str) -> Looked:
    found = env.calendar.events.get(identity)
    if found is None:
        return {}, {}
    about = Thing((found.title, *_sentences(found.description)))
    others = (one for one in found.participants if one != _ME)
    return {identity: about}, dict.fromkeys(others, about)


def _sentences(text: str) -> list[str]:
    """An event is also known by what its own short description says."""
    return [text] if len(text) <= 60 else []


def _mail(env: Any, identity: str) -> Looked:
    found = env.inbox.emails.get(identity)
    names = (found.subject, found.sender) if found else ()
    return ({identity: Thing(names)} if found else {}), {}


def _attached(env: Any, args: Mapping[str, Any]) -> Looked:
    things: dict[str, Thing] = {}
    for one in args.get("attachments") or ():
        things |= _file(env, one)[0]
    return things, {}


def _changed_event(env: Any, args: Mapping[str, Any]) -> Looked:
    return _event(env, args["event_id"])


TOOLS: Mapping[str, Mapped] = {
    "send_email": Mapped(
        Effect.SEND,
        {
            "recipients": Kind.RECIPIENT,
            "cc": Kind.RECIPIENT,
            "bcc": Kind.RECIPIENT,
            "subject": Kind.LABEL,
            "body": Kind.TEXT,
            "attachments": Kind.TARGET,
        },
        look=_attached,
    ),
    "delete_email": Mapped(
        Effect.DELETE, {"email_id": Kind.TARGET}, look=lambda env, a: _mail(env, a["email_id"])
    ),
    "create_calendar_event": Mapped(
        Effect.CREATE,
        {
            "title": Kind.NAME,
            "description": Kind.TEXT,
            "location": Kind.PLACE,
            "start_time": Kind.TIME,
            "end_time": Kind.TIME,
            "participants": Kind.RECIPIENT,
        },
        tells=True,
    ),
    "cancel_calendar_event": Mapped(Effect.DELETE, {"event_id": Kind.TARGET}, look=_changed_event),
    "reschedule_calendar_event": Mapped(
        Effect.CHANGE,
        {"event_id": Kind.TARGET, "new_start_time": Kind.TIME, "new_end_time": Kind.TIME},
        tells=True,
        look=_changed_event,
    ),
    "add_calendar_event_participants": Mapped(
        Effect.CHANGE,
        {"event_id": Kind.TARGET, "participants": Kind.RECIPIENT},
        tells=True,
        look=lambda env, a: (_event(env, a["event_id"])[0], {}),
    ),
    "append_to_file": Mapped(
        Effect.CHANGE,
        {"file_id": Kind.TARGET, "content": Kind.TEXT},
        look=lambda env, a: _file(env, a["file_id"]),
    ),
    "create_file": Mapped(Effect.CREATE, {"filename": Kind.NAME, "content": Kind.TEXT}),
    "delete_file": Mapped(
        Effect.DELETE,
        {"file_id": Kind.TARGET},
        look=lambda env, a: (_file(env, a["file_id"])[0], {}),
    ),
    "share_file": Mapped(
        Effect.SEND,
        {"file_id": Kind.TARGET, "email": Kind.RECIPIENT, "permission": Kind.OPTION},
        look=lambda env, a: (_file(env, a["file_id"])[0], {}),
    ),
}
"""The tools that write; every other one reads."""


def book_of(env: Any) -> dict[str, str]:
    """The user's own addresses: themselves and whom they have written to.

    AgentDojo's contact list holds everybody who ever sent a mail, so it is no address book.
    """
    names = {one.email: one.name for one in env.inbox.contact_list}
    written = (to for mail in env.inbox.sent for to in (*mail.recipients, *mail.cc))
    return {to: names.get(to, "") for to in (_ME, *written)}


def shown(result: Any, env: Any) -> tuple[dict[str, Any], dict[str, Provenance]]:
    """A result as a tool of ours would tell it, with the class of each field."""
    rows = result if isinstance(result, list) else [result]
    kind = type(rows[0]).__name__ if rows else ""
    if kind == "Email":
        return _emails(rows)
    if kind == "CalendarEvent":
        return _events(rows)
    if kind == "CloudDriveFile":
        return _files(rows)
    if kind == "EmailContact":
        return _contacts(rows, env)
    return {"result": str(result)}, {"": _SYS}


def _emails(rows: Sequence[Any]) -> tuple[dict[str, Any], dict[str, Provenance]]:
    told = [
        {
            "id": one.id_,
            "from": one.sender,
            "to": one.recipients,
            "cc": one.cc,
            "subject": one.subject,
            "date": one.timestamp.isoformat(),
            "text": one.body,
        }
        for one in rows
    ]
    return {"messages": told}, {"": _OUT, **_paths("messages[]", ("id", "date"), _SYS)}


def _events(rows: Sequence[Any]) -> tuple[dict[str, Any], dict[str, Provenance]]:
    told = [
        {
            "id": one.id_,
            "summary": one.title,
            "start": one.start_time.isoformat(),
            "end": one.end_time.isoformat(),
            "location": one.location or "",
            "attendees": one.participants,
            "description": one.description,
        }
        for one in rows
    ]
    classes = {"": _OUT, **_paths("events[]", ("id", "start", "end"), _SYS)}
    return {"events": told}, classes | _paths("events[]", ("summary", "attendees[]"), _OWN)


def _files(rows: Sequence[Any]) -> tuple[dict[str, Any], dict[str, Provenance]]:
    told = [
        {
            "id": one.id_,
            "name": one.filename,
            "owner": one.owner,
            "size": one.size,
            "modified": one.last_modified.isoformat(),
            "shared_with": [{"email": e, "permission": str(p)} for e, p in one.shared_with.items()],
            "content": one.content,
        }
        for one in rows
    ]
    classes = {"": _OUT, **_paths("files[]", ("id", "size", "modified"), _SYS)}
    for index, one in enumerate(rows):
        if one.owner == _ME:
            named = ("name", *(f"shared_with[{n}].email" for n in range(len(one.shared_with))))
            classes |= _paths(f"files[{index}]", named, _OWN)
    return {"files": told}, classes


def _contacts(rows: Sequence[Any], env: Any) -> tuple[dict[str, Any], dict[str, Provenance]]:
    book = book_of(env)
    kind = _OWN if all(one.email in book for one in rows) else _OUT
    return {"contacts": [{"name": one.name, "email": one.email} for one in rows]}, {"": kind}


def _paths(prefix: str, names: Iterable[str], kind: Provenance) -> dict[str, Provenance]:
    return {f"{prefix}.{name}": kind for name in names}
