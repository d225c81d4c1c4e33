"""`zantara chat`: a conversation. Each turn runs on the loop; between turns the terminal is asked."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace

import click

from zantara.cli._ask import message
from zantara.cli._decide import ask_decisions
from zantara.cli._lines import Lines
from zantara.cli._session import (
    WAITING,
    Wish,
    describe_error,
    leave,
    load_settings,
    opened,
    turn_options,
)
from zantara.cli._show import how_to_decide, turn_lines
from zantara.cli._text import bold, faint, safe, warn
from zantara.context import Context
from zantara.runner import BadRequestError, Event, PendingError, Runner, UnknownThreadError
from zantara.turn import Pending, Turn

__all__ = ["command"]

_HELP = """\
/thread      the id of this conversation; /thread ID goes on in another one
/new         begin a new conversation
/quit        leave (so does the end of the input)
/help        this
^C           ends the turn that runs; what was said and done stays"""
_WORKING = {"calendar": "calendar", "gmail": "mail"}


@click.command("chat")
@click.option("--thread", default=None, metavar="ID", help="Go on in this thread.")
@turn_options
def command(*, thread: str | None, wish: Wish) -> None:
    """Talk with ZANTARA. /help shows what else can be typed."""
    leave(lambda: _chat(thread, wish))


def _chat(thread: str | None, wish: Wish) -> int:
    context = wish.context()
    with asyncio.Runner() as loop:
        stack = AsyncExitStack()
        try:
            runner = loop.run(stack.enter_async_context(opened(wish.as_name)))
            lines = Lines(load_settings().home)
            try:
                return _Chat(loop, runner, lines, wish=wish, context=context).talk(thread)
            finally:
                lines.close()
        finally:
            loop.run(stack.aclose())


class _Chat:
    def __init__(
        self, loop: asyncio.Runner, runner: Runner, lines: Lines, *, wish: Wish, context: Context
    ) -> None:
        self._loop = loop
        self._runner = runner
        self._lines = lines
        self._wish = wish
        self._context = context
        self._thread = ""
        self._code = 0

    def talk(self, thread: str | None) -> int:
        """Until the end of the input. The exit code tells how the last turn ended."""
        click.echo(faint("ZANTARA. /help shows what can be typed, /quit leaves."))
        self._enter(thread)
        while True:
            try:
                line = self._lines.ask(bold("you> "))
            except KeyboardInterrupt:
                click.echo("\n" + faint("/quit leaves"))
                continue
            if line is None or line.strip() in ("/quit", "/exit"):
                return self._code
            if line.strip().startswith("/"):
                self._obey(*line.strip().split(maxsplit=1))
            elif line.strip():
                self._say(line)

    def _enter(self, thread: str | None) -> None:
        self._thread = thread or str(uuid.uuid4())
        click.echo(faint(f"thread {safe(self._thread)}"))
        if thread:
            self._look()

    def _look(self) -> None:
        """What waits in a thread that is entered again is asked first."""
        try:
            turn, cut_off = self._loop.run(self._runner.look(self._thread))
        except UnknownThreadError:  # its first message makes it
            return
        if cut_off:
            click.echo(warn("Its last turn was cut off; it is finished with your next message."))
        self._settle(turn)

    def _obey(self, word: str, rest: str = "") -> None:
        if word == "/thread" and not rest:
            click.echo(safe(self._thread))
        elif word in ("/thread", "/new"):
            before = self._thread
            try:
                self._enter(rest or None)
            except BadRequestError as error:
                self._thread = before
                self._fail(error)
        else:
            click.echo(_HELP)

    def _say(self, line: str) -> None:
        try:
            said = message(line)
        except BadRequestError as error:
            self._fail(error)
            return
        stream = self._runner.stream(said, thread_id=self._thread, context=self._context)
        self._settle(self._play(stream))

    def _settle(self, turn: Turn | None) -> None:
        """Ask for what waits until nothing does, or the input ends."""
        while turn is not None and turn.pending:
            try:
                answers = ask_decisions(turn.pending, self._lines)
            except KeyboardInterrupt:
                answers = None
            if answers is None:
                self._leave_waiting(turn.pending)
                return
            turn = self._play(self._runner.stream_resume(self._thread, answers))

    def _leave_waiting(self, pending: Sequence[Pending]) -> None:
        self._code = WAITING
        lines = how_to_decide(self._thread, pending, as_name=self._wish.as_name)
        click.echo("\n".join(["", "Nothing was done; it waits.", *lines]))

    def _play(self, events: AsyncIterator[Event]) -> Turn | None:
        try:
            turn = self._loop.run(_show(events))
        except KeyboardInterrupt:
            click.echo(
                "\n" + faint("Stopped. What it had begun is finished with your next message.")
            )
            return None
        except PendingError as error:
            self._fail(error)
            return self._loop.run(self._runner.look(self._thread))[0]
        except Exception as error:
            self._fail(error)
            return None
        self._code = WAITING if turn and turn.pending else 0
        return turn

    def _fail(self, error: Exception) -> None:
        self._code, text = describe_error(error)
        click.echo(warn(f"zantara: {safe(text)}"), err=True)


async def _show(events: AsyncIterator[Event]) -> Turn | None:
    """Print a turn as it comes; what was streamed is not printed again."""
    streamed = False
    turn: Turn | None = None
    async for event in events:
        if event.kind == "text":
            click.echo(safe(event.text), nl=False)
            streamed = True
        elif event.kind == "node" and event.text in _WORKING:
            click.echo(faint(f"... {_WORKING[event.text]}"))
        turn = event.turn or turn
    if streamed:
        click.echo()
    if turn is not None:
        lines = turn_lines(replace(turn, pending=[]), answer=not streamed)
        click.echo("\n".join([""] * streamed + lines))
    return turn
