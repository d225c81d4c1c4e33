"""Chat v1 as documented, every answer held to the discovery document."""

from typing import Any

import pytest

from zantara.google import (
    Google,
    GoogleBadRequestError,
    GoogleConflictError,
    GoogleNotFoundError,
)
from zantara.google.local._contract import problems


def _spaces(google: Google) -> Any:
    return google.api("chat", "v1").spaces()


async def _finance(google: Google) -> str:
    page = await google.run(lambda: _spaces(google).list(filter='spaceType = "SPACE"'))
    assert not problems("chat", "ListSpacesResponse", page)
    return str({one["displayName"]: one["name"] for one in page["spaces"]}["Finance"])


async def _post(google: Google, text: str, **keys: str) -> dict[str, Any]:
    space = await _finance(google)
    made = await google.run(
        lambda: _spaces(google).messages().create(parent=space, body={"text": text}, **keys)
    )
    assert not problems("chat", "Message", made)
    return made


async def _texts(google: Google, **options: Any) -> list[str]:
    space = await _finance(google)
    page = await google.run(lambda: _spaces(google).messages().list(parent=space, **options))
    assert not problems("chat", "ListMessagesResponse", page)
    return [one["text"] for one in page.get("messages", ())]


async def test_a_request_id_makes_one_message(google: Google) -> None:
    first = await _post(google, "Paid", requestId="r1", messageId="client-a1")
    again = await _post(google, "Paid", requestId="r1", messageId="client-a1")
    assert again["name"] == first["name"]
    assert await _texts(google) == ["Paid"]


async def test_a_message_id_is_taken_once_and_finds_its_message(google: Google) -> None:
    first = await _post(google, "Paid", messageId="client-a1")
    with pytest.raises(GoogleConflictError):
        await _post(google, "Paid", messageId="client-a1")
    name = f"{await _finance(google)}/messages/client-a1"
    found = await google.run(lambda: _spaces(google).messages().get(name=name))
    assert found == first


async def test_messages_are_listed_in_order_and_deleted(google: Google) -> None:
    one = await _post(google, "One")
    await _post(google, "Two")
    assert await _texts(google, orderBy="createTime DESC") == ["Two", "One"]
    await google.run(lambda: _spaces(google).messages().delete(name=one["name"]))
    assert await _texts(google) == ["Two"]
    with pytest.raises(GoogleNotFoundError):
        await google.run(lambda: _spaces(google).messages().get(name=one["name"]))


@pytest.mark.parametrize("keys", [{"messageId": "mine"}, {"messageId": "client-UPPER"}])
async def test_a_bad_message_id_is_refused(google: Google, keys: dict[str, str]) -> None:
    with pytest.raises(GoogleBadRequestError, match="client-"):
        await _post(google, "x", **keys)


async def test_an_empty_message_is_refused(google: Google) -> None:
    with pytest.raises(GoogleBadRequestError, match="empty"):
        await _post(google, " ")
