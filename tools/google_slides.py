"""Google Slides, as a model may use it."""

from typing import Annotated

from langchain_core.tools import BaseTool, InjectedToolArg

from tools._drive_files import PRESENTATION, create_file, file_origins, shown_file, undo_made
from zantara.toolkit import Call, Effect, Kind, Preview, ToolError, ToolResult, declare

__all__ = ["SLIDES_TOOLS"]

_Injected = Annotated[Call, InjectedToolArg]


async def _preview(_call: Call, title: str) -> Preview:
    _check(title)
    return Preview({})


@declare(
    family="files",
    effect=Effect.CREATE,
    args={"title": Kind.NAME},
    preview=_preview,
    undo=undo_made,
)
async def slides_create(call: _Injected, title: str) -> ToolResult:
    """Create an empty presentation in Google Slides.

    Args:
        call: The call itself.
        title: Its title.
    """
    _check(title)
    made = await create_file(call, {"name": title.strip(), "mimeType": PRESENTATION})
    return ToolResult({"created": shown_file(made)}, file_origins("created", [made]))


def _check(title: str) -> None:
    if not title.strip():
        raise ToolError("title: empty; accepted: the presentation's title")


SLIDES_TOOLS: tuple[BaseTool, ...] = (slides_create,)
