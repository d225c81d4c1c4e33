"""WhatsApp and Slack as tools: once, not at all, or unknown."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.kit import NOW
from tests.unit.tools.conftest import Killed, Notes
from tools.slack_channel import SLACK_TOOLS
from zantara.channels import Channels
from zantara.channels.local import LocalChannels
from zantara.services import Services
from zantara.toolkit import OutcomeUnknownError, ToolError, spec_of

SAY = {"to": "0812-3456 7890", "message": "The car is here"}
POST = {"channel": "#operations", "text": "Power cut <!channel> & more"}


class Line(httpx.AsyncBaseTransport):
    """The local channels behind a line that breaks once: before or after the request arrives."""

    def __init__(self, inner: LocalChannels, path: str, *, arrives: bool, error: Exception) -> None:
        self._inner = inner
        self._path = path
        self._arrives = arrives
        self._error = error

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if not self._path or self._path not in request.url.path:
            return await self._inner.handle_async_request(request)
        self._path = ""
        if self._arrives:
            await self._inner.handle_async_request(request)
        raise self._error


@pytest.fixture
def local(services: Services) -> LocalChannels:
    return LocalChannels(services.settings.home / "channels.sqlite", clock=NOW)


@pytest.fixture
def lose_message(services: Services, local: LocalChannels) -> Callable[..., None]:
    def losing(path: str, *, arrives: bool, error: Exception | None = None) -> None:
        line = Line(local, path, arrives=arrives, error=error or httpx.ReadTimeout("timed out"))
        home = services.settings.home
        services.channels = Channels(services.settings, home / "channels.sqlite", NOW, line)

    return losing


def texts(local: LocalChannels, channel: str) -> list[tuple[str, str]]:
    return [(one.target, one.text) for one in local.delivered(channel)]


async def test_a_whatsapp_message_reaches_an_indonesian_number(
    run: Any, local: LocalChannels
) -> None:
    sent = await run("whatsapp_send", **SAY)
    assert sent.data["to"] == "+6281234567890"
    assert texts(local, "whatsapp") == [("6281234567890", "The car is here")]


@pytest.mark.parametrize("to", ["Leo", "12", "+62 812 abc", ""])
async def test_a_name_is_no_number(run: Any, local: LocalChannels, to: str) -> None:
    with pytest.raises(ToolError, match=r"to: .* accepted: \+62"):
        await run("whatsapp_send", to=to, message="x")
    assert not local.delivered()


async def test_a_whatsapp_message_whose_answer_is_lost_is_unknown_and_never_repeated(
    run: Any, local: LocalChannels, lose_message: Callable[..., None]
) -> None:
    notes = Notes()
    lose_message("/messages", arrives=True)
    with pytest.raises(OutcomeUnknownError, match="look into the chat"):
        await run("whatsapp_send", notes=notes, **SAY)
    with pytest.raises(OutcomeUnknownError, match="look into the chat"):
        await run("whatsapp_send", notes=notes, **SAY)
    assert len(local.delivered()) == 1


async def test_a_whatsapp_message_that_found_no_connection_was_not_sent(
    run: Any, lose_message: Callable[..., None]
) -> None:
    lose_message("/messages", arrives=False, error=httpx.ConnectError("refused"))
    with pytest.raises(ToolError, match="cannot be reached"):
        await run("whatsapp_send", **SAY)


async def test_a_slack_post_mentions_nobody_that_its_text_names(
    run: Any, local: LocalChannels
) -> None:
    await run("slack_notify", **POST)
    assert texts(local, "slack") == [("operations", "Power cut &lt;!channel&gt; &amp; more")]


async def test_an_unknown_channel_is_told_with_those_there_are(run: Any) -> None:
    with pytest.raises(ToolError, match=r"no '#nowhere'; accepted: .*#operations"):
        await run("slack_notify", channel="#nowhere", text="x")


@pytest.mark.parametrize("arrives", [True, False])
async def test_a_slack_post_whose_answer_is_lost_is_looked_up(
    run: Any, local: LocalChannels, lose_message: Callable[..., None], arrives: bool
) -> None:
    lose_message("chat.postMessage", arrives=arrives)
    if arrives:
        assert (await run("slack_notify", **POST)).data["channel"] == "#operations"
    else:
        with pytest.raises(ToolError, match="nothing was sent"):
            await run("slack_notify", **POST)
    assert len(local.delivered()) == arrives


async def test_a_slack_call_that_a_crash_cut_off_posts_once(run: Any, local: LocalChannels) -> None:
    notes = Notes(fails_at=1)
    with pytest.raises(Killed):
        await run("slack_notify", notes=notes, **POST)
    await run("slack_notify", notes=notes, **POST)
    await run("slack_notify", notes=notes, **POST)
    assert len(local.delivered()) == 1


async def test_a_slack_post_is_taken_back(run: Any, local: LocalChannels) -> None:
    done = await run("slack_notify", **POST)
    undo = spec_of(SLACK_TOOLS[0]).undo
    assert callable(undo)
    await undo(None, done.data)  # type: ignore[arg-type]  # it needs nothing of its call
    assert not local.delivered()
    with pytest.raises(ToolError, match="could not be deleted"):
        await undo(None, done.data)  # type: ignore[arg-type]  # it needs nothing of its call


async def test_a_token_is_in_no_error(run: Any, services: Services) -> None:
    class Echo(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            return httpx.Response(
                401, json={"error": {"message": request.headers["authorization"]}}
            )

    settings = services.settings.model_copy()
    settings.whatsapp_token = type(settings.whatsapp_token)("s3cret-token")
    settings.whatsapp_number_id = "1"
    services.channels = Channels(settings, settings.home / "c.sqlite", NOW, Echo())
    with pytest.raises(ToolError) as refused:
        await run("whatsapp_send", **SAY)
    assert "s3cret" not in str(refused.value)
    assert "refused (401)" in str(refused.value)
