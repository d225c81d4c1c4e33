"""Refusals as the hosts write them, taken from their documentation and from public reports.

What a client makes of them differs by host, and so does where the reason stands: in the status, a code,
a header, a list of details or in the sentence alone.
"""

from collections.abc import Mapping
from typing import Any

from tests.wire._server import Scripted

__all__ = ["REFUSALS", "refusal"]

_TYPE = "type.googleapis.com/google.rpc."


def refusal(what: str, client: str) -> Scripted:
    """How the host that `client` talks to says `what`, a key of REFUSALS."""
    return REFUSALS[what][client]


def _openai(status: int, message: str, code: Any = None, kind: str = "") -> Scripted:
    kind = kind or "invalid_request_error"
    body = {"error": {"message": message, "type": kind, "param": None, "code": code}}
    return Scripted(status=status, refusal=body)


def _openrouter(status: int, message: str, **metadata: Any) -> Scripted:
    error = {"message": message, "code": status, **({"metadata": metadata} if metadata else {})}
    return Scripted(status=status, refusal={"error": error, "user_id": "user_1"})


def _gemini(status: int, message: str, name: str, *details: Mapping[str, Any]) -> Scripted:
    error = {"code": status, "message": message, "status": name, "details": list(details)}
    return Scripted(status=status, refusal={"error": error})


def _claude(status: int, kind: str, message: str, **headers: str) -> Scripted:
    error = {"type": kind, "message": message}
    body = {"type": "error", "error": error, "request_id": "req_1"}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Scripted(status=status, refusal=body, headers=named)


REFUSALS: Mapping[str, Mapping[str, Scripted]] = {
    "limited for 34 seconds": {
        "openai": _openai(
            429,
            "Rate limit reached for gpt-4o in organization org-1 on tokens per min (TPM): Limit"
            " 30000, Used 29000, Requested 2500. Please try again in 34.1s. Visit"
            " https://platform.openai.com/account/rate-limits to learn more.",
            "rate_limit_exceeded",
            "tokens",
        ),
        "groq": _openai(
            429,
            "Rate limit reached for model `openai/gpt-oss-120b` in organization `org_1` service tier"
            " `on_demand` on tokens per minute (TPM): Limit 8000, Used 7500, Requested 1200. Please"
            " try again in 34.125s. Need more tokens? Upgrade to Dev Tier today at"
            " https://console.groq.com/settings/billing",
            "rate_limit_exceeded",
            "tokens",
        ),
        "gemini": _gemini(
            429,
            "You exceeded your current quota, please check your plan and billing details.",
            "RESOURCE_EXHAUSTED",
            {
                "@type": _TYPE + "QuotaFailure",
                "violations": [
                    {
                        "quotaMetric": "generativelanguage.googleapis.com/"
                        "generate_content_free_tier_requests",
                        "quotaId": "GenerateRequestsPerMinutePerProjectPerModel-FreeTier",
                        "quotaValue": "10",
                    }
                ],
            },
            {"@type": _TYPE + "RetryInfo", "retryDelay": "34s"},
        ),
        "anthropic": _claude(
            429,
            "rate_limit_error",
            "This request would exceed your organization's rate limit of 30,000 input tokens per"
            " minute.",
            retry_after="34",
        ),
    },
    "no credit": {
        "openai": _openai(
            429,
            "You exceeded your current quota, please check your plan and billing details.",
            "insufficient_quota",
            "insufficient_quota",
        ),
        "groq": _openai(402, "Insufficient Balance", "invalid_request_error", "unknown_error"),
        "anthropic": _claude(
            400,
            "invalid_request_error",
            "Your credit balance is too low to access the Anthropic API. Please go to Plans &"
            " Billing to upgrade or purchase credits.",
        ),
    },
    "overloaded": {
        "openai": _openrouter(503, "Provider returned error", raw="upstream overloaded"),
        "groq": _openai(503, "Service Unavailable", kind="internal_server_error"),
        "gemini": _gemini(503, "The model is overloaded. Please try again later.", "UNAVAILABLE"),
        "anthropic": _claude(529, "overloaded_error", "Overloaded"),
    },
    "wrong key": {
        "openai": _openrouter(401, "User not found."),
        "groq": _openai(401, "Invalid API Key", "invalid_api_key"),
        "gemini": _gemini(
            400,
            "API key not valid. Please pass a valid API key.",
            "INVALID_ARGUMENT",
            {
                "@type": _TYPE + "ErrorInfo",
                "reason": "API_KEY_INVALID",
                "domain": "googleapis.com",
                "metadata": {"service": "generativelanguage.googleapis.com"},
            },
        ),
        "anthropic": _claude(401, "authentication_error", "invalid x-api-key"),
    },
    "leaked key": {
        "gemini": _gemini(
            403,
            "Your API key was reported as leaked. Please use another API key.",
            "PERMISSION_DENIED",
        ),
    },
    "no such model": {
        "openai": _openrouter(400, "meta-llama/llama-4-scout is not a valid model ID"),
        "groq": _openai(
            404,
            "The model `openai/gpt-oss-120b` does not exist or you do not have access to it.",
            "model_not_found",
        ),
        "gemini": _gemini(
            404,
            "models/gemini-3.8-flash is not found for API version v1beta, or is not supported for"
            " generateContent. Call ListModels to see the list of available models.",
            "NOT_FOUND",
        ),
        "anthropic": _claude(404, "not_found_error", "model: claude-sonnet-5-5"),
    },
    "model decommissioned": {
        "openai": _openrouter(404, "No endpoints found for meta-llama/llama-4-scout."),
        "groq": _openai(
            400,
            "The model `openai/gpt-oss-120b` has been decommissioned and is no longer supported."
            " Please refer to https://console.groq.com/docs/deprecations for a recommendation on"
            " which model to use instead.",
            "model_decommissioned",
        ),
        "gemini": _gemini(
            404,
            "This model models/gemini-3.8-flash is no longer available. Please update your code to"
            " use a newer model for the latest features and improvements.",
            "NOT_FOUND",
        ),
    },
    "too long": {
        "openai": _openai(
            400,
            "This model's maximum context length is 327680 tokens. However, your messages resulted"
            " in 400012 tokens. Please reduce the length of the messages.",
            "context_length_exceeded",
        ),
        "groq": _openai(
            413,
            "Request too large for model `openai/gpt-oss-120b` in organization `org_1` service tier"
            " `on_demand` on tokens per minute (TPM): Limit 8000, Requested 9124, please reduce your"
            " message size and try again.",
            "rate_limit_exceeded",
            "tokens",
        ),
        "gemini": _gemini(
            400,
            "The input token count (1200000) exceeds the maximum number of tokens allowed (1048575).",
            "INVALID_ARGUMENT",
        ),
        "anthropic": _claude(
            400, "invalid_request_error", "prompt is too long: 1000201 tokens > 1000000 maximum"
        ),
    },
    "filtered": {
        "openai": _openrouter(
            403,
            "meta-llama/llama-4-scout requires moderation. Your input was flagged for violence.",
            reasons=["violence"],
            flagged_input="how do I kill a process",
            provider_name="Meta",
        ),
        "groq": _openai(
            400,
            "The response was filtered due to the prompt triggering the content management policy.",
            "content_filter",
        ),
        "gemini": Scripted(
            raw=(
                'data: {"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}, "usageMetadata":'
                ' {"promptTokenCount": 7, "totalTokenCount": 7}, "modelVersion":'
                ' "gemini-3.8-flash"}\r\n\r\n',
            )
        ),
        "anthropic": Scripted(end="refusal"),
    },
}
