"""The user's contacts, as a model may use them."""

from collections.abc import Mapping
from typing import Annotated, Any

from langchain_core.tools import BaseTool, InjectedToolArg

from zantara.gate.provenance import Provenance
from zantara.services import current
from zantara.toolkit import Call, ToolError, ToolResult, declare

__all__ = ["CONTACTS_TOOLS"]

_Injected = Annotated[Call, InjectedToolArg]
_MOST = 10
_MASK = "names,emailAddresses,phoneNumbers,organizations"


@declare(family="workspace", writes=False)
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
    return ToolResult(
        {"contacts": contacts}, {"": Provenance.OWN, "contacts[].id": Provenance.SYSTEM}
    )


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
