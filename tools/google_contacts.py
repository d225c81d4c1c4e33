"""The user's contacts, as a model may use them."""

import re
from collections.abc import Collection, Mapping
from email.utils import parseaddr
from typing import Annotated, Any

from langchain_core.tools import BaseTool, InjectedToolArg

from zantara.gate.provenance import Provenance
from zantara.google import GoogleError
from zantara.language import normalise
from zantara.services import current
from zantara.toolkit import Call, Effect, Kind, ToolError, ToolResult, declare

__all__ = ["CONTACTS_TOOLS", "is_alone", "own_addresses"]

_Injected = Annotated[Call, InjectedToolArg]
_MOST = 10
_FEWEST = 3  # letters of a name
_MOST_WORDS = 4
_LONGEST_NAME = 40  # a longer one is a text that somebody else may have written
_ADDRESS = re.compile(
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII
)  # nothing that a search reads otherwise
_MASK = "names,emailAddresses,phoneNumbers,organizations"


@declare(family="contacts", effect=Effect.READ, args={"query": Kind.QUERY})
async def contacts_search(call: _Injected, query: str) -> ToolResult:
    """Find people in the user's address book: name, e-mail addresses, phone numbers, company.

    Args:
        call: The call itself.
        query: A name, a company, or the beginning of an address or number.
    """
    del call
    if not query.strip():
        raise ToolError("query: empty; accepted: a name, a company, an address or a number")
    google = current().google
    people = google.api("people", "v1").people()
    # Google asks for one empty search first, which brings its cache up to date.
    await google.run(lambda: people.searchContacts(query="", readMask="names", pageSize=1))
    found = await google.run(
        lambda: people.searchContacts(query=query, readMask=_MASK, pageSize=_MOST)
    )
    contacts = [_shown(one["person"]) for one in found.get("results", ())]
    strange = {
        f"contacts[{n}].{name}": Provenance.OUTSIDE
        for n, one in enumerate(contacts)
        for name in ("name", "company")
        if len(one.get(name, "")) > _LONGEST_NAME
    }
    classes = {"": Provenance.OWN, "contacts[].id": Provenance.SYSTEM, **strange}
    return ToolResult({"contacts": contacts}, classes)


async def own_addresses(addresses: Collection[str]) -> dict[str, str]:
    """Those of the addresses that are in the user's address book, or that they have written to.

    With the person's name where it is known. Where Google does not answer, nobody is known.
    """
    found: dict[str, str] = {}
    for address in sorted(addresses)[:_MOST]:
        try:
            name = await _known_as(address)
        except GoogleError:
            return found
        if name is not None:
            found[normalise(address)] = name
    return found


async def _known_as(address: str) -> str | None:
    google = current().google
    if not _ADDRESS.fullmatch(address):
        return None
    people = google.api("people", "v1").people()
    hits = await google.run(
        lambda: people.searchContacts(query=address, readMask=_MASK, pageSize=_MOST)
    )
    for one in (hit["person"] for hit in hits.get("results", ())):
        mails = [normalise(mail["value"]) for mail in one.get("emailAddresses", ())]
        if normalise(address) in mails:
            return _first(one, "names", "displayName")
    messages = google.api("gmail", "v1").users().messages()
    sent = await google.run(
        lambda: messages.list(userId="me", q=f"in:sent to:{address}", maxResults=1)
    )
    return "" if sent.get("messages") else None


async def is_alone(sender: str) -> bool:
    """Whether nobody else whom the account knows is called like who wrote this (`Name <address>`): no
    contact, nobody written to and nobody who wrote. Where Google does not answer, nobody is alone.
    """
    name, address = parseaddr(sender)
    words = [word for word in re.findall(r"\w+", name) if len(word) >= _FEWEST][:_MOST_WORDS]
    try:
        return bool(words) and not any([await _has_namesake(one, address) for one in words])
    except GoogleError:
        return False


async def _has_namesake(word: str, address: str) -> bool:
    google = current().google
    people = google.api("people", "v1").people()
    hits = await google.run(
        lambda: people.searchContacts(query=word, readMask=_MASK, pageSize=_MOST)
    )
    if hits.get("results"):
        return True
    messages = google.api("gmail", "v1").users().messages()
    query = f"{{(in:sent to:{word}) (from:{word} -from:{address})}}"
    found = await google.run(lambda: messages.list(userId="me", q=query, maxResults=1))
    return bool(found.get("messages"))


def _shown(person: Mapping[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "id": person["resourceName"],
        "name": _first(person, "names", "displayName"),
        "company": _first(person, "organizations", "name"),
        "emails": [one["value"] for one in person.get("emailAddresses", ())],
        "phones": [one["value"] for one in person.get("phoneNumbers", ())],
    }
    return {name: value for name, value in shown.items() if value}


def _first(person: Mapping[str, Any], field: str, name: str) -> str:
    return next((str(one[name]) for one in person.get(field, ()) if one.get(name)), "")


CONTACTS_TOOLS: tuple[BaseTool, ...] = (contacts_search,)
