"""The group of commands, loaded one at a time so that `zantara --help` stays fast."""

import io
import sys
from importlib import import_module
from typing import cast

import click

__all__ = ["COMMANDS", "front_door", "main"]

# name -> what it does; the command is the function `command` of zantara.cli._<name>.
COMMANDS = {
    "ask": "Ask once: the answer with its sources, or the actions that wait for you.",
    "chat": "Talk: answers as they are made, a question before each action.",
    "approve": "Decide on the actions of a thread that wait, or finish one that was cut off.",
    "undo": "Reverse what a thread has done, as far as that can be.",
    "threads": "What was said and done: list, show, search.",
    "gate": "What calls may do by where their values come from, and why.",
    "models": "Who may answer for each role: keys, prices, windows, sunset dates, one tiny call.",
    "costs": "What calls cost, what turns were, how fast they were, what is left of the budgets.",
    "alerts": "What somebody should look at: budgets, GPU time, failing or ending models.",
    "rollout": "Bring another arm in step by step; guards take it out again.",
    "doctor": "What is live, what is missing and what to do about it.",
    "graph": "Draw the graph.",
    "eval": "Score answers or actions over a file of cases.",
    "replay": "Play scripts of conversations and check what comes of them.",
    "demo": "A tour in three languages on a data folder of its own, checked as it goes.",
}


class _LazyGroup(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in COMMANDS:
            return None
        return cast("click.Command", import_module(f"zantara.cli._{cmd_name}").command)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS:
            ctx.fail(f"no command {args[0]!r}; accepted: {', '.join(COMMANDS)}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="zantara", prog_name="zantara")
def front_door() -> None:
    """Bali Zero's assistant: answers from its knowledge, acts after approval."""


def main() -> None:
    """The console script."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a character that it cannot show ends no answer
            stream.reconfigure(errors="backslashreplace")
    front_door(prog_name="zantara")
