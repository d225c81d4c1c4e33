"""`litellm.Router` beside the same bare ChatOpenAI, in a virtual environment of its own.

Run there as `python -m tests.benchmarks._router URL ROUNDS CALLS`; prints its figures as JSON.
litellm is no dependency of ours: `measured` makes the environment beside this one, once.
"""

import asyncio
import json
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tests.benchmarks._taking_turns import Call, Taken, alternate, rates

__all__ = ["VERSION", "measured"]

VERSION = "1.110.2"
_QUESTION = "How long does the visa take to process there?"
_MODELS = ("meta-llama/llama-4-scout", "meta-llama/Llama-4-Scout-17B-16E-Instruct")
_KEY = "key-of-the-benchmark"


def measured(url: str, rounds: int, calls: int) -> dict[str, Taken]:
    """By what was measured, then by side. Raises CalledProcessError where it cannot be installed."""
    command = [str(_python()), "-m", "tests.benchmarks._router", url, str(rounds), str(calls)]
    done = subprocess.run(
        command,
        check=True,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
        env={"LITELLM_LOCAL_MODEL_COST_MAP": "True", "LITELLM_LOG": "ERROR"},
    )
    found: dict[str, Taken] = json.loads(done.stdout.splitlines()[-1])
    return found


def _python() -> Path:
    folder = Path(sys.prefix) / "peers" / f"litellm-{VERSION}"
    python = folder / "bin" / "python"
    if not (folder / "ready").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
        same = [f"{name}=={version(name)}" for name in ("langchain-openai", "openai", "httpx")]
        install = [str(python), "-m", "pip", "install", "-q", f"litellm=={VERSION}", *same]
        subprocess.run(install, check=True, capture_output=True, text=True)
        (folder / "ready").touch()
    return python


def _router(url: str) -> Any:
    """One model that falls back to another; no retries, as in the gateway."""
    from litellm import Router  # type: ignore[import-not-found]  # of the other environment

    deployments = [
        {
            "model_name": name,
            "litellm_params": {
                "model": f"openai/{model}",
                "api_base": url,
                "api_key": _KEY,
                "temperature": 0,
                "timeout": 30,
            },
        }
        for name, model in zip(("first", "second"), _MODELS, strict=True)
    ]
    return Router(model_list=deployments, fallbacks=[{"first": ["second"]}], num_retries=0)


def _sides(url: str) -> dict[str, dict[str, Call]]:
    from langchain_core.messages import HumanMessage
    from langchain_openai import ChatOpenAI
    from pydantic import SecretStr

    router = _router(url)
    bare = ChatOpenAI(
        model=_MODELS[0],
        base_url=url,
        api_key=SecretStr(_KEY),
        temperature=0,
        max_retries=0,
        timeout=30,
    )
    said = [{"role": "user", "content": _QUESTION}]

    async def whole() -> Any:
        return await router.acompletion(model="first", messages=said)

    async def streamed() -> None:
        options = {"include_usage": True}
        async for _chunk in await router.acompletion(
            model="first", messages=said, stream=True, stream_options=options
        ):
            pass

    async def bare_streamed() -> None:
        async for _chunk in bare.astream([HumanMessage(_QUESTION)], stream_usage=True):
            pass

    return {
        "whole": {"bare": lambda: bare.ainvoke([HumanMessage(_QUESTION)]), "router": whole},
        "streamed": {"bare": bare_streamed, "router": streamed},
    }


async def _measure(url: str, rounds: int, calls: int) -> dict[str, Taken]:
    found: dict[str, Taken] = {}
    for kind, sides in _sides(url).items():
        found[f"{kind}, seconds"] = await alternate(sides, rounds)
        found[f"{kind}, rates"] = await rates(sides, rounds=rounds // 40, workers=32, count=calls)
    return found


if __name__ == "__main__":
    print(json.dumps(asyncio.run(_measure(sys.argv[1], *map(int, sys.argv[2:])))))  # noqa: T201
