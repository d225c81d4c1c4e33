"""An answer that streams is never shown with more in it than one that comes at once."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nodes._outgoing import fit_to_follow, may_be_shown
from tests.unit.zantara.gate.exfiltration import ATTEMPTS, HARMLESS, leak_in
from tests.unit.zantara.gate.hostile import KNOWN, OUT, OWN, hostile_texts
from zantara.evidence import SentenceStream
from zantara.gate.known_addresses import KnownAddresses
from zantara.gate.output import needs_guarding


def _known() -> KnownAddresses:
    return KNOWN


def _streamed(text: str, size: int = 1) -> tuple[str, str]:
    """(shown while `text` comes, added at its end), as orchestrate and verify_answer do."""
    stream, shown = SentenceStream(), ""
    for at in range(0, len(text), size):
        for sentence in stream.feed(text[at : at + size]):
            if not may_be_shown(sentence, _known):
                return shown, fit_to_follow(shown, text[len(shown) :], _known)
            shown += sentence
    return shown, fit_to_follow(shown, text[len(shown) :], _known)


@pytest.mark.parametrize("name", ATTEMPTS)
@pytest.mark.parametrize("around", ["{}", "First. Second one!\n\n{}\n\nAnd the end."])
def test_no_attempt_gets_through_sign_by_sign(name: str, around: str) -> None:
    shown, added = _streamed(around.format(ATTEMPTS[name]))
    assert leak_in(shown, KNOWN) == ""
    assert leak_in(shown + added, KNOWN) == ""


@pytest.mark.parametrize(
    "text",
    [
        f"[a\nb]: {OUT}\n\n[a b]",
        *(f"[a]:\n{OUT}\n\n[a]", f"[a\nb]:\n{OUT}\n\n[a b]", f"[x][a]\n\n[a]: {OUT}\n"),
        *(f"[text](\n{OUT}\n)", f"[text\n]({OUT})", f"![text\n]({OUT})", f"![te. xt]({OUT})"),
        *(f"<img\nsrc={OUT}>", f"<img src=\n{OUT}>", f"<a\nhref='{OUT}'>x</a>"),
        *(f"[a]:\n\n{OUT}\n\n[a]", f"> [a]:\n> {OUT}\n\n[a]", f"- [a]:\n  {OUT}\n\n[a]"),
    ],
)
def test_a_construct_over_several_sentences_does_not_come_together(text: str) -> None:
    shown, added = _streamed(text)
    assert leak_in(shown + added, KNOWN) == ""


@settings(max_examples=200, deadline=None)
@given(hostile_texts(), st.integers(1, 9))
def test_whatever_streams_stays_safe(text: str, size: int) -> None:
    shown, added = _streamed(text, size)
    assert leak_in(shown, KNOWN) == ""
    assert leak_in(shown + added, KNOWN) == ""


@pytest.mark.parametrize("text", [*HARMLESS, f"See {OUT}, and\n[our list]({OWN}).\n\nThe end.\n"])
def test_harmless_answers_stream_to_their_last_sentence(text: str) -> None:
    text += "\n\nThat is all I know.\n"
    assert _streamed(text) == (text, "")


def test_a_number_in_brackets_waits_for_the_end_and_stays() -> None:
    text = "Prices [1]:\n- C1: 2.300.000\n"
    assert _streamed(text) == ("", text)


def test_small_talk_needs_no_evidence() -> None:
    assert not needs_guarding("Hello Ayu! How are you? 1 + 1 = 2, i.e. fine.")
    assert needs_guarding(f"See {OUT}")
