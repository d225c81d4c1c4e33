"""Every benchmark, one after another, each renewing its section of BENCHMARKS.md."""

import subprocess
import sys

_ALL = ("process", "turn", "parallel", "long", "gateway")


def main() -> None:
    for name in _ALL:
        command = [sys.executable, "-m", f"tests.benchmarks.{name}", "--write", *sys.argv[1:]]
        subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
