"""`zantara ask`: one turn."""

import click

from zantara.cli._session import (
    ALL,
    FAILED,
    WAITING,
    Wish,
    json_option,
    opened,
    print_json,
    run,
    turn_options,
)
from zantara.cli._show import turn_lines
from zantara.cli._text import given
from zantara.runner import BadRequestError
from zantara.state import LONGEST_MESSAGE

__all__ = ["command", "message"]


@click.command("ask")
@click.argument("text")
@click.option("--thread", default=None, metavar="ID", help="Go on in this thread.")
@json_option
@turn_options
def command(*, text: str, thread: str | None, as_json: bool, wish: Wish) -> None:
    """Ask once. TEXT may be `-`: read from standard input.

    Leaves with 0 when answered, 3 when actions wait for a decision, 2 when what was asked cannot be
    done as it stands, 1 when it failed or the answer broke off. With `--architecture all` each arm
    answers on a thread of its own, in a dry run, and the answers are shown beside one another.
    """
    if wish.architecture == ALL:
        from zantara.cli._compare import compare

        run(lambda: compare(message(given(text)), thread, wish, as_json=as_json), as_json=as_json)
    run(lambda: _ask(text, thread=thread, as_json=as_json, wish=wish), as_json=as_json)


async def _ask(text: str, *, thread: str | None, as_json: bool, wish: Wish) -> int:
    context = wish.context()
    said = message(given(text))
    async with opened(wish.as_name) as runner:
        turn = await runner.ask(said, thread_id=thread, context=context)
    if as_json:
        print_json(turn.to_json())
    else:
        click.echo("\n".join(turn_lines(turn, as_name=wish.as_name)))
        if not turn.pending:
            click.echo(f"\n(thread {turn.thread_id})", err=True)
    if turn.pending:
        return WAITING
    return FAILED if turn.broken else 0


def message(text: str) -> str:
    """The words as they may be sent. Raises BadRequestError when they say nothing or too much."""
    if not "".join(char for char in text if char.isprintable()).strip():
        raise BadRequestError(f"text: empty; accepted: 1 to {LONGEST_MESSAGE:,} characters")
    if len(text) > LONGEST_MESSAGE:
        raise BadRequestError(f"text: {len(text):,} characters; accepted: 1 to {LONGEST_MESSAGE:,}")
    return text
