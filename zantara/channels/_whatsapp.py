"""WhatsApp Cloud API: POST /{phone number id}/messages.

It has neither an idempotency key nor a way to look a message up: when the answer is lost, nobody can
tell. A text goes out only within 24 hours of the recipient's last message to this number; else
WhatsApp takes the request and reports the failure later, to the webhook.
"""

from typing import Any

from zantara.channels._http import Api, ChannelError
from zantara.costs import Meter, metered

__all__ = ["WhatsApp"]


class WhatsApp:
    """One business number."""

    def __init__(self, api: Api, number_id: str, *, meter: Meter | None = None) -> None:
        self._api = api
        self._number_id = number_id
        self._meter = meter

    async def send(self, to: str, text: str, *, reference: str) -> str:
        """The id of the message sent to `to`. Raises ChannelError or OutcomeUnknownError.

        reference: comes back in the delivery reports of the webhook.
        """
        body: dict[str, Any] = {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": to,
            "type": "text",
            "text": {"preview_url": False, "body": text},
            "biz_opaque_callback_data": reference,
        }
        async with metered(self._meter, "whatsapp", "service message") as charge:
            try:
                answer = await self._api.post(f"{self._number_id}/messages", body)
            except ChannelError:  # what is refused or never arrived is not charged
                charge.refused = True
                raise
        try:
            return str(answer["messages"][0]["id"])
        except (KeyError, IndexError, TypeError) as error:
            raise ChannelError("WhatsApp answered without the id of a message") from error
