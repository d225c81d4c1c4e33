"""The few sentences that ZANTARA itself says, in each language."""

import tomllib
from functools import cache
from pathlib import Path

__all__ = ["phrase"]


@cache
def _phrases() -> dict[str, dict[str, str]]:
    return tomllib.loads(Path(__file__).with_name("prompts").joinpath("phrases.toml").read_text())


def phrase(name: str, language: str, **values: object) -> str:
    """The sentence `name` in `language`, English where there is none."""
    said = _phrases()[name]
    return said.get(language, said["en"]).format(**values)
