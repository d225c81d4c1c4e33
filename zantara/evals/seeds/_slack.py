"""The channel that a row names."""

import asyncio

from zantara.evals._files import ActionRow
from zantara.evals.seeds._ground import Ground, Target

__all__ = ["seed"]


async def seed(ground: Ground, row: ActionRow, index: int) -> Target | None:
    """A workspace has the channels that its people speak of."""
    name = str(row.expected_calls[index].args.get("channel", "")).lstrip("#").casefold()
    if name:
        from zantara.channels.local import LocalChannels

        services = ground.services
        local = LocalChannels(services.settings.home / "channels.sqlite", clock=services.clock)
        await asyncio.to_thread(local.add_slack_channel, name)
    return None
