"""Gmail v1: messages, drafts, threads and labels of the one account."""

import re
import secrets
from collections.abc import Mapping
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, getaddresses, make_msgid, parsedate_to_datetime
from typing import Any

from zantara.clock import Clock
from zantara.google.local import _mime
from zantara.google.local._contract import Asked
from zantara.google.local._faults import Fault
from zantara.google.local._search import matcher
from zantara.google.local._storage import Storage

__all__ = ["GMAIL_METHODS", "Gmail"]

_LABELS = ("INBOX", "SENT", "DRAFT", "UNREAD", "STARRED", "IMPORTANT", "TRASH", "SPAM")
_HIDDEN = {"TRASH", "SPAM"}
_USER = frozenset({"userId"})
_ID = _USER | {"id"}
_LIST = _USER | {"q", "labelIds", "maxResults", "pageToken", "includeSpamTrash"}
GMAIL_METHODS: Mapping[str, tuple[str, frozenset[str]]] = {
    "gmail.users.getProfile": ("profile", _USER),
    "gmail.users.messages.list": ("list_messages", _LIST),
    "gmail.users.messages.get": ("get_message", _ID | {"format", "metadataHeaders"}),
    "gmail.users.messages.send": ("send", _USER),
    "gmail.users.messages.modify": ("modify", _ID),
    "gmail.users.messages.trash": ("trash", _ID),
    "gmail.users.messages.untrash": ("untrash", _ID),
    "gmail.users.messages.insert": ("insert", _USER | {"internalDateSource"}),
    "gmail.users.messages.attachments.get": ("get_attachment", _ID | {"messageId"}),
    "gmail.users.threads.list": ("list_threads", _LIST),
    "gmail.users.threads.get": ("get_thread", _ID | {"format", "metadataHeaders"}),
    "gmail.users.labels.list": ("labels", _USER),
    "gmail.users.labels.get": ("get_label", _ID),
    "gmail.users.drafts.create": ("create_draft", _USER),
    "gmail.users.drafts.get": ("get_draft", _ID | {"format"}),
    "gmail.users.drafts.list": ("list_drafts", _USER | {"q", "maxResults", "pageToken"}),
    "gmail.users.drafts.update": ("update_draft", _ID),
    "gmail.users.drafts.send": ("send_draft", _USER),
    "gmail.users.drafts.delete": ("delete_draft", _ID),
}


class Gmail:
    """The account's mailbox. A stored mail keeps its raw form and what searches need."""

    def __init__(self, storage: Storage, clock: Clock, account: str) -> None:
        self._storage = storage
        self._clock = clock
        self._account = account

    def profile(self, asked: Asked) -> dict[str, Any]:
        self._own(asked)
        mails = self._storage.all("mail")
        return {
            "emailAddress": self._account,
            "messagesTotal": len(mails),
            "threadsTotal": len({mail["threadId"] for mail in mails}),
            "historyId": str(self._storage.changes()),
        }

    # Messages

    def list_messages(self, asked: Asked) -> dict[str, Any]:
        self._own(asked)
        found = self._listed(asked.params)
        refs = [{"id": mail["id"], "threadId": mail["threadId"]} for mail in found]
        return self._page("messages", refs, asked.params)

    def list_threads(self, asked: Asked) -> dict[str, Any]:
        """Threads with a mail that is found, by their newest one."""
        self._own(asked)
        newest = {mail["threadId"]: mail for mail in reversed(self._listed(asked.params))}
        found = sorted(newest.values(), key=_by_age)
        refs = [
            {"id": mail["threadId"], "snippet": mail["snippet"], "historyId": mail["historyId"]}
            for mail in found
        ]
        return self._page("threads", refs, asked.params)

    def _listed(self, params: Mapping[str, Any]) -> list[dict[str, Any]]:
        found = self._search(params.get("q", ""), hidden=bool(params.get("includeSpamTrash")))
        wanted = set(params.get("labelIds", ()))
        return [mail for mail in found if wanted <= set(mail["labelIds"])]

    def _search(self, query: str, *, hidden: bool = False) -> list[dict[str, Any]]:
        """Newest first; spam and trash only when asked for."""
        fits = matcher(query, self._clock.now(), self._account)
        hidden = hidden or bool(re.search(r"\bin:(trash|spam|anywhere)\b", query, re.IGNORECASE))
        found = [
            mail
            for mail in self._storage.all("mail")
            if (hidden or not _HIDDEN & set(mail["labelIds"])) and fits(mail)
        ]
        return sorted(found, key=_by_age)

    def _page(
        self, name: str, refs: list[dict[str, Any]], params: Mapping[str, Any]
    ) -> dict[str, Any]:
        size = min(int(params.get("maxResults", 100)), 500)
        token = str(params.get("pageToken", "0"))
        if not token.isdigit():
            raise Fault(400, "invalidArgument", f"Invalid pageToken: {token}")
        begin = int(token)
        page: dict[str, Any] = {"resultSizeEstimate": len(refs)}
        if refs[begin : begin + size]:
            page[name] = refs[begin : begin + size]
        if begin + size < len(refs):
            page["nextPageToken"] = str(begin + size)
        return page

    def get_message(self, asked: Asked) -> dict[str, Any]:
        self._own(asked)
        return self._shown(self._mail(asked.params["id"]), asked.params)

    def _shown(self, mail: dict[str, Any], params: Mapping[str, Any]) -> dict[str, Any]:
        form = params.get("format", "full")
        names = ("id", "threadId", "labelIds", "snippet", "historyId", "internalDate")
        shown = {name: mail[name] for name in names}
        raw = self._raw(mail)
        shown["sizeEstimate"] = len(raw) * 3 // 4
        if form == "raw":
            shown["raw"] = raw
        elif form != "minimal":
            shown["payload"] = _mime.payload(_parsed(raw))
            if form == "metadata":
                wanted = {name.lower() for name in params.get("metadataHeaders", ())}
                headers = shown["payload"]["headers"]
                kept = [h for h in headers if not wanted or h["name"].lower() in wanted]
                shown["payload"] = {"mimeType": shown["payload"]["mimeType"], "headers": kept}
        return shown

    def get_attachment(self, asked: Asked) -> dict[str, Any]:
        self._own(asked)
        parsed = _parsed(self._raw(self._mail(asked.params["messageId"])))
        data = _mime.attachment(parsed, asked.params["id"])
        if data is None:
            raise Fault(404, "notFound", "Requested entity was not found.")
        return {"size": len(data), "data": _mime.encode(data)}

    def _raw(self, mail: Mapping[str, Any]) -> str:
        """Kept beside the mail, so that a search does not read every attachment."""
        kept = self._storage.get("raw", mail["id"]) or mail
        return str(kept["raw"])

    def send(self, asked: Asked) -> dict[str, Any]:
        self._own(asked)
        return _reference(self.receive(asked.body, ["SENT"], addressed=True))

    def insert(self, asked: Asked) -> dict[str, Any]:
        """Put a mail from elsewhere into the mailbox, sending nothing."""
        self._own(asked)
        labels = [str(label) for label in asked.body.get("labelIds", [])]
        _check_labels(labels)
        dated = asked.params.get("internalDateSource") == "dateHeader"
        return _reference(self.receive(asked.body, labels, dated=dated))

    def receive(
        self,
        body: Mapping[str, Any],
        labels: list[str],
        *,
        addressed: bool = False,
        dated: bool = True,
    ) -> dict[str, Any]:
        """Store a mail given as {"raw", "threadId"?}.

        A sent one (`addressed`) must have a recipient. `dated` mails lie at their Date.
        """
        if not body.get("raw"):
            raise Fault(400, "invalidArgument", "'raw' RFC822 payload message string is required")
        parsed = _parsed(str(body["raw"]))
        if addressed and not _recipients(parsed):
            raise Fault(400, "invalidArgument", "Recipient address required")
        now = self._clock.now()
        self._complete(parsed, now_header=format_datetime(now))
        identity = secrets.token_hex(8)
        moment = _date(parsed, now) if dated and not addressed else now
        mail = {
            "id": identity,
            "threadId": self._thread(parsed, body.get("threadId"), identity),
            "labelIds": labels,
            "snippet": _mime.snippet(parsed),
            "historyId": str(self._storage.changes() + 1),
            "internalDate": str(int(moment.timestamp() * 1000)),
            "headers": {name.lower(): value for name, value in _mime.headers(parsed)},
            "text": _mime.readable(parsed),
            "attachments": [_mime.filename(p) for p in parsed.walk() if _mime.filename(p)],
        }
        self._storage.put("mail", identity, mail)
        self._storage.put("raw", identity, {"raw": _mime.encode(parsed.as_bytes())})
        return mail

    def _complete(self, parsed: EmailMessage, *, now_header: str) -> None:
        """What Gmail adds to a mail that lacks it."""
        for name, value in (
            ("From", self._account),
            ("Date", now_header),
            ("Message-ID", make_msgid(domain="mail.gmail.com")),
        ):
            if name not in parsed:
                parsed[name] = value

    def _thread(self, parsed: EmailMessage, wished: str | None, identity: str) -> str:
        if wished is not None:
            known = [mail for mail in self._storage.all("mail") if mail["threadId"] == wished]
            if not known:
                raise Fault(404, "notFound", "Requested entity was not found.")
        headers = {name.lower(): value for name, value in _mime.headers(parsed)}
        references = f"{headers.get('in-reply-to', '')} {headers.get('references', '')}".split()
        for mail in self._storage.all("mail") if references else ():
            if mail["headers"].get("message-id") in references:
                return str(mail["threadId"])
        return wished or identity

    def modify(self, asked: Asked) -> dict[str, Any]:
        self._own(asked)
        mail = self._mail(asked.params["id"])
        add, remove = asked.body.get("addLabelIds", []), asked.body.get("removeLabelIds", [])
        _check_labels([*add, *remove])
        kept = [label for label in mail["labelIds"] if label not in remove]
        return self._relabel(mail, [*kept, *add])

    def trash(self, asked: Asked) -> dict[str, Any]:
        self._own(asked)
        mail = self._mail(asked.params["id"])
        return self._relabel(mail, [*(one for one in mail["labelIds"] if one != "INBOX"), "TRASH"])

    def untrash(self, asked: Asked) -> dict[str, Any]:
        self._own(asked)
        mail = self._mail(asked.params["id"])
        return self._relabel(mail, [label for label in mail["labelIds"] if label != "TRASH"])

    def _relabel(self, mail: dict[str, Any], labels: list[str]) -> dict[str, Any]:
        mail["labelIds"] = list(dict.fromkeys(labels))
        mail["historyId"] = str(self._storage.changes() + 1)
        self._storage.put("mail", mail["id"], mail)
        return _reference(mail)

    def get_thread(self, asked: Asked) -> dict[str, Any]:
        self._own(asked)
        identity = asked.params["id"]
        mails = [mail for mail in self._storage.all("mail") if mail["threadId"] == identity]
        if not mails:
            raise Fault(404, "notFound", "Requested entity was not found.")
        mails.sort(key=lambda mail: int(mail["internalDate"]))
        return {
            "id": identity,
            "historyId": str(self._storage.changes()),
            "messages": [self._shown(mail, asked.params) for mail in mails],
        }

    def labels(self, asked: Asked) -> dict[str, Any]:
        self._own(asked)
        return {"labels": [{"id": name, "name": name, "type": "system"} for name in _LABELS]}

    def get_label(self, asked: Asked) -> dict[str, Any]:
        self._own(asked)
        label = asked.params["id"]
        if label not in _LABELS:
            raise Fault(404, "notFound", "Requested entity was not found.")
        mails = [mail for mail in self._storage.all("mail") if label in mail["labelIds"]]
        unread = [mail for mail in mails if "UNREAD" in mail["labelIds"]]
        return {
            "id": label,
            "name": label,
            "type": "system",
            "messagesTotal": len(mails),
            "messagesUnread": len(unread),
            "threadsTotal": len({mail["threadId"] for mail in mails}),
            "threadsUnread": len({mail["threadId"] for mail in unread}),
        }

    # Drafts

    def create_draft(self, asked: Asked) -> dict[str, Any]:
        self._own(asked)
        mail = self.receive(asked.body.get("message", {}), ["DRAFT"])
        draft = {"id": f"r{secrets.token_hex(8)}", "message_id": mail["id"]}
        self._storage.put("draft", draft["id"], draft)
        return {"id": draft["id"], "message": _reference(mail)}

    def get_draft(self, asked: Asked) -> dict[str, Any]:
        self._own(asked)
        draft = self._draft(asked.params["id"])
        mail = self._mail(draft["message_id"])
        return {"id": draft["id"], "message": self._shown(mail, asked.params)}

    def list_drafts(self, asked: Asked) -> dict[str, Any]:
        self._own(asked)
        found = {mail["id"] for mail in self._search(asked.params.get("q", ""))}
        drafts = [d for d in self._storage.all("draft") if d["message_id"] in found]
        refs = [{"id": d["id"], "message": _reference(self._mail(d["message_id"]))} for d in drafts]
        return self._page("drafts", refs, asked.params)

    def update_draft(self, asked: Asked) -> dict[str, Any]:
        """The draft keeps its id, its content becomes another message, as Gmail does it."""
        self._own(asked)
        draft = self._draft(asked.params["id"])
        mail = self.receive(asked.body.get("message", {}), ["DRAFT"])
        self._forget(draft["message_id"])
        self._storage.put("draft", draft["id"], {**draft, "message_id": mail["id"]})
        return {"id": draft["id"], "message": _reference(mail)}

    def send_draft(self, asked: Asked) -> dict[str, Any]:
        self._own(asked)
        if "message" in asked.body:
            raise Fault(501, "notImplemented", "sending a draft with another text")
        draft = self._draft(asked.body.get("id", ""))
        mail = self._mail(draft["message_id"])
        if not _recipients(_parsed(self._raw(mail))):
            raise Fault(400, "invalidArgument", "Recipient address required")
        mail["internalDate"] = str(int(self._clock.now().timestamp() * 1000))
        self._storage.delete("draft", draft["id"])
        return self._relabel(mail, ["SENT"])

    def delete_draft(self, asked: Asked) -> None:
        self._own(asked)
        draft = self._draft(asked.params["id"])
        self._storage.delete("draft", draft["id"])
        self._forget(draft["message_id"])

    def _forget(self, message_id: str) -> None:
        self._storage.delete("mail", message_id)
        self._storage.delete("raw", message_id)

    def _own(self, asked: Asked) -> None:
        if asked.params.get("userId") not in ("me", self._account):
            raise Fault(403, "forbidden", f"Delegation denied for {asked.params.get('userId')}")

    def _mail(self, identity: str) -> dict[str, Any]:
        mail = self._storage.get("mail", identity)
        if mail is None:
            raise Fault(404, "notFound", "Requested entity was not found.")
        return mail

    def _draft(self, identity: str) -> dict[str, Any]:
        draft = self._storage.get("draft", identity)
        if draft is None:
            raise Fault(404, "notFound", "Requested entity was not found.")
        return draft


def _reference(mail: Mapping[str, Any]) -> dict[str, Any]:
    return {name: mail[name] for name in ("id", "threadId", "labelIds")}


def _parsed(raw: str) -> EmailMessage:
    return _mime.parse(_mime.decode_raw(raw))


def _by_age(mail: Mapping[str, Any]) -> tuple[int, str]:
    return (-int(mail["internalDate"]), str(mail["id"]))


def _check_labels(labels: list[str]) -> None:
    for label in labels:
        if label not in _LABELS:
            raise Fault(400, "invalidArgument", f"Invalid label: {label}")


def _date(parsed: EmailMessage, now: datetime) -> datetime:
    """The mail's own date; now, when nobody can read it."""
    written = dict(_mime.headers(parsed)).get("Date", "")
    try:
        return parsedate_to_datetime(written)
    except (ValueError, TypeError):
        return now


def _recipients(parsed: EmailMessage) -> list[str]:
    found = [(name.lower(), value) for name, value in _mime.headers(parsed)]
    fields = [value for name, value in found if name in ("to", "cc", "bcc")]
    return [address for _name, address in getaddresses(fields) if "@" in address]
