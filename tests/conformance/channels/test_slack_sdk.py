"""The local Slack against Slack's own client, which knows nothing of us."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.kit import NOW
from tests.loopback import serving_wsgi
from zantara.channels.local import LocalChannels
from zantara.channels.local.__main__ import wsgi

pytestmark = pytest.mark.loopback


@pytest.fixture
def client(tmp_path: Path) -> Iterator[WebClient]:
    with serving_wsgi(wsgi(LocalChannels(tmp_path / "channels.sqlite", clock=NOW))) as address:
        yield WebClient("xoxb-test", base_url=f"{address}/api/", retry_handlers=[])


def test_who_it_is(client: WebClient) -> None:
    assert client.auth_test()["ok"]


def test_every_channel_is_listed_page_by_page(client: WebClient) -> None:
    names: list[str] = []
    cursor = ""
    while True:
        page = client.conversations_list(limit=2, cursor=cursor)
        names += [one["name"] for one in page["channels"]]
        cursor = page["response_metadata"]["next_cursor"]
        if not cursor:
            break
    assert {"general", "operations"} <= set(names)
    assert len(names) == len(set(names))


def test_a_post_is_found_with_its_metadata_and_deleted(client: WebClient) -> None:
    metadata = {"event_type": "test", "event_payload": {"key": "1"}}
    posted = client.chat_postMessage(channel="#operations", text="Power cut", metadata=metadata)
    channel = posted["channel"]
    (found,) = client.conversations_history(channel=channel, include_all_metadata=True)["messages"]
    assert (found["text"], found["metadata"], found["ts"]) == ("Power cut", metadata, posted["ts"])
    client.chat_delete(channel=channel, ts=posted["ts"])
    assert not client.conversations_history(channel=channel)["messages"]


@pytest.mark.parametrize(
    ("method", "given", "error"),
    [
        ("chat_postMessage", {"channel": "nowhere", "text": "x"}, "channel_not_found"),
        ("chat_postMessage", {"channel": "general", "text": "x" * 40_001}, "msg_too_long"),
        ("chat_delete", {"channel": "general", "ts": "1.2"}, "message_not_found"),
    ],
)
def test_refusals_are_slacks(
    client: WebClient, method: str, given: dict[str, str], error: str
) -> None:
    with pytest.raises(SlackApiError) as refused:
        getattr(client, method)(**given)
    assert refused.value.response["error"] == error


def test_what_is_not_implemented_is_never_ignored(client: WebClient) -> None:
    with pytest.raises(SlackApiError) as refused:
        client.chat_postMessage(channel="general", text="x", thread_ts="1.2")
    assert refused.value.response.status_code == 501
