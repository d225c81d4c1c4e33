"""The transcript: branches, what is found by value, writing again."""

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolMessage
from langgraph.store.memory import InMemoryStore

from zantara import transcript
from zantara.gate.provenance import Provenance

USER = "ayu.lestari@example.com"


def _said(*texts: str) -> list[AnyMessage]:
    return [HumanMessage(text, id=text) for text in texts]


async def test_what_was_written_is_read_in_order_and_writing_again_changes_nothing() -> None:
    store = InMemoryStore()
    head = await transcript.append(store, USER, "t.1", head="", messages=_said("a", "b"))
    for _ in range(2):
        last = await transcript.append(store, USER, "t.1", head=head, messages=_said("c"))
    found = await transcript.read(store, USER, "t.1", head=last)
    assert [message.text for message in found] == ["a", "b", "c"]
    assert [m.text for m in await transcript.read(store, USER, "t.1", head=last, limit=2)] == [
        "b",
        "c",
    ]


async def test_a_fork_reads_its_own_branch() -> None:
    store = InMemoryStore()
    root = await transcript.append(store, USER, "t", head="", messages=_said("a"))
    one = await transcript.append(store, USER, "t", head=root, messages=_said("left"))
    other = await transcript.append(store, USER, "t", head=root, messages=_said("right"))
    assert [m.text for m in await transcript.read(store, USER, "t", head=one)] == ["a", "left"]
    assert [m.text for m in await transcript.read(store, USER, "t", head=other)] == ["a", "right"]


async def test_nobody_reads_another_user_s_or_thread_s_rows() -> None:
    store = InMemoryStore()
    head = await transcript.append(store, USER, "t", head="", messages=_said("a"))
    assert await transcript.read(store, "budi", "t", head=head) == []
    assert await transcript.read(store, USER, "u", head=head) == []


async def test_values_are_found_with_their_class_and_message() -> None:
    store = InMemoryStore()
    result = ToolMessage(
        '{"from": "Maria@Example.com"}',
        tool_call_id="c",
        name="gmail_read",
        id="mail",
        artifact={"provenance": {"": "system", "from": "outside"}},
    )
    said = HumanMessage("Write to budi@example.com please", id="words")
    model = AIMessage("eve@example.com", id="model")
    await transcript.append(store, USER, "t", head="", messages=[said, model, result])
    wanted = ["budi@example.com", "maria@example.com", "eve@example.com"]
    found = await transcript.find_values(store, USER, "t", wanted)
    assert {k.value: (k.provenance, k.message_id) for k in found} == {
        "budi@example.com": (Provenance.USER, "words"),
        "maria@example.com": (Provenance.OUTSIDE, "mail"),
    }
