"""The channels of this deployment: each live where its token is set, else local."""

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Literal

import httpx

from zantara.channels._http import Api
from zantara.channels._slack import Slack
from zantara.channels._whatsapp import WhatsApp
from zantara.clock import Clock
from zantara.costs import Meter
from zantara.settings import Settings

__all__ = ["Channels"]

_LOCAL = "http://channels.localhost"


@dataclass
class Channels:
    """WhatsApp and Slack.

    local: the file of the local channels, where what has no token is sent. meter: writes the rows of
    messages that cost.
    """

    settings: Settings
    local: Path
    clock: Clock
    transport: httpx.AsyncBaseTransport | None = field(default=None)
    meter: Meter | None = None

    @cached_property
    def whatsapp(self) -> WhatsApp:
        known = self.settings
        if self.describe()["whatsapp"] == "live":
            token = known.whatsapp_token.get_secret_value()
            api = Api("WhatsApp", known.whatsapp_url, token, self.transport)
            return WhatsApp(api, known.whatsapp_number_id, meter=self.meter)
        return WhatsApp(Api("WhatsApp", f"{_LOCAL}/v23.0", "local", self._here), "100000000000001")

    @cached_property
    def slack(self) -> Slack:
        if self.describe()["slack"] == "live":
            token = self.settings.slack_token.get_secret_value()
            return Slack(Api("Slack", self.settings.slack_url, token, self.transport))
        return Slack(Api("Slack", f"{_LOCAL}/api", "xoxb-local", self._here))

    @cached_property
    def _here(self) -> httpx.AsyncBaseTransport:
        from zantara.channels.local import LocalChannels

        return self.transport or LocalChannels(self.local, clock=self.clock)

    def describe(self) -> dict[str, Literal["live", "local"]]:
        """Whether each channel is live or local: WhatsApp needs a token and a number."""
        known = self.settings
        whatsapp = known.whatsapp_token.get_secret_value() and known.whatsapp_number_id
        slack = known.slack_token.get_secret_value()
        return {
            "whatsapp": "live" if whatsapp else "local",
            "slack": "live" if slack else "local",
        }
