"""A chat model that replays given replies: the double that ships beside the seam."""

from collections.abc import Sequence
from typing import Any

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable
from pydantic import PrivateAttr

__all__ = ["ScriptExhaustedError", "ScriptedModel"]


class ScriptExhaustedError(RuntimeError):
    """The graph asked for more replies than the script holds."""


class ScriptedModel(BaseChatModel):
    """Gives `replies` in order, one a call; with `loop`, from the start again.

    Raises ScriptExhaustedError after the last one.
    """

    replies: list[AIMessage]
    loop: bool = False
    _given: int = PrivateAttr(default=0)

    @property
    def _llm_type(self) -> str:
        return "scripted"

    @property
    def given(self) -> int:
        """How many replies have been given."""
        return self._given

    def bind_tools(
        self, tools: Sequence[Any], *, tool_choice: str | None = None, **kwargs: Any
    ) -> Runnable[Any, AIMessage]:
        return self

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return self._next()

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return self._next()

    def _next(self) -> ChatResult:
        if not self.replies or (self._given >= len(self.replies) and not self.loop):
            raise ScriptExhaustedError(
                f"the script holds {len(self.replies)} replies and one more was asked for"
            )
        reply = self.replies[self._given % len(self.replies)]
        self._given += 1
        return ChatResult(generations=[ChatGeneration(message=reply.model_copy(deep=True))])
