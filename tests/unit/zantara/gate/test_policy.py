"""A policy is data: whole, or it starts nothing and says where it is wrong."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tools import BY_NAME
from zantara.gate.kinds import Effect, Kind, Outcome
from zantara.gate.policy import SHIPPED, Policy, PolicyError, load_policy, policy_names
from zantara.gate.provenance import COLUMNS
from zantara.identity import Role
from zantara.services import Services
from zantara.settings import Settings
from zantara.toolkit import arguments_of

_POLICIES = ("careful", "fluent")


def _written(tmp_path: Path, change: Any) -> Path:
    data = yaml.safe_load(SHIPPED.read_text("utf-8"))
    change(data)
    path = tmp_path / "mine.yaml"
    path.write_text(yaml.safe_dump(data, sort_keys=False), "utf-8")
    return path


def _every(policy: Policy) -> list[tuple[Effect, Kind, str, Outcome]]:
    return [
        (
            effect,
            kind,
            column,
            policy.outcome(column, kind, effect, role=Role.STAFF, tool="", argument=""),
        )
        for effect in Effect
        for kind in Kind
        for column in COLUMNS
    ]


def test_two_policies_ship_and_fit_the_tools() -> None:
    assert BY_NAME
    assert policy_names() == list(_POLICIES)
    for name in _POLICIES:
        assert load_policy(name, tools=arguments_of()).about


@pytest.mark.parametrize("effect", [Effect.SEND, Effect.INVITE, Effect.DELETE])
def test_careful_asks_for_every_send_and_deletion(effect: Effect) -> None:
    outcomes = [o for e, _k, _c, o in _every(load_policy("careful")) if e is effect]
    assert Outcome.RUN not in outcomes


@pytest.mark.parametrize("name", _POLICIES)
@pytest.mark.parametrize("effect", [Effect.SEND, Effect.INVITE])
@pytest.mark.parametrize("kind", [Kind.RECIPIENT, Kind.TARGET, Kind.LINK])
@pytest.mark.parametrize("column", ["outside", "derived_outside", "picked"])
def test_nothing_leaves_for_outside_words_without_a_warning(
    name: str, effect: Effect, kind: Kind, column: str
) -> None:
    policy = load_policy(name)
    found = policy.outcome(column, kind, effect, role=Role.STAFF, tool="", argument="")
    assert found in (Outcome.WARN, Outcome.REFUSE)


@pytest.mark.parametrize("name", _POLICIES)
def test_a_less_trusted_value_is_never_treated_more_mildly(name: str) -> None:
    order = list(Outcome)
    policy = load_policy(name)
    for effect in Effect:
        for kind in Kind:
            row = {c: o for e, k, c, o in _every(policy) if (e, k) == (effect, kind)}
            assert order.index(row["user"]) <= order.index(row["derived"])
            assert order.index(row["derived"]) <= order.index(row["derived_outside"])
            assert order.index(row["own"]) <= order.index(row["picked"])
            assert order.index(row["user"]) <= order.index(row["outside"])


@pytest.mark.parametrize("name", _POLICIES)
@pytest.mark.parametrize("role", [Role.PUBLIC, Role.CLIENT])
def test_nobody_but_staff_sends(name: str, role: Role) -> None:
    policy = load_policy(name)
    found = policy.outcome("user", Kind.TEXT, Effect.SEND, role=role, tool="", argument="")
    assert found is Outcome.REFUSE


def test_the_row_of_a_tool_goes_before_all_others(tmp_path: Path) -> None:
    def change(data: Any) -> None:
        data["careful"]["tools"] = {"gmail_send": {"subject": {"rest": "refuse"}}}

    policy = load_policy("careful", _written(tmp_path, change), tools=arguments_of())
    at = {"role": Role.STAFF, "tool": "gmail_send"}
    assert policy.outcome("user", Kind.LABEL, Effect.SEND, argument="subject", **at) == "refuse"  # type: ignore[arg-type]
    assert policy.outcome("user", Kind.TEXT, Effect.SEND, argument="body", **at) == "ask"  # type: ignore[arg-type]


_WRONG: list[tuple[str, Any, str]] = [
    ("an outcome", lambda d: d["careful"]["effects"]["send"]["request"].update(rest="maybe"), "run"),
    ("a column", lambda d: d["careful"]["effects"]["send"]["request"].update(usr="ask"), "usr"),
    ("a kind", lambda d: d["careful"]["effects"]["send"].update(adress={"rest": "ask"}), "adress"),
    ("an effect", lambda d: d["careful"]["effects"].update(fly={"rest": {"rest": "ask"}}), "fly"),
    ("no row for the rest", lambda d: d["careful"]["effects"]["send"].pop("rest"), "rest"),
    ("a missing effect", lambda d: d["careful"]["effects"].pop("delete"), "delete"),
    ("a half row", lambda d: d["careful"]["effects"]["send"].update(text={"user": "run"}), "own"),
    ("a field", lambda d: d["careful"].update(effect={}), "effect"),
    ("a role", lambda d: d["careful"]["roles"].update(boss={}), "boss"),
    ("a tool", lambda d: d["careful"].update(tools={"gmail_sent": {"to": {"rest": "ask"}}}), "gmail_"),
    ("an argument", lambda d: d["careful"].update(tools={"gmail_send": {"x": {"rest": "ask"}}}), "x:"),
    ("no version", lambda d: d.pop("version"), "version"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "named"), [row[1:] for row in _WRONG], ids=[r[0] for r in _WRONG]
)
def test_a_wrong_file_is_named_with_its_line(tmp_path: Path, change: Any, named: str) -> None:
    path = _written(tmp_path, change)
    with pytest.raises(PolicyError, match=rf"mine\.yaml:\d+: .*{named}"):
        load_policy("careful", path, tools=arguments_of())


def test_a_file_that_is_not_there_is_told_with_the_setting_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match=r"none: No such file.* ZANTARA_POLICY_FILE"):
        load_policy("careful", tmp_path / "none")


def test_with_a_wrong_policy_nothing_starts(tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("version: 1\ncareful: [\n", "utf-8")
    home = tmp_path / "data"
    for changes in ({"policy_file": broken}, {"policy": "lax"}, {"policy_file": tmp_path / "none"}):
        with pytest.raises(PolicyError):
            Services.from_settings(Settings.model_validate({"home": home, **changes}))
    assert not home.exists()


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(text=st.one_of(st.text(max_size=80), _JSON.map(yaml.safe_dump)), key=st.integers())
def test_no_text_is_taken_for_a_policy_or_breaks_the_reader(
    tmp_path_factory: pytest.TempPathFactory, text: str, key: int
) -> None:
    del key
    path = tmp_path_factory.mktemp("fuzz") / "policy.yaml"
    path.write_text(text, "utf-8", errors="replace")
    with pytest.raises(PolicyError):
        load_policy("careful", path)
