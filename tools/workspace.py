"""The one tool behind which the workspace subgraph works: a task in words, handed over whole."""

from typing import Annotated

from langchain_core.tools import InjectedToolArg

from zantara.toolkit import Call, Effect, Kind, ToolError, ToolResult, declare

__all__ = ["workspace"]

_Injected = Annotated[Call, InjectedToolArg]


@declare(
    family="workspace",
    effect=Effect.DELEGATE,
    args={"task": Kind.TEXT, "material": Kind.TEXT},
)
async def workspace(call: _Injected, task: str, material: str = "") -> ToolResult:
    """Hand a task in Google Drive, Docs, Sheets, Slides or the address book to the specialist for it.

    It finds, reads, uploads and creates files, reads and adds rows of spreadsheets, makes
    presentations and looks up contacts, and returns what it did and found. Give one task with
    everything that belongs to it.

    Args:
        call: The call itself.
        task: What to do, in the user's own words: titles, names, ranges and values unchanged.
        material: Results of other calls that the task needs, such as the text for a document.
    """
    del task, material
    raise ToolError(f"{call.id}: this tool is run by the workspace subgraph alone")
