"""People v1 as documented, every answer held to the discovery document."""

from typing import Any

import pytest

from zantara.google import Google, GoogleBadRequestError, GoogleNotFoundError
from zantara.google.local._contract import problems

_FIELDS = "names,emailAddresses,phoneNumbers,organizations"


def _people(google: Google) -> Any:
    return google.api("people", "v1").people()


async def _search(google: Google, query: str, **options: Any) -> list[str]:
    given = {"readMask": _FIELDS, **options}
    found = await google.run(lambda: _people(google).searchContacts(query=query, **given))
    assert not problems("people", "SearchResponse", found)
    return [one["person"]["names"][0]["displayName"] for one in found.get("results", ())]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("maria", ["Maria Rossi"]),
        ("maria ros", ["Maria Rossi"]),
        ("ossi", []),
        ("NICCOLO", ["Niccolò Ferri"]),
        ("tom.becker@", ["Tom Becker"]),
        ("+62361", ["Sari Dewi"]),
        ("lautan", ["Luca Bianchi"]),
        ("pt lautan", ["Luca Bianchi"]),
        ("", []),
    ],
)
async def test_words_are_found_by_how_they_begin(
    google: Google, query: str, names: list[str]
) -> None:
    found = await _search(google, query)
    assert found == names


async def test_a_mask_says_what_is_told(google: Google) -> None:
    found = await google.run(
        lambda: _people(google).searchContacts(query="maria", readMask="names")
    )
    assert set(found["results"][0]["person"]) == {"resourceName", "etag", "names"}
    with pytest.raises(GoogleBadRequestError, match="mask"):
        await google.run(lambda: _people(google).searchContacts(query="maria"))
    with pytest.raises(GoogleBadRequestError, match="shoeSizes"):
        await google.run(
            lambda: _people(google).searchContacts(query="maria", readMask="names,shoeSizes")
        )


async def test_pages_of_contacts_in_order(google: Google) -> None:
    names: list[str] = []
    options: dict[str, Any] = {"pageSize": 5, "sortOrder": "FIRST_NAME_ASCENDING"}
    while options.get("pageToken") != "":
        page = await google.run(
            lambda: (
                _people(google)
                .connections()
                .list(resourceName="people/me", personFields=_FIELDS, **options)
            )
        )
        assert not problems("people", "ListConnectionsResponse", page)
        names += [one["names"][0]["displayName"] for one in page["connections"]]
        options["pageToken"] = page.get("nextPageToken", "")
    assert len(names) == page["totalItems"] == 12
    assert names == sorted(names)


async def test_one_contact_and_the_account(google: Google) -> None:
    found = await google.run(lambda: _people(google).searchContacts(query="budi", readMask=_FIELDS))
    name = found["results"][0]["person"]["resourceName"]
    one = await google.run(lambda: _people(google).get(resourceName=name, personFields=_FIELDS))
    assert not problems("people", "Person", one)
    assert one["phoneNumbers"][0]["canonicalForm"] == "+6281255500133"
    me = await google.run(
        lambda: _people(google).get(resourceName="people/me", personFields="emailAddresses")
    )
    assert me["emailAddresses"][0]["value"] == "ayu.lestari@example.com"
    with pytest.raises(GoogleNotFoundError):
        await google.run(
            lambda: _people(google).get(resourceName="people/c999", personFields=_FIELDS)
        )


async def test_contacts_are_no_profiles(google: Google) -> None:
    assert await _search(google, "maria", sources=["READ_SOURCE_TYPE_PROFILE"]) == []
    assert await _search(google, "maria", sources=["READ_SOURCE_TYPE_CONTACT"]) == ["Maria Rossi"]
