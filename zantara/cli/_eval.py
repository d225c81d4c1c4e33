"""`zantara eval`: how good the answers and the actions are, over a file of cases."""

import sys
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from zantara.cli._session import FAILED, account, json_option, load_settings, print_json, run
from zantara.evals import BadFileError
from zantara.runner import BadRequestError

__all__ = ["command"]

Done = Callable[[], object]
Evaluate = Callable[[Done], Coroutine[Any, Any, Mapping[str, Any]]]


@click.group("eval")
def command() -> None:
    """Score answers or actions over a file of cases.

    Leaves with 0 when the evaluation ran, 2 when the file cannot be used, 1 when it failed. All
    intervals are 95%: Wilson for shares, a bootstrap over rows for means.
    """


def _rows_options(function: Callable[..., Any]) -> Callable[..., Any]:
    for decorate in (
        json_option,
        click.option("--architecture", default="hybrid", metavar="ID", help="The arm to evaluate."),
        click.option("--only", multiple=True, metavar="ID", help="This row; may be repeated."),
        click.option("--limit", type=click.IntRange(1), metavar="N", help="The first N rows."),
        click.argument("file", type=click.Path(path_type=Path)),
    ):
        function = decorate(function)
    return function


@command.command("qa")
@_rows_options
def _qa(**given: Any) -> None:
    """Questions: sources, figures and refusals."""
    from zantara.evals import read_qa, run_qa

    _run(read_qa, run_qa, **given)


@command.command("actions")
@_rows_options
def _actions(**given: Any) -> None:
    """Requests: the calls, their arguments, questions back, false and unconfirmed actions."""
    from zantara.evals import read_actions, run_actions

    _run(read_actions, run_actions, **given)


def _run(
    read: Callable[[Path], list[Any]],
    evaluate: Callable[..., Coroutine[Any, Any, Mapping[str, Any]]],
    *,
    file: Path,
    limit: int | None,
    only: tuple[str, ...],
    architecture: str,
    as_json: bool,
) -> None:
    async def work() -> int:
        from zantara.evals import choose

        with _bad_files():
            rows = choose(read(file), only=only, limit=limit)
        settings = load_settings()
        user = account(settings, "")

        def begin(done: Done) -> Coroutine[Any, Any, Mapping[str, Any]]:
            return evaluate(rows, settings, user, graph=architecture, done=done)

        return await _report(begin, len(rows), as_json=as_json)

    run(work, as_json=as_json)


async def _report(evaluate: Evaluate, total: int, *, as_json: bool) -> int:
    """Run with a progress bar where a person looks on, and print what came out.

    Where every single row ended in an error, nothing was evaluated: that is a failure.
    """
    from rich.console import Console
    from rich.progress import Progress

    errors = Console(stderr=True)
    with Progress(console=errors, transient=True, disable=not errors.is_terminal) as progress:
        task = progress.add_task("evaluating", total=total)
        report = await evaluate(lambda: progress.advance(task))
    if as_json:
        print_json(report)
    else:
        from zantara.evals.report import show

        show(report, Console(file=sys.stdout))
    errors_only = sum("error" in failure for failure in report["failures"]) == total
    return FAILED if errors_only else 0


@contextmanager
def _bad_files() -> Iterator[None]:
    try:
        yield
    except BadFileError as error:
        raise BadRequestError(str(error)) from error
