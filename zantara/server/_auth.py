"""The server's login. First form: the development server's one local account."""

import os
from typing import Any

from langgraph_sdk import Auth

__all__ = ["auth"]

auth = Auth()


@auth.authenticate
async def authenticate(headers: dict[bytes, bytes]) -> Auth.types.MinimalUserDict:
    """The local account with ZANTARA_DEV=1 (`make dev`); nobody otherwise."""
    del headers
    if os.environ.get("ZANTARA_DEV") != "1":
        raise Auth.exceptions.HTTPException(
            status_code=401,
            detail="no login is configured; for development on this machine set ZANTARA_DEV=1",
        )
    account: Any = {
        "identity": "local",
        "display_name": os.environ.get("ZANTARA_USER") or "Ayu",
        "role": "owner",
        "email": "",
        "is_authenticated": True,
    }
    return account  # type: ignore[no-any-return]  # extra claims are allowed beside the minimal ones


@auth.on
async def own_things_only(ctx: Auth.types.AuthContext, value: dict[str, Any]) -> dict[str, str]:
    """Everything a user makes is marked as theirs, and they find only that."""
    metadata = value.setdefault("metadata", {})
    metadata["owner"] = ctx.user.identity
    return {"owner": ctx.user.identity}
