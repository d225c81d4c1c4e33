"""What leaves the process unasked, logs and traces, passes through the mask.

Traces go to LangSmith where LANGSMITH_TRACING (or an older name of it) asks for them.
"""

import logging
import os
import traceback
from collections.abc import Callable
from typing import Any

from pydantic import SecretStr

from zantara.masking import keep_secret, mask, mask_values
from zantara.settings import Settings

__all__ = ["LogMask", "MaskedError", "guard", "mask_logs", "mask_traces"]

_NAMES = ("_KEY", "_TOKEN", "_SECRET", "_PASSWORD")
_TRACING = (
    "LANGSMITH_TRACING_V2",
    "LANGCHAIN_TRACING_V2",
    "LANGSMITH_TRACING",
    "LANGCHAIN_TRACING",
)
_OWN = frozenset(vars(logging.makeLogRecord({})))  # what a record has without `extra`
_done: set[str] = set()


def guard(settings: Settings) -> None:
    """Before anything is logged or traced: the secrets of these settings and of the environment are
    known, and logs and traces masked.
    """
    values = (getattr(settings, name) for name in type(settings).model_fields)
    keep_secret(*(value.get_secret_value() for value in values if isinstance(value, SecretStr)))
    keep_secret(*(value for name, value in os.environ.items() if name.upper().endswith(_NAMES)))
    mask_logs()
    mask_traces()


class MaskedError(Exception):
    """Stands in a log record for an exception whose text was masked; its own text is that one."""


class LogMask(logging.Filter):
    """Lets every record through, masked."""

    def filter(self, record: logging.LogRecord) -> bool:
        _mask_message(record)
        _mask_error(record)
        if record.stack_info:
            record.stack_info = mask(record.stack_info)
        for name in vars(record).keys() - _OWN:
            setattr(record, name, mask_values(getattr(record, name)))
        return True


def _mask_message(record: logging.LogRecord) -> None:
    """Arguments are masked one by one where that suffices: a formatter may read them by place."""
    try:
        told = record.getMessage()
    except Exception:  # the logging module would write it, secrets and all, to standard error
        record.msg, record.args = mask(f"{record.msg} {record.args!r}"), ()
        return
    masked = mask(told)
    if isinstance(record.msg, dict):  # structlog's: its formatter reads the fields
        record.msg = mask_values(record.msg)
    elif masked != told:
        record.args = mask_values(record.args)
        if _message(record) != masked:
            record.msg, record.args = masked, ()


def _message(record: logging.LogRecord) -> str | None:
    try:
        return record.getMessage()
    except (TypeError, ValueError):  # a number that %d was to show is now a mask
        return None


def _mask_error(record: logging.LogRecord) -> None:
    """The whole chain of exceptions is text in the end; some formatters ask for the exception again."""
    if record.exc_text:
        record.exc_text = mask(record.exc_text)
    if not isinstance(record.exc_info, tuple) or record.exc_info[1] is None:
        return
    told = "".join(traceback.format_exception(*record.exc_info)).rstrip()
    masked = mask(told)
    if masked != told:
        record.exc_text = masked
        record.exc_info = (MaskedError, MaskedError(masked), None)


def mask_logs() -> None:
    """Every record of this process, whichever handler it goes to, also one that is added later.

    `extra` comes onto a record after it is made: for that the handlers of now have the filter too.
    """
    log_mask = LogMask()
    if "logs" not in _done:
        _done.add("logs")
        logging.setLogRecordFactory(_masking(logging.getLogRecordFactory(), log_mask))
    loggers = [logging.getLogger(), *map(logging.getLogger, list(logging.root.manager.loggerDict))]
    for handler in {one for logger in loggers for one in logger.handlers}:
        if not any(isinstance(one, LogMask) for one in handler.filters):
            handler.addFilter(log_mask)


def _masking(
    made: Callable[..., logging.LogRecord], log_mask: LogMask
) -> Callable[..., logging.LogRecord]:
    def make(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = made(*args, **kwargs)
        log_mask.filter(record)
        return record

    return make


def mask_traces() -> None:
    """The client that LangChain's tracer takes masks inputs, outputs, errors and metadata.

    Nothing of LangSmith is imported while tracing is off.
    """
    wanted = any(os.environ.get(name, "").strip().lower() in ("true", "1") for name in _TRACING)
    if not wanted or "traces" in _done:
        return
    _done.add("traces")
    from langsmith import Client, configure

    configure(client=Client(anonymizer=mask_values))
