"""`zantara replay`: play scripts and say what did not come out as they expect."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from zantara.cli._demo import turn_lines
from zantara.cli._session import FAILED, account, json_option, load_settings, print_json, run
from zantara.cli._text import bold, safe, warn
from zantara.replay import Played, Script, ScriptError, load_script, play
from zantara.runner import BadRequestError

__all__ = ["command"]


@click.command("replay")
@click.argument("paths", nargs=-1, required=True, metavar="FILE...")
@click.option("--architecture", default="hybrid", metavar="ID", help="Which graph (hybrid).")
@click.option("-v", "--verbose", is_flag=True, help="Every turn, not only what failed.")
@json_option
def command(*, paths: tuple[str, ...], architecture: str, verbose: bool, as_json: bool) -> None:
    """Play the scripts in FILE... (YAML; a folder: all in it), each on a data folder of its own.

    Leaves with 0 when everything held, 1 when not, 2 when a file is no script.
    """

    async def work() -> int:
        scripts = [(path, _load(path)) for path in _files(paths)]
        settings = load_settings()
        results: list[tuple[Path, Played]] = []
        for path, script in scripts:
            played = await play(script, settings, account(settings, ""), graph=architecture)
            results.append((path, played))
            if not as_json:
                click.echo("\n".join(_lines(path, played, verbose=verbose)))
        if as_json:
            print_json([{"file": str(path), **played.to_json()} for path, played in results])
        return 0 if all(played.ok for _path, played in results) else FAILED

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


def _lines(path: Path, played: Played, *, verbose: bool) -> Iterable[str]:
    verdict = "ok" if played.ok else warn("FAILED")
    yield f"{verdict}  {safe(str(path))}: {bold(safe(played.title))}, {len(played.turns)} turns"
    for one in played.turns:
        if verbose:
            yield from turn_lines(one)
        elif one.failures:
            yield f"  {safe(one.spec.say)}"
            yield from (f"    {warn(safe(text))}" for text in one.failures)
