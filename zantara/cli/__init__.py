"""The command line. Importing this costs no more than click: each command is loaded when it runs."""

from zantara.cli._main import main

__all__ = ["main"]
