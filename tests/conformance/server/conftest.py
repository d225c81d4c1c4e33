"""One `langgraph dev` for these tests, on a data folder of its own, stopped at their end."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from langgraph_sdk import get_client
from langgraph_sdk.client import LangGraphClient

__all__ = ["DevServer"]

_ROOT = Path(__file__).parents[3]
_STARTED = 90


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class DevServer:
    """A development server's process. Its own files go to `folder`, not to the checkout."""

    folder: Path
    port: int = field(default_factory=_free_port)
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text("utf-8", "replace")

    def client(self) -> LangGraphClient:
        return get_client(url=self.url, api_key=None)

    def start(self, **changed: str) -> None:
        """Start it and wait until it answers."""
        env = {
            **os.environ,
            "ZANTARA_DEV": "1",
            "ZANTARA_HOME": str(self.folder / "data"),
            "ZANTARA_MODEL": "embedded",
            "ZANTARA_KNOWLEDGE_MEANING": "false",
            "LANGSMITH_TRACING": "false",
            "LANGGRAPH_CLI_NO_ANALYTICS": "1",
            **changed,
        }
        command = [
            *(sys.executable, "-m", "langgraph_cli", "dev", "--no-browser", "--no-reload"),
            *("--port", str(self.port), "--config", str(_ROOT / "langgraph.json")),
        ]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=self.folder, env=env, stdout=log, stderr=log, start_new_session=True
            )
        self._wait()

    def kill(self) -> None:
        """kill -9, the whole group."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def _wait(self) -> None:
        deadline = time.monotonic() + _STARTED
        while time.monotonic() < deadline:
            assert self.process is not None
            assert self.process.poll() is None, self.log[-2000:]
            try:
                with urlopen(f"{self.url}/ok", timeout=5) as answer:  # noqa: S310 - our own server
                    if json.load(answer)["ok"]:
                        return
            except (URLError, OSError):
                time.sleep(0.2)
        raise AssertionError(f"the server did not start: {self.log[-2000:]}")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DevServer]:
    folder = tmp_path_factory.mktemp("server")
    started = DevServer(folder)
    try:
        started.start()
        yield started
    finally:
        started.kill()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
async def client(server: DevServer) -> AsyncIterator[LangGraphClient]:
    async with server.client() as opened:
        yield opened
