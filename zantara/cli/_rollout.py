"""`zantara rollout`: bring a candidate arm in step by step, with guards that take it out again."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from zantara.cli._session import (
    FAILED,
    WAITING,
    account,
    as_option,
    json_option,
    leave,
    load_settings,
    print_json,
)
from zantara.cli._text import safe
from zantara.clock import SystemClock
from zantara.costs import Ledger
from zantara.rollout import (
    ARMS,
    GUARDS,
    STAFF,
    Decision,
    Plan,
    PlanError,
    Rollout,
    State,
    load_plan,
    make,
)
from zantara.runner import BadRequestError

__all__ = ["command"]

_CODES = {"rollback": FAILED, "ready": WAITING}
_reason = click.option("--reason", default="", metavar="TEXT", help="Why; for the audit log.")


@click.group("rollout")
def command() -> None:
    """A candidate arm instead of the one in use: 10, 50, 100% of the threads, each with a soak.

    Guards compare errors, corrected answers, time and cost of both arms and roll back by themselves.
    """


@command.command("show")
@click.option("--all", "everything", is_flag=True, help="The audit log of every rollout.")
@json_option
def _show(*, everything: bool, as_json: bool) -> None:
    """Stage, both arms side by side, the last look of the guards, the audit log."""

    def work(rollout: Rollout, _who: str) -> int:
        from zantara.cli._rollout_drawing import draw, shown

        found = shown(rollout, everything=everything)
        if as_json:
            print_json(found.to_json())
        else:
            draw(found)
        return 0

    _run(work, as_json=as_json)


@command.command("start")
@click.argument("candidate", default="")
@click.option("--control", default="", help="The arm in use (the default arm).")
@click.option("--stages", default="", metavar="P,P,100", help="Percents (10,50,100).")
@click.option("--soak", default="", metavar="T[,T...]", help="One for all, or each (48h,72h,72h).")
@click.option(
    "--staff-first", is_flag=True, default=None, help="All threads of staff come in at once."
)
@click.option("--automatic", is_flag=True, default=None, help="Advance without a person.")
@click.option(
    "--least", type=int, default=None, metavar="N", help="Threads an arm needs a stage (100)."
)
@click.option(
    "--margin", multiple=True, metavar="GUARD=RATIO", help="May be so much worse; or =off."
)
@click.option(
    "--false-rollbacks", type=float, default=None, metavar="SHARE", help="At most (0.05)."
)
@click.option(
    "--file", "path", type=click.Path(path_type=Path), help="The plan as YAML; options win."
)
@_reason
@as_option
@json_option
def _start(*, reason: str, as_name: str, as_json: bool, **given: Any) -> None:
    """Begin to bring in CANDIDATE at the first stage."""

    def work(rollout: Rollout, who: str) -> int:
        plan = _plan(given, rollout.view().default or "hybrid")
        state = rollout.start(plan, who=who, reason=reason)
        return _changed("started", state, as_json=as_json)

    _run(work, as_name=as_name, as_json=as_json, changes=True)


@command.command("advance")
@click.option("--early", is_flag=True, help="Before the soak is over; needs a reason.")
@_reason
@as_option
@json_option
def _advance(*, early: bool, reason: str, as_name: str, as_json: bool) -> None:
    """Go to the next stage; after the last one the candidate becomes the default arm.

    The guards look first: where one finds the candidate worse, it is rolled back instead.
    """

    def work(rollout: Rollout, who: str) -> int:
        return _tell(
            rollout.advance(who=who, reason=_why(reason, needed=early), early=early),
            as_json=as_json,
        )

    _run(work, as_name=as_name, as_json=as_json, changes=True)


@command.command("pause")
@_reason
@as_option
@json_option
def _pause(*, reason: str, as_name: str, as_json: bool) -> None:
    """Add no more threads: those that are in stay in. The guards go on. Needs a reason."""

    def work(rollout: Rollout, who: str) -> int:
        state = rollout.pause(who=who, reason=_why(reason))
        return _changed("paused", state, as_json=as_json)

    _run(work, as_name=as_name, as_json=as_json, changes=True)


@command.command("resume")
@_reason
@as_option
@json_option
def _resume(*, reason: str, as_name: str, as_json: bool) -> None:
    """Go on after a pause."""

    def work(rollout: Rollout, who: str) -> int:
        state = rollout.resume(who=who, reason=reason)
        return _changed("resumed", state, as_json=as_json)

    _run(work, as_name=as_name, as_json=as_json, changes=True)


@command.command("rollback")
@_reason
@as_option
@json_option
def _rollback(*, reason: str, as_name: str, as_json: bool) -> None:
    """Every thread goes back to the control arm, also after the last stage. Needs a reason."""

    def work(rollout: Rollout, who: str) -> int:
        state = rollout.rollback(who=who, reason=_why(reason))
        return _changed("rolled back", state, as_json=as_json)

    _run(work, as_name=as_name, as_json=as_json, changes=True)


@command.command("check")
@json_option
def _check(*, as_json: bool) -> None:
    """Look at the figures where a look is due, and do what follows. For cron; processes do so too.

    Leaves with 0: it goes on; 3: ready, a person may advance; 1: rolled back.
    """
    _run(lambda rollout, _who: _tell(rollout.check(), as_json=as_json), as_json=as_json)


def _run(
    work: Callable[[Rollout, str], int], *, as_name: str = "", as_json: bool, changes: bool = False
) -> None:
    leave(lambda: _on_rollout(work, as_name, changes=changes), as_json=as_json)


def _on_rollout(work: Callable[[Rollout, str], int], as_name: str, *, changes: bool) -> int:
    settings = load_settings()
    user = account(settings, as_name)
    if changes and user.role not in STAFF:
        raise BadRequestError(
            f"as: role {user.role} may not change a rollout; accepted: staff, owner"
        )
    clock = SystemClock()
    ledger = Ledger.open(settings, clock)
    rollout = Rollout.open(settings, clock, ledger=ledger)
    try:
        return work(rollout, user.identity)
    except PlanError as error:
        raise BadRequestError(str(error)) from error
    finally:
        rollout.close()
        ledger.close()


def _why(reason: str, *, needed: bool = True) -> str:
    if needed and not reason.strip():
        raise BadRequestError("reason: it is missing; accepted: why, in a few words")
    return reason


def _plan(given: dict[str, Any], default: str) -> Plan:
    """Options over the file over the defaults. Raises PlanError, BadRequestError."""
    path = given["path"]
    data = load_plan(path).model_dump(mode="json", exclude_unset=True) if path else {}
    plain = ("candidate", "control", "staff_first", "automatic", "least", "false_rollbacks")
    data |= {name: given[name] for name in plain if given[name] not in ("", None)}
    data.setdefault("control", default)
    if not data.get("candidate"):
        raise BadRequestError(f"candidate: it is missing; accepted: {', '.join(ARMS)}")
    if given["stages"] or given["soak"]:
        data["stages"] = _stages(given["stages"], given["soak"], make(data))
    if given["margin"]:
        data["margins"] = {**data.get("margins", {}), **dict(map(_margin, given["margin"]))}
    return make(data)


def _stages(stages: str, soak: str, known: Plan) -> list[dict[str, Any]]:
    percents = _parts(stages) or [str(stage.percent) for stage in known.stages]
    soaks = _parts(soak) or [stage.soak for stage in known.stages]
    if len(soaks) == 1:
        soaks *= len(percents)
    if len(soaks) != len(percents):
        raise BadRequestError(
            f"soak: {', '.join(soaks)} for {len(percents)} stages; accepted: one for all or one each"
        )
    return [{"percent": p, "soak": s} for p, s in zip(percents, soaks, strict=True)]


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _margin(text: str) -> tuple[str, float | None]:
    guard, _, ratio = text.partition("=")
    if guard in GUARDS:
        if ratio == "off":
            return guard, None
        try:
            return guard, float(ratio)
        except ValueError:
            pass
    raise BadRequestError(
        f"margin: {text[:80]!r}; accepted: GUARD=RATIO or GUARD=off, guards: {', '.join(GUARDS)}"
    )


def _changed(what: str, state: State, *, as_json: bool) -> int:
    if as_json:
        print_json({"changed": what, "rollout": _brief(state)})
    else:
        click.echo(f"{what}: {state.named()}; the control arm is {state.plan.control}")
    return 0


def _brief(state: State) -> dict[str, Any]:
    return {"plan": state.plan_id, "status": state.status, "percent": state.percent}


def _tell(decision: Decision, *, as_json: bool) -> int:
    """What was decided; the exit code of `check` and `advance`."""
    state = decision.state
    if as_json:
        print_json({**decision.to_json(), "rollout": state and _brief(state)})
    else:
        at = f" ({state.named()})" if state and state.named() not in decision.reason else ""
        click.echo(safe(f"{_WORDS[decision.action]}: {decision.reason}{at}"))
    return _CODES.get(decision.action, 0)


_WORDS = {
    "none": "nothing to do",
    "hold": "holds",
    "ready": "ready",
    "advance": "advanced",
    "finish": "finished, and the default arm now",
    "rollback": "rolled back",
}
