"""`zantara graph`: the graph as it is compiled, drawn on this machine and by no web service."""

import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click
from langchain_core.runnables.graph import Graph

from zantara.cli._session import leave
from zantara.runner import BadRequestError, load_graph

__all__ = ["command"]


@click.command("graph")
@click.option("--png", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE")
@click.option("--mermaid", is_flag=True, help="Mermaid text, in a terminal too.")
@click.option("--architecture", default="hybrid", metavar="ID", help="Which graph (hybrid).")
def command(*, png: Path | None, mermaid: bool, architecture: str) -> None:
    """Mermaid text; in a terminal each node with where it can go; --png needs graphviz.

    Every graph has the nodes of all arms; drawn is what a turn on this one goes through, and with
    `--architecture zantara` everything.
    """
    leave(lambda: _draw(png, mermaid=mermaid, architecture=architecture))


def _draw(png: Path | None, *, mermaid: bool, architecture: str) -> int:
    drawn = _gone_through(load_graph(architecture).get_graph())
    if png is not None:
        _write_png(png, drawn)
        click.echo(f"written: {png}")
    elif mermaid or not sys.stdout.isatty():
        click.echo(drawn.draw_mermaid(), nl=False)
    else:
        click.echo("\n".join(_outline(drawn.edges)))
    return 0


def _gone_through(graph: Graph) -> Graph:
    """What can be reached from the start."""
    reached, new = set[str](), {"__start__"}
    while new:
        reached |= new
        new = {edge.target for edge in graph.edges if edge.source in reached} - reached
    nodes = {name: node for name, node in graph.nodes.items() if name in reached}
    return Graph(nodes, [edge for edge in graph.edges if edge.source in reached])


def _outline(edges: Iterable[Any]) -> Iterator[str]:
    """Each node with its ways out: `->` always, `..>` by decision."""
    ways: dict[str, list[str]] = {}
    for edge in edges:
        arrow = "..>" if edge.conditional else "-->"
        ways.setdefault(edge.source, []).append(f"{arrow} {edge.target}")
    for source, targets in ways.items():
        yield click.style(source.strip("_"), bold=True)
        yield from (f"  {target.replace('__', '')}" for target in targets)


def _write_png(path: Path, drawn: Any) -> None:
    try:
        subprocess.run(  # noqa: S603 - fixed words; the graph goes in as text
            ["dot", "-Tpng", "-o", str(path)],  # noqa: S607 - wherever the user has it
            input="\n".join(_dot(drawn.edges)),
            text=True,
            check=True,
            capture_output=True,
        )
    except FileNotFoundError as error:
        raise BadRequestError(
            "png: graphviz (the program `dot`) is not installed; install it, or draw the text of"
            " `zantara graph --mermaid` where you like"
        ) from error
    except subprocess.CalledProcessError as error:
        raise BadRequestError(f"png: {path}: {error.stderr.strip()}") from error


def _dot(edges: Iterable[Any]) -> Iterator[str]:
    yield 'digraph zantara { node [shape=box, style=rounded, fontname="sans-serif"]'
    for edge in edges:
        style = " [style=dashed]" if edge.conditional else ""
        yield f'"{edge.source.strip("_")}" -> "{edge.target.strip("_")}"{style}'
    yield "}"
