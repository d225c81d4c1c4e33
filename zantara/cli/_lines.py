"""Lines from the user: a terminal with history, or a script on standard input."""

import os
import re
import sys
from pathlib import Path

import click

__all__ = ["Lines"]

_REMEMBERED = 1000
# Marked so that readline does not count colours as columns.
_COLOUR = re.compile("(\x1b\\[[0-9;]*m)")


class Lines:
    """Asks for lines. On a terminal they can be edited and are remembered in the data folder."""

    def __init__(self, home: Path) -> None:
        self._history = home / "chat_history"
        self.terminal = sys.stdin.isatty()
        if self.terminal:
            self._remember()

    def ask(self, prompt: str) -> str | None:
        """The next line; None at the end of the input."""
        if self.terminal:
            try:
                return input(_COLOUR.sub("\001\\1\002", prompt))
            except EOFError:
                click.echo()
                return None
        click.echo(prompt, nl=False)
        raw = sys.stdin.buffer.readline()
        line = raw.decode("utf-8", "replace").rstrip("\r\n")
        click.echo(line if raw else "")
        return line if raw else None

    def close(self) -> None:
        """Keep the history; a folder that cannot be written loses it and nothing else."""
        if not self.terminal:
            return
        try:
            import readline

            readline.set_history_length(_REMEMBERED)
            os.close(os.open(self._history, os.O_CREAT | os.O_WRONLY, 0o600))
            readline.write_history_file(self._history)
        except (ImportError, OSError):
            return

    def _remember(self) -> None:
        try:
            import readline

            readline.read_history_file(self._history)
        except (ImportError, OSError):
            return
