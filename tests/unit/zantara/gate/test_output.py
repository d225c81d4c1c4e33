"""No answer carries anything out, and answers that carry nothing stay as they are."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage

from tests.unit.zantara.gate.exfiltration import ATTEMPTS, HARMLESS, HOST, PREFIX, SECRET, leak_in
from tests.unit.zantara.gate.hostile import KNOWN, OUT, OWN, hostile_texts
from zantara.gate.addresses import addresses_in
from zantara.gate.known_addresses import NO_ADDRESSES, KnownAddresses, known_addresses
from zantara.gate.output import REMOVED, guarded, guarded_with

_PACK = Path(__file__).parents[4] / "zantara" / "knowledge" / "pack"


@pytest.mark.parametrize("name", ATTEMPTS)
def test_no_attempt_gets_through(name: str) -> None:
    text = ATTEMPTS[name]
    assert leak_in(text, KNOWN), "the attempt would work"
    shown = guarded(text, KNOWN)
    assert leak_in(shown.text, KNOWN) == ""
    assert not (HOST in shown.text and SECRET in shown.text)


@pytest.mark.parametrize("name", ATTEMPTS)
@pytest.mark.parametrize("around", ["See {} now.", "Rp 2.300.000 [1]: {}\n\nDone.", "- {}\n- x"])
def test_no_attempt_gets_through_inside_an_answer(name: str, around: str) -> None:
    assert leak_in(guarded(around.format(ATTEMPTS[name]), KNOWN).text, KNOWN) == ""


@pytest.mark.parametrize("text", HARMLESS)
def test_harmless_text_stays_as_it_is(text: str) -> None:
    assert guarded(text, NO_ADDRESSES) == (text, ())


def test_every_passage_of_the_pack_may_be_quoted() -> None:
    for path in sorted(_PACK.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            text = json.loads(line)["text"]
            assert guarded(text, KnownAddresses.of(own=[text])).text == text


@settings(max_examples=400, deadline=None)
@given(hostile_texts())
def test_whatever_wraps_an_unknown_address_no_reader_makes_a_link_or_an_image_of_it(
    text: str,
) -> None:
    shown = guarded(text, KNOWN).text
    assert leak_in(shown, KNOWN) == ""
    assert guarded(shown, KNOWN).text == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"[our list]({OWN})", f"[our list]({OWN})"),
        (f"See {OWN}.", f"See {OWN}."),
        (f"See <{OWN}>", f"See {OWN}"),
        (f"![logo]({OWN})", f"logo ({OWN})"),
        (f"[it]({OUT})", f"it ({OUT})"),
        (f'[it]({OUT} "title")', f"it ({OUT})"),
        (f"![it]({OUT})", f"it ({OUT})"),
        (f"[it][o]\n\n[o]: {OUT}", f"it ({OUT})\n\n[o] {OUT}"),
        (f"<{OUT}>", OUT),
        (f"See {OUT}, then ({OUT}).", f"See {OUT}, then ({OUT})."),
        (f"**{OUT}**", f"**{OUT}**"),
        (OUT.replace("https", "HTTPS").replace("out.", "OUT."), "HTTPS://OUT.example/a?b=1"),
        ("out.example/a?b=1", "out.example/a?b=1"),
        (f'<img src="{OUT}">', f'‹img src="{OUT}" ›'),
    ],
)
def test_a_known_address_is_shown_and_only_our_own_is_a_link(text: str, shown: str) -> None:
    assert guarded(text, KNOWN) == (shown, ())


@pytest.mark.parametrize(
    "text",
    [
        *(f"{OUT}0", f"{OUT}/", f"{OUT}#x", f"{OUT}%20x", f"{OUT}&amp;x=1", f"{OUT}\u00a0x"),
        *("https://out.example/A?b=1", "https://out.example/a?B=1", "https://out.example/a"),
        *("http://out.example/a?b=1", "https://out.example:444/a?b=1", "//out.example/a?b=1"),
        *("https://x@out.example/a?b=1", "https://x.out.example/a?b=1", f"{PREFIX}x", f"x{OUT}"),
        *(f"{OUT}{OUT}", f"{OUT},{OUT}", "https://out.example./a?b=1", f"&#104;{OUT[1:]}"),
    ],
)
def test_an_address_is_compared_as_a_whole(text: str) -> None:
    assert REMOVED in guarded(text, KNOWN).text
    assert OUT not in guarded(text, KNOWN).text.split()


def test_what_was_removed_is_told() -> None:
    assert guarded(f"a {HOST}/{SECRET} b {OUT}", KNOWN).removed == (f"{HOST}/{SECRET}",)


def test_escape_sequences_and_hidden_signs_are_stripped() -> None:
    text = "\x1b[31mred\x1b[0m \x1b]0;title\x07a\u200bb\u202ec\x07d\u00ade\U000e0041f\r\ng"
    assert guarded(text, NO_ADDRESSES).text == "red abcdef\ng"


def test_a_text_with_no_address_needs_nothing_to_be_read() -> None:
    def load() -> KnownAddresses:
        raise AssertionError("nothing is known of small talk")

    assert guarded_with("Hello! It costs Rp 2.300.000 [1].", load).text.startswith("Hello")
    with pytest.raises(AssertionError):
        guarded_with(f"See {OUT}", load)


_UNITS = (
    *("[", "](", "[](", "![](", "[a](b)", "][", "]:", "]: a\n", "[a]: b\n", "[b]: <c> ", "[x](<"),
    *("<", "<a", "<a ", "<a>", "<!--", "&#", "&#x26;", "&amp;", "%25", "%2", "\\", "\\\\", "//"),
    *("://", "a://", "a.", "a.b", "a.com", "a.com/", "www.", "a@b.", "a@b.com ", "@", ".", ":"),
    *("data:", "data:a/b;", "mailto:", "*", "**a", "_", "`", "\x1b[", "\x1b]", "\u200b", "\u200d"),
    *("\ufe0f", "é\u200d", "\u3002", "а", "((", ")", "[[[]]](", "\n[", "> ", "1.1.1.1/", "\uff1ca"),
    *(f"{OUT} ", f"{OUT}**", "a=b=", "]:" * 1000 + " w\n", "](" * 1990 + ")", " ", "=a.com"),
)


@pytest.mark.parametrize("unit", _UNITS, ids=repr)
def test_a_hundred_kilobytes_of_anything_are_read_once(unit: str) -> None:
    """A pattern that goes back would need hours here."""
    for text in (unit * (100_000 // len(unit)), f"{unit}{'a' * 100_000}{unit}"):
        shown = guarded(text, KNOWN).text
        assert guarded(shown, KNOWN).text == shown


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Visit oss.go.id, or pajak.go.id/npwp.", ["oss.go.id", "pajak.go.id/npwp"]),
        ("203.0.113.5/x but not Rp 1.250.000.000/tahun", ["203.0.113.5/x"]),
        ("a@b.com, but b@c.com/x and mailto:a@b.com", ["c.com/x", "mailto:a@b.com"]),
        ("secret.evil.Com and EVIL.COM", ["secret.evil.Com", "EVIL.COM"]),
        ("secret.evil.zip and v1.2.zip", ["secret.evil.zip"]),
        ("x=a.oss.go.id", ["x=a.oss.go.id"]),
        ("❤.ws/a, пример.рф", ["❤.ws/a", "пример.рф"]),
        ("localhost:8000 localhost", ["localhost:8000"]),
        ("javascript:alert(1) tel:+62 Tel: +62 Data:10/03/2026", ["javascript:alert(1", "tel:+62"]),
    ],
)
def test_what_is_an_address(text: str, found: list[str]) -> None:
    assert [one.text for one in addresses_in(text)] == found


def _result(data: Any, *, call_id: str = "c", **classes: str) -> ToolMessage:
    origins = {key or "": value for key, value in classes.items()} or {"": "outside"}
    return ToolMessage(
        json.dumps(data), tool_call_id=call_id, name="x", artifact={"provenance": origins}
    )


def _call(**args: Any) -> AIMessage:
    return AIMessage("", tool_calls=[{"name": "x", "args": args, "id": "c"}])


@pytest.mark.parametrize(
    "message",
    [
        HumanMessage(f"What is {OUT}?"),
        _result({"mails": [{"text": f'He wrote: "{OUT}", and so on.'}]}),
        _result({"text": f"[here]({OUT})"}),
        ToolMessage(f"not JSON: {OUT}.", tool_call_id="c"),
    ],
)
def test_whatever_was_read_may_be_told_and_is_no_link(message: BaseMessage) -> None:
    known = known_addresses([message])
    assert known.holds(OUT)
    assert not known.owns(OUT)


def test_a_field_of_a_system_and_our_knowledge_may_be_links() -> None:
    filled = ToolMessage(
        json.dumps({"file": {"link": OUT, "name": f"see {OWN}"}}),
        tool_call_id="c",
        artifact={"provenance": {"": "system"}},
    )
    known = known_addresses([filled], knowledge=["Register at oss.go.id."])
    assert known.owns(OUT)
    assert known.owns("https://oss.go.id/")
    assert known.holds(OWN) and not known.owns(OWN), "a sentence may repeat anybody's words"


@pytest.mark.parametrize(
    "echo",
    [
        _result({"error": f"there is no '{PREFIX}{SECRET}'"}, **{"": "system"}),
        _result({"posted": {"text": f"{PREFIX}{SECRET}"}}, **{"": "own"}),
    ],
)
def test_an_address_that_the_model_wrote_into_a_call_is_not_known_by_its_echo(
    echo: ToolMessage,
) -> None:
    address = f"{PREFIX}{SECRET}"
    assert not known_addresses([_call(query=address), echo]).holds(address)
    assert not known_addresses([_call(query=f"x {address} y"), echo]).holds(address)
    assert not known_addresses([echo], calls=[{"args": {"a": [address]}}]).holds(address)
    edited = {"args": {"a": address}, "typed": {"a": [address]}}
    assert known_addresses([echo], calls=[edited]).holds(address)
    assert known_addresses([HumanMessage(address), _call(query=address), echo]).holds(address)


def test_what_another_model_wrote_is_not_known() -> None:
    report = _result({"report": f"See {PREFIX}{SECRET}"}, **{"": "system", "report": "derived"})
    assert not known_addresses([report]).holds(f"{PREFIX}{SECRET}")


def test_what_the_user_wants_remembered_is_known() -> None:
    known = known_addresses([], remembered=[f"My site is {OUT}"])
    assert known.holds(OUT) and not known.owns(OUT)
    assert not known_addresses([_call(content=f"it is {OUT}")], remembered=[OUT]).holds(OUT)
