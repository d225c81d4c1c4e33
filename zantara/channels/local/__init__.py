"""The local channels: WhatsApp and Slack as a transport in this process, or served on loopback."""

from zantara.channels.local._app import LocalChannels
from zantara.channels.local._outbox import Delivered

__all__ = ["Delivered", "LocalChannels"]
