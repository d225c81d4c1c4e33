"""Local servers that speak a host's wire format, for the real clients to talk to.

They hold each request to the host's published types and rules and answer 400 where the host does;
what they send is held to the published types too. Anthropic's stands apart in `_anthropic`: its types
come with the optional extra `claude`.
"""

from tests.wire._closing import Closing
from tests.wire._gemini import GeminiWire
from tests.wire._groq import GroqWire
from tests.wire._openai import OpenAIWire
from tests.wire._refusals import REFUSALS, refusal
from tests.wire._server import Scripted, Wire

__all__ = [
    "REFUSALS",
    "Closing",
    "GeminiWire",
    "GroqWire",
    "OpenAIWire",
    "Scripted",
    "Wire",
    "refusal",
]
