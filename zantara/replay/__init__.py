"""Scripted replays: what a user says and decides, and what must come of it, as a file."""

from zantara.replay._play import Played, TurnReport, play
from zantara.replay._script import Script, ScriptError, load_script

__all__ = ["Played", "Script", "ScriptError", "TurnReport", "load_script", "play"]
