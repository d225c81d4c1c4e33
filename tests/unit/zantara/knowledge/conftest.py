"""One index of the shipped pack for all tests of this folder."""

import os
from pathlib import Path

import pytest

from zantara.knowledge import Knowledge


@pytest.fixture(scope="session")
def knowledge(tmp_path_factory: pytest.TempPathFactory) -> Knowledge:
    return Knowledge.open(tmp_path_factory.mktemp("knowledge"), meaning=False)


@pytest.fixture(scope="session")
def shared() -> Path:
    folder = Path(os.environ.get("ZANTARA_SHARED", "../shared"))
    if not folder.is_dir():
        pytest.skip(f"{folder} is missing")
    return folder
