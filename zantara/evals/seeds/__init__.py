"""What a row's calls are about is put into the demo account before the row is played.

One seeder a family, by the tool's first name in the evaluation files. A new family adds a module
and a line below; a family without a seeder gets nothing.
"""

from collections.abc import Collection, Mapping

from zantara.evals._files import ActionRow
from zantara.evals.seeds import _calendar, _gmail, _slack, _workspace
from zantara.evals.seeds._ground import Ground, Seeder, Target

__all__ = ["SEEDERS", "Ground", "Seeder", "Target", "seed"]

_WORKSPACE = ("drive", "docs", "sheets", "contacts", "googlechat")
SEEDERS: Mapping[str, Seeder] = {
    "calendar": _calendar.seed,
    "gmail": _gmail.seed,
    "slack": _slack.seed,
    **dict.fromkeys(_WORKSPACE, _workspace.seed),
}


async def seed(ground: Ground, row: ActionRow, *, missing: Collection[str]) -> dict[int, Target]:
    """Seed what the row's calls are about: {index of the call: target}.

    missing: tools that the product lacks; nothing is seeded for them.
    """
    if ground.services.google.describe()["kind"] != "local":
        raise RuntimeError("an evaluation writes into the local Google only, never a real account")
    targets = {}
    for index, call in enumerate(row.expected_calls):
        family = call.tool.partition(".")[0]
        seeder = None if call.tool in missing else SEEDERS.get(family)
        target = await seeder(ground, row, index) if seeder else None
        if target is not None:
            targets[index] = target
    return targets
