"""Logs pass through the mask: messages, arguments, exceptions and fields, whatever formats them."""

import io
import logging
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import structlog
from uvicorn.logging import AccessFormatter

from zantara._outlets import LogMask

SAID = "sk-0123456789abcdefghij"
CARD = "4111 1111 1111 1111"
Logged = Callable[..., str]


@pytest.fixture
def logged() -> Logged:
    """What a masked handler writes of one record."""

    def write(
        message: Any, *args: Any, formatter: logging.Formatter | None = None, **more: Any
    ) -> str:
        handler = logging.StreamHandler(stream := io.StringIO())
        handler.setFormatter(formatter)
        handler.addFilter(LogMask())
        logger = logging.Logger("of the test")
        logger.addHandler(handler)
        logger.error(message, *args, **more)
        return stream.getvalue()

    return write


def failure() -> Exception:
    """One error that came of another; both texts say too much."""
    try:
        try:
            raise KeyError(f"card {CARD}")
        except KeyError as error:
            raise RuntimeError(f"refused: {SAID}") from error
    except RuntimeError as error:
        return error


def test_messages_and_arguments_are_masked(logged: Logged) -> None:
    assert logged(f"it is {SAID}") == "it is [masked: token]\n"
    assert logged("it is %s, %d", SAID, 7) == "it is [masked: token], 7\n"
    assert logged("%(card)s", {"card": CARD}) == "[masked: card number]\n"
    assert logged("card %d", 4111111111111111) == "card [masked: card number]\n"
    assert logged("token=%s", "abc") == "token=[masked: token]\n"
    assert logged("%s", ValueError(SAID)) == "[masked: token]\n"
    assert logged("20,000,000 IDR in %d months", 18) == "20,000,000 IDR in 18 months\n"


def test_a_message_that_cannot_be_formatted_is_told_masked(
    logged: Logged, capsys: pytest.CaptureFixture[str]
) -> None:
    assert logged("%d and %s", SAID) == "%d and %s ('[masked: token]',)\n"
    assert capsys.readouterr().err == ""


def test_an_exception_is_masked_with_the_one_that_it_came_of(logged: Logged) -> None:
    text = logged("failed", exc_info=failure())
    assert "RuntimeError: refused: [masked: token]" in text
    assert "KeyError: 'card [masked: card number]'" in text
    assert text.count("Traceback (most recent call last)") == 2
    assert SAID not in text and CARD not in text


def test_an_exception_with_nothing_to_hide_stays_an_exception(logged: Logged) -> None:
    shown: list[Any] = []

    class Keeps(logging.Formatter):
        def format(self, record: logging.LogRecord) -> str:
            shown.append(record.exc_info)
            return super().format(record)

    error = ValueError("nothing to see")
    logged("failed", exc_info=error, formatter=Keeps())
    assert shown[0][1] is error


def test_a_formatter_that_asks_for_the_exception_itself_gets_it_masked(logged: Logged) -> None:
    formatter = structlog.stdlib.ProcessorFormatter(
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(),
        ],
        foreign_pre_chain=[structlog.stdlib.ExtraAdder(), structlog.processors.format_exc_info],
    )
    text = logged("failed", exc_info=failure(), extra={"card": CARD, "n": 1}, formatter=formatter)
    assert "RuntimeError: refused: [masked: token]" in text
    assert '"card": "[masked: card number]", "n": 1' in text
    assert SAID not in text and CARD not in text


def test_structlog_s_fields_are_masked(logged: Logged) -> None:
    formatter = structlog.stdlib.ProcessorFormatter(processor=structlog.processors.JSONRenderer())
    given = structlog.stdlib.ProcessorFormatter.wrap_for_formatter(
        logging.getLogger(), "error", {"event": f"sent {SAID}", "error": ValueError(CARD), "n": 1}
    )
    text = logged(*given[0], formatter=formatter, **given[1])
    assert "sent [masked: token]" in text
    assert "[masked: card number]" in text
    assert '"n": 1' in text
    assert SAID not in text and CARD not in text


def test_the_access_log_of_the_server_keeps_its_form(logged: Logged) -> None:
    formatter = AccessFormatter("%(request_line)s %(status_code)s", use_colors=False)
    given = ("127.0.0.1:1", "GET", f"/threads?token=abc&card={CARD.replace(' ', '')}", "1.1", 200)
    text = logged('%s - "%s %s HTTP/%s" %d', *given, formatter=formatter)
    path = "/threads?token=[masked: token]&card=[masked: card number]"
    assert text == f"GET {path} HTTP/1.1 200 OK\n"


def test_fields_and_stacks_are_masked(logged: Logged) -> None:
    formatter = logging.Formatter("%(message)s %(who)s")
    text = logged(SAID, extra={"who": {"password": "x", "n": 1}}, formatter=formatter)
    assert text == "[masked: token] {'password': '[masked: password]', 'n': 1}\n"
    assert CARD not in logged("here", stack_info=True)


PROCESS = f"""
import logging, os
from zantara._outlets import guard
from zantara.settings import Settings

guard(Settings(slack_token="my own slack one"))
guard(Settings())
log = logging.getLogger("of.some.library")
log.warning("to standard error: {SAID}, my own slack one, " + os.environ["HOST_API_KEY"])
late = logging.StreamHandler()
log.addHandler(late)
try:
    raise ValueError("{CARD}")
except ValueError:
    log.exception("to a handler that came later")
"""


def test_every_logger_and_handler_of_a_guarded_process_is_masked() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROCESS],
        env={"HOST_API_KEY": "a key of a host"},
        capture_output=True,
        text=True,
        check=True,
    )
    said = "to standard error: [masked: token], [masked: secret], [masked: secret]"
    assert said in done.stderr
    assert "ValueError: [masked: card number]" in done.stderr
    assert CARD not in done.stderr


LAZY = """
import asyncio, sys
from pathlib import Path
from zantara._outlets import guard
from zantara._storage import open_checkpoints
from zantara.settings import Settings

async def work(settings):
    async with open_checkpoints(settings.home, settings.encryption_key):
        print([name for name in ("Crypto", "stdnum", "langsmith.client") if name in sys.modules])

settings = Settings(home=Path(sys.argv[1]))
guard(settings)
asyncio.run(work(settings))
"""


def test_nothing_of_it_is_imported_before_it_is_needed(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LAZY, tmp_path], env={}, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
