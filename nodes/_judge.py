"""What the policy says of proposed calls: their values are traced, people looked up."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from email.utils import parseaddr
from typing import Any

from langchain_core.messages import AnyMessage
from langgraph.runtime import Runtime

from nodes._turn import thread_of
from tools import BY_NAME
from tools.google_contacts import is_alone, own_addresses
from zantara import memory, transcript
from zantara.context import Context
from zantara.gate.conversation import Conversation
from zantara.gate.decision import decide
from zantara.gate.kinds import Effect, Kind
from zantara.gate.provenance import Origin, Provenance, column_of
from zantara.gate.tracing import Traced, origins_of, trace, wanted_values
from zantara.gate.values import Known
from zantara.identity import User, user_of
from zantara.language import normalise
from zantara.services import current
from zantara.state import CallRecord
from zantara.toolkit import Preview, ToolSpec, spec_of, writes

__all__ = ["judge"]

_STRANGE = ("outside", "derived", "derived_outside")
Looked = tuple[CallRecord, Preview]


async def judge(
    looked: Sequence[Looked],
    window: Sequence[AnyMessage],
    runtime: Runtime[Context],
    *,
    earlier: bool,
) -> list[CallRecord]:
    """Each call that can work with the origin of each argument and the policy's verdict."""
    sound = [one for one in looked if one[0]["status"] != "invalid"]
    reading = all(spec_of(BY_NAME[call["tool"]]).effect is Effect.DELEGATE for call, _ in sound)
    known = await _earlier(sound, window, runtime) if earlier and not reading else ()
    facts = await _facts(sound, runtime)
    judged, user = {}, user_of(runtime)
    beside: list[tuple[str, dict[str, Any]]] = []
    for call, preview in sound:
        talk = Conversation(
            window,
            earlier=known,
            facts=facts,
            typed=call.get("typed", {}),
            me=user.display_name,
            beside=tuple(beside),
        )
        beside.append((call["tool"], call["args"]))
        judged[call["call_id"]] = await _judged(call, preview, talk, user)
    return [judged.get(call["call_id"], call) for call, _preview in looked]


async def _judged(call: CallRecord, preview: Preview, talk: Conversation, user: User) -> CallRecord:
    spec = spec_of(BY_NAME[call["tool"]])
    effect = spec.effect_of(call["args"], reaches=bool(preview.reached))
    traced = _traced(call, spec, preview, talk, effect)
    strangers = {t.value for t in traced if _is_strange(t)}
    if strangers:
        book, alone = await _book(strangers, user), await _alone(strangers, preview)
        traced = _traced(call, spec, preview, replace(talk, book=book, alone=alone), effect)
    verdict = decide(
        traced, policy=current().policy, tool=call["tool"], effect=effect, role=user.role
    )
    told = {"policy": current().settings.policy, **verdict.to_json()}
    record: CallRecord = {**call, "provenance": _origins(traced, preview), "verdict": told}
    if writes(BY_NAME[call["tool"]]):
        record["preview"] = json.loads(json.dumps(preview.shows, default=str))
    return record


def _origins(traced: Sequence[Traced], preview: Preview) -> dict[str, Origin]:
    """Of each argument, and of what the preview worked out beside them."""
    worked_out: dict[str, Origin] = {
        name: {"provenance": "system", "source": how} for name, how in preview.worked_out.items()
    }
    return worked_out | origins_of(traced)


async def _book(addresses: Collection[str], user: User) -> dict[str, str]:
    """Whom the user knows: themselves, their address book, people they have written to."""
    mine = {normalise(user.email): user.display_name} if user.email else {}
    return mine | await own_addresses([one for one in addresses if normalise(one) not in mine])


async def _alone(strangers: Collection[str], preview: Preview) -> frozenset[str]:
    """Those whose own address stands beside their name in what is answered, a name of nobody else."""
    senders = {
        one: thing.names[0]
        for one, thing in preview.reached.items()
        if one in strangers and thing.names and parseaddr(thing.names[0])[1] == one
    }
    return frozenset([one for one, sender in senders.items() if await is_alone(sender)])


def _traced(
    call: CallRecord, spec: ToolSpec, preview: Preview, talk: Conversation, effect: Effect
) -> list[Traced]:
    return trace(
        call["args"],
        spec.args,
        talk,
        effect=effect,
        things=preview.things,
        reached=preview.reached,
        tool=call["tool"],
    )


def _is_strange(one: Traced) -> bool:
    return one.kind is Kind.RECIPIENT and "@" in one.value and column_of(one.origin) in _STRANGE


async def _earlier(
    sound: Iterable[Looked], window: Sequence[AnyMessage], runtime: Runtime[Context]
) -> Sequence[Known]:
    """What the transcript knows of those of the calls' values that the user has not said just now."""
    if runtime.store is None:
        return ()
    talk = Conversation(window)
    wanted = {
        value
        for call, _preview in sound
        for value in wanted_values(call["args"])
        if not talk.says(value)
    }
    user, thread = user_of(runtime).identity, thread_of(runtime)
    return await transcript.find_values(runtime.store, user, thread, wanted)


async def _facts(
    sound: Sequence[Looked], runtime: Runtime[Context]
) -> Sequence[tuple[str, Provenance]]:
    """The user's memory stands in the prompt too; only a write's verdict can depend on it."""
    if runtime.store is None or not any(writes(BY_NAME[call["tool"]]) for call, _p in sound):
        return ()
    found = await memory.facts(runtime.store, user_of(runtime).identity)
    return [(one.content, Provenance(one.lowest)) for one in found]
