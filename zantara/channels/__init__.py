"""Message channels: WhatsApp Cloud API and Slack Web API, live or local, through one HTTP client."""

from zantara.channels._channels import Channels
from zantara.channels._http import ChannelError
from zantara.channels._slack import Slack
from zantara.channels._whatsapp import WhatsApp

__all__ = ["ChannelError", "Channels", "Slack", "WhatsApp"]
