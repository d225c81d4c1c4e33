"""The front door: what it lists, what it costs, who one is."""

import subprocess
import sys
from pathlib import Path

import pytest

from zantara.cli._main import COMMANDS
from zantara.cli._session import Wish, account
from zantara.identity import Role
from zantara.runner import BadRequestError
from zantara.settings import Settings

HEAVY = ("langgraph", "langchain_core", "langsmith", "pydantic", "rich", "Crypto", "stdnum")
PROGRAM = """
import sys
from zantara.cli import main
try:
    main()
except SystemExit as end:
    code = end.code
print("HEAVY", [name for name in {heavy!r} if name in sys.modules])
sys.exit(code)
"""


def test_help_lists_every_command_and_loads_nothing_heavy() -> None:
    program = PROGRAM.format(heavy=HEAVY)
    done = subprocess.run(
        [sys.executable, "-c", program, "--help"], capture_output=True, text=True, check=True
    )
    assert all(f"  {name} " in done.stdout for name in COMMANDS)
    assert "HEAVY []" in done.stdout


def test_the_local_account_owns_the_folder_and_others_are_others(home: Path) -> None:
    settings = Settings(home=home, user="Made")
    me, other = account(settings, ""), account(settings, "Budi:client")
    assert (me.display_name, me.role) == ("Made", Role.OWNER)
    assert (other.identity, other.role) == ("budi", Role.CLIENT)
    assert account(settings, "budi").role is Role.STAFF
    assert me.identity != account(settings, "Made").identity


@pytest.mark.parametrize("name", ["budi:king", ":owner", "  "])
def test_a_name_that_cannot_be_used_is_refused(home: Path, name: str) -> None:
    with pytest.raises(BadRequestError, match="as: "):
        account(Settings(home=home), name)


@pytest.mark.parametrize(
    "wish",
    [Wish("fr", "", "", ""), Wish("", "Mars/Base", "", ""), Wish("", "", "seed", "")],
)
def test_an_option_that_is_not_accepted_is_named(wish: Wish) -> None:
    with pytest.raises(BadRequestError, match="is not known; accepted"):
        wish.context()
