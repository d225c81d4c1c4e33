"""The server's login, and who may do what. First form: one local account, for development."""

import os
from typing import Any
from urllib.parse import urlsplit

from langgraph_sdk import Auth

from zantara.google import demo_person
from zantara.identity import store_label
from zantara.server._runs import check_run

__all__ = ["auth"]

auth = Auth()

Mine = dict[str, Any]

_NEAR = ("localhost", "127.0.0.1", "::1")
_STUDIO = "smith.langchain.com"
_PERSON = demo_person()  # the person at this machine, as the command line has it; read at import


@auth.authenticate
async def authenticate(headers: dict[bytes, bytes]) -> Auth.types.MinimalUserDict:
    """The local account with ZANTARA_DEV=1 (`make dev`); nobody otherwise.

    There is no password, so a web page that the developer happens to visit must not be able to use
    it: other hosts and other origins are refused.
    """
    if os.environ.get("ZANTARA_DEV") != "1":
        raise _denied("no login is configured; for development on this machine set ZANTARA_DEV=1")
    host = urlsplit(f"//{headers.get(b'host', b'').decode()}").hostname
    if host is not None and host not in _NEAR:
        raise _denied(f"host: {host!r}; accepted: {', '.join(_NEAR)}")
    origin = headers.get(b"origin", b"").decode()
    if origin and urlsplit(origin).hostname not in (*_NEAR, _STUDIO):
        raise _denied(f"origin: {origin!r}; accepted: this machine and https://{_STUDIO}")
    account: Any = {
        "identity": "local",
        "display_name": os.environ.get("ZANTARA_USER") or _PERSON.name,
        "role": "owner",
        "email": _PERSON.email,
        "is_authenticated": True,
    }
    return account  # type: ignore[no-any-return]  # extra claims are allowed beside the minimal ones


@auth.on
async def own_things_only(ctx: Auth.types.AuthContext, value: dict[str, Any]) -> Mine:
    """Everything a user makes is marked as theirs, and they find only that."""
    if value.get("metadata") is None:
        value["metadata"] = {}
    value["metadata"].update(_mine(ctx))  # in place: the server keeps this very dict
    return _mine(ctx)


@auth.on(resources="threads", actions="create_run")
async def runs(ctx: Auth.types.AuthContext, value: dict[str, Any]) -> Mine:
    """A run must fit what its thread waits for; it cannot reach past the gate."""
    await check_run(value)
    return await own_things_only(ctx=ctx, value=value)


@auth.on(resources="assistants", actions=["read", "search"])
async def graphs_and_own(ctx: Auth.types.AuthContext, value: dict[str, Any]) -> Mine:
    """The graphs' own assistants are everybody's."""
    del value
    return {"$or": [{"created_by": "system"}, _mine(ctx)]}


@auth.on.crons
async def no_crons(ctx: Auth.types.AuthContext, value: dict[str, Any]) -> bool:
    """Nobody would be there to approve what a run at night asks for."""
    del ctx, value
    return False


@auth.on.store
async def own_transcript(ctx: Auth.types.AuthContext, value: dict[str, Any]) -> bool:
    """The store is written by the graph alone; a user reads what it keeps of their threads."""
    namespace = tuple(value.get("namespace") or ())
    label = store_label(ctx.user.identity)
    reads = ctx.action in ("get", "search", "list_namespaces")
    return reads and len(namespace) > 1 and namespace[1] == label


def _mine(ctx: Auth.types.AuthContext) -> dict[str, str]:
    return {"owner": ctx.user.identity}


def _denied(detail: str) -> Exception:
    return Auth.exceptions.HTTPException(status_code=401, detail=detail)
