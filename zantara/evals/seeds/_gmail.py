"""A mail that the row's search finds: from the person and about the words that it names."""

import base64
import re
from email.message import EmailMessage
from email.utils import format_datetime, formataddr

from zantara.evals._files import ActionRow
from zantara.evals.seeds._ground import Ground, Target
from zantara.language import plain

__all__ = ["seed"]

_OPERATOR = re.compile(r'(\w+):("[^"]*"|\S+)')
_BODY = "Good morning, this is about: {about}. Please let me know. Thank you."


async def seed(ground: Ground, row: ActionRow, index: int) -> Target | None:
    """The newest mail of the mailbox, unread, for a search; nothing for other mail calls."""
    query = row.expected_calls[index].args.get("query")
    if row.expected_calls[index].tool != "gmail.search" or not query:
        return None
    google = ground.services.google
    users = google.api("gmail", "v1").users()
    mail = _mail(str(query), row)
    raw = base64.urlsafe_b64encode(mail.as_bytes()).decode()
    # The API takes a mail from elsewhere only by import; the local one is told by its labels.
    made = await google.run(lambda: users.messages().send(userId="me", body={"raw": raw}))
    labels = {"addLabelIds": ["INBOX", "UNREAD"], "removeLabelIds": ["SENT"]}
    await google.run(lambda: users.messages().modify(userId="me", id=made["id"], body=labels))
    return Target(str(made["id"]))


def _mail(query: str, row: ActionRow) -> EmailMessage:
    operators = dict(_OPERATOR.findall(query))
    words = _OPERATOR.sub(" ", query).strip()
    sender = operators.get("from", "").strip('"') or words or "Sender"
    about = operators.get("subject", "").strip('"') or words or "News"
    mail = EmailMessage()
    mail["From"] = _address(sender)
    mail["To"] = "me@example.com"
    mail["Subject"] = about[:1].upper() + about[1:]
    mail["Date"] = format_datetime(row.now)
    mail.set_content(_BODY.format(about=words or about))
    if operators.get("has") == "attachment":
        mail.add_attachment("attached\n", filename="attachment.txt")
    return mail


def _address(sender: str) -> str:
    if "@" in sender:
        return sender
    name = " ".join(word.capitalize() for word in sender.split())
    return formataddr((name, f"{'.'.join(plain(sender).split())}@example.com"))
