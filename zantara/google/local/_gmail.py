"""Gmail v1: messages, drafts, threads and labels of the one account."""

import re
import secrets
from collections.abc import Mapping
from email.message import EmailMessage
from email.utils import format_datetime, getaddresses, make_msgid, parsedate_to_datetime
from typing import Any

from zantara.clock import Clock
from zantara.google.local import _mime
from zantara.google.local._contract import Asked
from zantara.google.local._faults import Fault
from zantara.google.local._search import matches
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
    "gmail.users.threads.get": ("get_thread", _ID | {"format", "metadataHeaders"}),
    "gmail.users.labels.list": ("labels", _USER),
    "gmail.users.drafts.create": ("create_draft", _USER),
    "gmail.users.drafts.get": ("get_draft", _ID | {"format"}),
    "gmail.users.drafts.list": ("list_drafts", _USER | {"q", "maxResults", "pageToken"}),
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
        params = asked.params
        found = self._search(params.get("q", ""), hidden=bool(params.get("includeSpamTrash")))
        for label in params.get("labelIds", ()):
            found = [mail for mail in found if label in mail["labelIds"]]
        refs = [{"id": mail["id"], "threadId": mail["threadId"]} for mail in found]
        return self._page("messages", refs, params)

    def _search(self, query: str, *, hidden: bool = False) -> list[dict[str, Any]]:
        """Newest first; spam and trash only when asked for."""
        now = self._clock.now()
        hidden = hidden or bool(re.search(r"\bin:(trash|spam|anywhere)\b", query))
        found = [
            mail
            for mail in self._storage.all("mail")
            if (hidden or not _HIDDEN & set(mail["labelIds"])) and matches(mail, query, now)
        ]
        return sorted(found, key=lambda mail: (-int(mail["internalDate"]), mail["id"]))

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
        shown["sizeEstimate"] = len(mail["raw"]) * 3 // 4
        if form == "raw":
            shown["raw"] = mail["raw"]
        elif form != "minimal":
            parsed = _mime.parse(_mime.decode_raw(mail["raw"]))
            shown["payload"] = _mime.payload(parsed)
            if form == "metadata":
                wanted = {name.lower() for name in params.get("metadataHeaders", ())}
                headers = shown["payload"]["headers"]
                kept = [h for h in headers if not wanted or h["name"].lower() in wanted]
                shown["payload"] = {"mimeType": shown["payload"]["mimeType"], "headers": kept}
        return shown

    def send(self, asked: Asked) -> dict[str, Any]:
        self._own(asked)
        return _reference(self.receive(asked.body, ["SENT"], addressed=True))

    def receive(
        self, body: Mapping[str, Any], labels: list[str], *, addressed: bool = False
    ) -> dict[str, Any]:
        """Store a mail given as {"raw", "threadId"?}; a sent one must have a recipient."""
        parsed = _mime.parse(_mime.decode_raw(body.get("raw", "")))
        if addressed and not _recipients(parsed):
            raise Fault(400, "invalidArgument", "Recipient address required")
        now = self._clock.now()
        self._complete(parsed, now_header=format_datetime(now))
        date = parsedate_to_datetime(str(parsed["Date"]))
        identity = secrets.token_hex(8)
        mail = {
            "id": identity,
            "threadId": self._thread(parsed, body.get("threadId"), identity),
            "labelIds": labels,
            "snippet": _mime.snippet(parsed),
            "historyId": str(self._storage.changes() + 1),
            "internalDate": str(int((now if addressed else date).timestamp() * 1000)),
            "raw": _mime.encode(parsed.as_bytes()),
            "headers": {name.lower(): str(value) for name, value in parsed.items()},
            "text": _mime.snippet(parsed) if not parsed.is_multipart() else _whole(parsed),
            "attachments": [str(part.get_filename()) for part in parsed.iter_attachments()],
        }
        self._storage.put("mail", identity, mail)
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
        references = f"{parsed.get('In-Reply-To', '')} {parsed.get('References', '')}".split()
        for mail in self._storage.all("mail") if references else ():
            if mail["headers"].get("message-id") in references:
                return str(mail["threadId"])
        return wished or identity

    def modify(self, asked: Asked) -> dict[str, Any]:
        self._own(asked)
        mail = self._mail(asked.params["id"])
        add, remove = asked.body.get("addLabelIds", []), asked.body.get("removeLabelIds", [])
        for label in (*add, *remove):
            if label not in _LABELS:
                raise Fault(400, "invalidArgument", f"Invalid label: {label}")
        kept = [label for label in mail["labelIds"] if label not in remove]
        mail["labelIds"] = list(dict.fromkeys([*kept, *add]))
        self._storage.put("mail", mail["id"], mail)
        return {**_reference(mail)}

    def trash(self, asked: Asked) -> dict[str, Any]:
        self._own(asked)
        mail = self._mail(asked.params["id"])
        mail["labelIds"] = [*(label for label in mail["labelIds"] if label != "INBOX"), "TRASH"]
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

    def send_draft(self, asked: Asked) -> dict[str, Any]:
        self._own(asked)
        draft = self._draft(asked.body.get("id", ""))
        mail = self._mail(draft["message_id"])
        if not _recipients(_mime.parse(_mime.decode_raw(mail["raw"]))):
            raise Fault(400, "invalidArgument", "Recipient address required")
        mail["labelIds"] = ["SENT"]
        mail["internalDate"] = str(int(self._clock.now().timestamp() * 1000))
        self._storage.put("mail", mail["id"], mail)
        self._storage.delete("draft", draft["id"])
        return _reference(mail)

    def delete_draft(self, asked: Asked) -> None:
        self._own(asked)
        draft = self._draft(asked.params["id"])
        self._storage.delete("draft", draft["id"])
        self._storage.delete("mail", draft["message_id"])

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


def _recipients(parsed: EmailMessage) -> list[str]:
    fields = [str(value) for name in ("To", "Cc", "Bcc") for value in parsed.get_all(name, [])]
    return [address for _name, address in getaddresses(fields) if "@" in address]


def _whole(parsed: EmailMessage) -> str:
    body = parsed.get_body(("plain", "html"))
    return str(body.get_content()) if body is not None else ""
