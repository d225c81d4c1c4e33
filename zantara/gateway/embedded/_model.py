"""The embedded model as a LangChain chat model."""

from collections.abc import Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.utils.function_calling import convert_to_openai_tool

from zantara.gateway.embedded._engine import respond
from zantara.gateway.embedded._schema import ToolSpec

__all__ = ["EmbeddedModel"]


class EmbeddedModel(BaseChatModel):
    """Answers from the passages in its prompt and calls the bound tools by their schemas.

    It sees the messages and the tool schemas, nothing else. The same prompt always gets the same
    answer.
    """

    @property
    def _llm_type(self) -> str:
        return "embedded"

    def bind_tools(
        self, tools: Sequence[Any], *, tool_choice: str | None = None, **kwargs: Any
    ) -> Runnable[Any, AIMessage]:
        schemas = [convert_to_openai_tool(tool) for tool in tools]
        return self.bind(tools=schemas)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        tools = [ToolSpec.of(schema) for schema in kwargs.get("tools", ())]
        message = respond(messages, tools)
        message.response_metadata = {"model_name": "embedded"}
        return ChatResult(generations=[ChatGeneration(message=message)])
