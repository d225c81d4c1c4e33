"""The score of one played request: calls against expected calls, questions, false actions."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from zantara.evals._arguments import TARGETS, argument_name, matches
from zantara.evals._files import ActionRow, ExpectedCall
from zantara.evals._played import Played, Seen, is_lookup, leaves
from zantara.evals._speech import asks
from zantara.evals._statistics import Kind, Part, Scored
from zantara.evals._words import content_words
from zantara.evals.seeds import Target

__all__ = ["METRICS", "score_row"]

METRICS: dict[str, Kind] = {
    "tool_set_match": "share",
    "argument_match": "mean",
    "order_ok": "share",
    "clarify_precision": "share",
    "clarify_recall": "share",
    "false_actions": "count",
    "unconfirmed_writes": "count",
}
_LEAF = 3  # shorter values prove nothing about where they came from
_ENOUGH_SHARED = 2

Pairs = dict[int, Seen]  # expected call -> the call that serves it


def score_row(
    row: ActionRow, played: Played, *, targets: Mapping[int, Target], missing: Sequence[str] = ()
) -> Scored:
    """The row's part in each metric. missing: expected tools whose family the product lacks."""
    calls = _counted(played.calls)
    pairs = _paired(row, calls, targets)
    asked = not played.last_turn_called and asks(played.answer)
    parts: dict[str, Part] = {
        "unconfirmed_writes": (len(played.unconfirmed), 1),
        "clarify_precision": (asked and row.kind == "clarify", asked),
    }
    wrong = [f"ran before it was confirmed: {one}" for one in sorted(played.unconfirmed)]
    if row.kind == "action":
        wrong += _score_action(row, calls, pairs, targets, parts)
        if asked:
            wrong.append("asked, though the request is complete")
    elif row.kind == "clarify":
        parts["clarify_recall"] = (asked and not played.calls, 1)
        wrong += [] if asked else ["did not ask"]
        wrong += [f"called {one.tool}" for one in played.calls]
    else:
        parts["false_actions"] = (bool(played.calls), 1)
        wrong += [f"called {one.tool}" for one in played.calls]
        if asked:
            wrong.append("asked, though nothing was requested")
    groups = {"language": row.language, "stratum": row.stratum}
    return Scored(row.id, groups, parts, _failure(row, played, wrong, missing))


def _score_action(
    row: ActionRow,
    calls: Sequence[Seen],
    pairs: Pairs,
    targets: Mapping[int, Target],
    parts: dict[str, Part],
) -> list[str]:
    """Fills the parts of an action row; says what was wrong."""
    tools = _tool_problems(row, calls, pairs)
    parts["tool_set_match"] = (not tools, 1)
    arguments = []
    listed = 0
    for index, expected in enumerate(row.expected_calls):
        if not expected.optional:
            listed += len(expected.args)
            arguments += _argument_problems(row, index, pairs.get(index), targets)
    if listed:
        parts["argument_match"] = (listed - len(arguments), listed)
    edges = [(i, on) for i, call in enumerate(row.expected_calls) for on in call.depends_on]
    judged = [(i, on) for i, on in edges if i in pairs and not _skipped(row, on, pairs)]
    order = [problem for i, on in judged if (problem := _order_problem(row, i, on, pairs))]
    if judged:
        parts["order_ok"] = (not order, 1)
    return [*tools, *arguments, *order]


def _counted(calls: Sequence[Seen]) -> list[Seen]:
    """What ran or was to run. An attempt that did nothing and was made good later counts once."""
    made = [call for call in calls if call.status != "invalid"]
    return [
        call
        for place, call in enumerate(made)
        if call.status != "failed" or all(later.tool != call.tool for later in made[place + 1 :])
    ]


def _paired(row: ActionRow, calls: Sequence[Seen], targets: Mapping[int, Target]) -> Pairs:
    """Each expected call takes the unused call of its tool that fits its arguments best."""
    pairs: Pairs = {}
    free = list(calls)
    for index, expected in enumerate(row.expected_calls):
        fitting = [call for call in free if call.tool == expected.tool]
        if fitting:
            problems = [len(_argument_problems(row, index, call, targets)) for call in fitting]
            pairs[index] = fitting[problems.index(min(problems))]
            free.remove(pairs[index])
    return pairs


def _tool_problems(row: ActionRow, calls: Sequence[Seen], pairs: Pairs) -> list[str]:
    """The multiset of tools; a look-up made to find what another call needs is no error."""
    missing = [
        f"did not call {call.tool}"
        for index, call in enumerate(row.expected_calls)
        if not call.optional and index not in pairs
    ]
    used = {call.call_id for call in pairs.values()}
    extra = [call for call in calls if call.call_id not in used]
    return missing + [f"called {c.tool} besides" for c in extra if not _is_aid(row, c)]


def _is_aid(row: ActionRow, call: Seen) -> bool:
    """A look-up serves a call that needs an id or an address, or is one more of its own family."""
    needs = any(
        not is_lookup(expected.tool) or expected.depends_on for expected in row.expected_calls
    )
    family = call.tool.partition(".")[0]
    same = any(expected.tool.partition(".")[0] == family for expected in row.expected_calls)
    return is_lookup(call.tool) and (needs or same)


def _argument_problems(
    row: ActionRow, index: int, call: Seen | None, targets: Mapping[int, Target]
) -> list[str]:
    expected = row.expected_calls[index]
    if call is None:
        return [f"{expected.tool} {name}: no such call" for name in expected.args]
    resolved = _resolved(call, targets.get(index))
    problems = []
    for given_name, wanted in expected.args.items():
        name = argument_name(given_name)
        if resolved is not None and name in TARGETS:
            right = resolved
        else:
            right = matches(name, wanted, call.args.get(name), now=row.now)
        if not right:
            problems.append(f"{expected.tool} {name}: {call.args.get(name)!r}, not {wanted!r}")
    return problems


def _resolved(call: Seen, target: Target | None) -> bool | None:
    """Whether the call was about the seeded target; None where nothing was seeded for it."""
    if target is None:
        return None
    told = [*leaves(dict(call.args)), *leaves(call.result)]
    # An occurrence of a series has the series' id and its own time.
    return any(one == target.id or one.startswith(f"{target.id}_") for one in told)


def _skipped(row: ActionRow, index: int, pairs: Pairs) -> bool:
    return row.expected_calls[index].optional and index not in pairs


def _order_problem(row: ActionRow, index: int, source: int, pairs: Pairs) -> str:
    expected = row.expected_calls[index]
    if source not in pairs:
        return f"{expected.tool} without {row.expected_calls[source].tool}"
    first, then = pairs[source], pairs[index]
    if first.step >= then.step:
        return f"{then.tool} in the same step as {first.tool} or before it"
    if not _uses(then, first, expected):
        return f"{then.tool} does not use what {first.tool} found"
    return ""


def _uses(call: Seen, source: Seen, expected: ExpectedCall) -> bool:
    """A value of the result stands in an argument that the user's words do not fix, or its words do.

    A target that the tool resolves itself, a result that was not recorded, and an empty result
    leave nothing to prove.
    """
    fixed = {argument_name(name) for name in expected.args}
    given = leaves({name: value for name, value in call.args.items() if name not in fixed})
    given = given or leaves(dict(call.args))
    found = [leaf for leaf in leaves(_lists(source.result)) if len(leaf) >= _LEAF]
    if not found or {"event"} & fixed:
        return True
    text = " ".join([*given, *leaves(dict(call.args))]).casefold()
    if any(_digits(leaf) in _digits(text) for leaf in found if len(_digits(leaf)) >= 8):
        return True
    if any(leaf.casefold() in text for leaf in found):
        return True
    words = {word for leaf in found for word in content_words(leaf)}
    return len(words & _words_of(given)) >= _ENOUGH_SHARED


def _lists(result: Any) -> Any:
    """What was found, without the notes beside it."""
    lists = (
        [v for v in result.values() if isinstance(v, list)] if isinstance(result, Mapping) else []
    )
    return lists or result


def _words_of(texts: Iterable[str]) -> set[str]:
    return {word for text in texts for word in content_words(text)}


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _failure(
    row: ActionRow, played: Played, wrong: Sequence[str], missing: Sequence[str]
) -> dict[str, Any]:
    problems = [f"no answer: {played.error}"] if played.error else []
    problems += wrong
    if not problems:
        return {}
    failure: dict[str, Any] = {
        "id": row.id,
        "wrong": problems,
        "answered": played.answer,
        "calls": [{"tool": c.tool, "args": dict(c.args), "status": c.status} for c in played.calls],
    }
    if played.error:
        failure["error"] = played.error
    if missing:
        failure["missing_tools"] = list(missing)
    return failure
