"""`zantara replay`: play scripts and say what did not come out as they expect."""

from collections.abc import Iterable, Sequence
from itertools import product
from pathlib import Path

import click

from zantara.cli._demo import turn_lines
from zantara.cli._session import (
    FAILED,
    account,
    graph_option,
    graphs_of,
    json_option,
    load_settings,
    print_json,
    run,
)
from zantara.cli._text import bold, safe, warn
from zantara.replay import Played, Script, ScriptError, load_script, play
from zantara.runner import BadRequestError

__all__ = ["command"]


@click.command("replay")
@click.argument("paths", nargs=-1, required=True, metavar="FILE...")
@graph_option
@click.option("-v", "--verbose", is_flag=True, help="Every turn, not only what failed.")
@json_option
def command(*, paths: tuple[str, ...], architecture: str, verbose: bool, as_json: bool) -> None:
    """Play the scripts in FILE... (YAML; a folder: all in it), each on a data folder of its own.

    Leaves with 0 when everything held, 1 when not, 2 when a file is no script.
    """

    async def work() -> int:
        scripts = [(path, _load(path)) for path in _files(paths)]
        settings = load_settings()
        results: list[dict[str, object]] = []
        for graph, (path, script) in product(graphs_of(architecture), scripts):
            played = await play(script, settings, account(settings, ""), graph=graph)
            results.append({"file": str(path), "architecture": graph, **played.to_json()})
            if not as_json:
                click.echo("\n".join(_lines(f"{graph}: {path}", played, verbose=verbose)))
        if as_json:
            print_json(results)
        return 0 if all(one["ok"] for one in results) else FAILED

    run(work, as_json=as_json)


def _files(paths: Sequence[str]) -> list[Path]:
    found: list[Path] = []
    for name in paths:
        path = Path(name)
        inside = sorted(path.rglob("*.y*ml")) if path.is_dir() else [path]
        if not inside or not inside[0].exists():
            raise BadRequestError(f"file: {name!r}: there is no script; accepted: YAML files")
        found += inside
    return found


def _load(path: Path) -> Script:
    try:
        return load_script(path)
    except (ScriptError, OSError, UnicodeDecodeError) as error:
        raise BadRequestError(str(error)) from error


def _lines(name: str, played: Played, *, verbose: bool) -> Iterable[str]:
    verdict = "ok" if played.ok else warn("FAILED")
    yield f"{verdict}  {safe(name)}: {bold(safe(played.title))}, {len(played.turns)} turns"
    for one in played.turns:
        if verbose:
            yield from turn_lines(one)
        elif one.failures:
            yield f"  {safe(one.spec.say)}"
            yield from (f"    {warn(safe(text))}" for text in one.failures)
