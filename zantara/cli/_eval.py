"""`zantara eval`: how good the answers and the actions are, over a file of cases."""

import sys
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import click

from zantara.cli._session import (
    ALL,
    FAILED,
    account,
    graph_option,
    graphs_of,
    json_option,
    load_settings,
    print_json,
    run,
)
from zantara.evals import BadFileError
from zantara.runner import BadRequestError

__all__ = ["command"]

Evaluate = Callable[..., Coroutine[Any, Any, Mapping[str, Any]]]


@click.group("eval")
def command() -> None:
    """Score answers or actions over a file of cases.

    Leaves with 0 when the evaluation ran, 2 when the file cannot be used, 1 when it failed. All
    intervals are 95%: Wilson for shares, a bootstrap over rows for means.
    """


def _rows_options(function: Callable[..., Any]) -> Callable[..., Any]:
    for decorate in (
        json_option,
        graph_option,
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
    evaluate: Evaluate,
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

        reports: dict[str, Mapping[str, Any]] = {}
        for graph in graphs_of(architecture):
            begin = partial(evaluate, rows, settings, user, graph=graph)
            reports[graph] = await _evaluated(begin, len(rows))
            if not as_json:
                _show(reports[graph], graph if architecture == ALL else "")
        if as_json:
            print_json(reports if architecture == ALL else reports[architecture])
        # Where every single row ended in an error, nothing was evaluated: that is a failure.
        empty = (_errors_only(one, len(rows)) for one in reports.values())
        return FAILED if any(empty) else 0

    run(work, as_json=as_json)


async def _evaluated(evaluate: Evaluate, total: int) -> Mapping[str, Any]:
    """Run with a progress bar where a person looks on."""
    from rich.console import Console
    from rich.progress import Progress

    errors = Console(stderr=True)
    with Progress(console=errors, transient=True, disable=not errors.is_terminal) as progress:
        task = progress.add_task("evaluating", total=total)
        return await evaluate(done=lambda: progress.advance(task))


def _show(report: Mapping[str, Any], title: str) -> None:
    from rich.console import Console

    from zantara.evals.report import show

    console = Console(file=sys.stdout)
    if title:
        console.rule(title, align="left")
    show(report, console)


def _errors_only(report: Mapping[str, Any], total: int) -> bool:
    return sum("error" in failure for failure in report["failures"]) == total


@contextmanager
def _bad_files() -> Iterator[None]:
    try:
        yield
    except BadFileError as error:
        raise BadRequestError(str(error)) from error
