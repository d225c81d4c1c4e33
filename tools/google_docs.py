"""Google Docs, as a model may use it."""

from collections.abc import Mapping
from typing import Annotated, Any

from langchain_core.tools import BaseTool, InjectedToolArg

from tools._drive_files import (
    DOCUMENT,
    create_file,
    file_origins,
    get_file,
    shown_file,
    undo_made,
)
from zantara.google import GoogleBadRequestError, SentOrNotError
from zantara.services import current
from zantara.toolkit import Call, Effect, Kind, Preview, ToolError, ToolResult, declare

__all__ = ["DOCS_TOOLS"]

_Injected = Annotated[Call, InjectedToolArg]
_LONGEST = 200_000


async def _preview(_call: Call, title: str, content: str = "") -> Preview:
    _check(title, content)
    return Preview({"content": content} if content else {})


@declare(
    family="files",
    effect=Effect.CREATE,
    args={"title": Kind.NAME, "content": Kind.TEXT},
    preview=_preview,
    undo=undo_made,
)
async def docs_create(call: _Injected, title: str, content: str = "") -> ToolResult:
    """Create a document in Google Docs.

    Args:
        call: The call itself.
        title: Its title.
        content: Its text, plain; empty for an empty document.
    """
    _check(title, content)
    made = await create_file(call, {"name": title.strip(), "mimeType": DOCUMENT})
    if content:
        await _write(made["id"], content)
        made = await get_file(made["id"])  # its time is compared before it is undone
    return ToolResult({"created": shown_file(made)}, file_origins("created", [made]))


def _check(title: str, content: str) -> None:
    if not title.strip():
        raise ToolError("title: empty; accepted: the document's title")
    if len(content) > _LONGEST:
        raise ToolError(f"content: {len(content)} characters; accepted: at most {_LONGEST:,}")


async def _write(identity: str, content: str) -> None:
    """Into an empty document alone: a run that was cut off may have written it already."""
    google = current().google
    documents = google.api("docs", "v1").documents()
    now = await google.run(lambda: documents.get(documentId=identity))
    if _length(now) > 1:
        return
    body = {
        "requests": [{"insertText": {"location": {"index": 1}, "text": content}}],
        "writeControl": {"requiredRevisionId": now["revisionId"]},
    }
    try:
        await google.run(lambda: documents.batchUpdate(documentId=identity, body=body))
    except (SentOrNotError, GoogleBadRequestError):
        if _length(await google.run(lambda: documents.get(documentId=identity))) <= 1:
            raise


def _length(document: Mapping[str, Any]) -> int:
    """Where its text ends; an empty document is one line break."""
    return int(document["body"]["content"][-1].get("endIndex", 1)) - 1


DOCS_TOOLS: tuple[BaseTool, ...] = (docs_create,)
