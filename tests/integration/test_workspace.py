"""Tasks handed to the workspace subgraph: its own gate, its calls among the turn's, once each."""

from typing import Any

from tests.conftest import Open
from tests.kit import asks, call, decisions, on, says, services_of
from zantara.identity import Role, User
from zantara.runner import Runner

ASK = "Please make a document 'Agenda' and tell me when it is there."
HAND_OVER = call("workspace", task="create the document 'Agenda'", material="Ten o'clock: Rita")
CREATE = call("docs_create", title="Agenda", content="Ten o'clock: Rita")
INVENTED = call("docs_create", title="Something of the model's own")
REPORT = says("The document Agenda was made.")
DONE = says("It is there.")


async def documents(runner: Runner, name: str = "Agenda") -> int:
    google = services_of(runner).google
    files = google.api("drive", "v3").files()
    found = await google.run(lambda: files.list(q=f"name = '{name}' and trashed = false"))
    return len(found["files"])


def told(turn: Any) -> list[tuple[str, str]]:
    return [(one["tool"], one["status"]) for one in turn.calls]


async def test_a_delegated_write_asks_and_is_done_once(open_runner: Open) -> None:
    async with open_runner([asks(HAND_OVER), asks(CREATE), REPORT, DONE]) as runner:
        turn = await runner.ask(ASK, thread_id="t")
        assert [one.tool for one in turn.pending] == ["docs_create"]
        assert await documents(runner) == 0
        turn = await runner.resume("t", on(turn.pending, decisions("approve")))
        assert turn.answer == "It is there."
        assert told(turn) == [("docs_create", "done")]
        assert await documents(runner) == 1
        assert [one["tool"] for one in await runner.calls("t")] == ["docs_create"]


async def test_what_the_task_says_is_a_models_word_and_not_the_users(open_runner: Open) -> None:
    made_up = call("workspace", task="create the document 'Something of the model's own'")
    async with open_runner([asks(made_up), asks(INVENTED), REPORT, DONE]) as runner:
        turn = await runner.ask(ASK, thread_id="t")
        assert turn.pending[0].provenance["title"]["provenance"] == "derived"


async def test_what_the_user_said_is_theirs_in_the_subgraph_too(open_runner: Open) -> None:
    async with open_runner([asks(HAND_OVER), asks(CREATE), REPORT, DONE]) as runner:
        turn = await runner.ask(ASK, thread_id="t")
        assert turn.pending[0].provenance["title"]["provenance"] == "user"
        assert turn.pending[0].provenance["content"]["provenance"] == "derived"


async def test_a_rejected_call_is_told_to_both_models(open_runner: Open) -> None:
    async with open_runner([asks(HAND_OVER), asks(CREATE), REPORT, DONE]) as runner:
        turn = await runner.ask(ASK, thread_id="t")
        no = {"type": "reject", "message": "not now"}
        turn = await runner.resume("t", on(turn.pending, decisions(no)))
        assert told(turn) == [("docs_create", "rejected")]
        assert await documents(runner) == 0
        result = next(m for m in await runner.history("t") if m.type == "tool")
        assert "the user rejected it" in result.text
        assert "not now" in result.text


async def test_each_of_two_tasks_asks_and_both_are_done(open_runner: Open) -> None:
    """The scripted model answers in the order in which it is asked: both tasks get the same calls."""
    twice = asks(HAND_OVER, call("workspace", task="create another document 'Agenda'"))
    replies = [twice, asks(CREATE), asks(CREATE), REPORT, REPORT, DONE]
    async with open_runner(replies) as runner:
        turn = await runner.ask(ASK, thread_id="t")
        assert len({one.interrupt_id for one in turn.pending}) == 2
        answers = {one.interrupt_id: decisions("approve") for one in turn.pending}
        turn = await runner.resume("t", answers)
        assert told(turn) == [("docs_create", "done")] * 2
        assert await documents(runner) == 2


async def test_a_step_that_waits_in_part_shows_what_waits(open_runner: Open) -> None:
    """One task has ended, the other waits: the turn is not over."""
    search = call("contacts_search", query="Rita")
    both = asks(call("workspace", task="find Rita in my contacts"), HAND_OVER)
    replies = [both, asks(search), asks(CREATE), REPORT, REPORT, DONE]
    async with open_runner(replies) as runner:
        turn = await runner.ask(ASK, thread_id="t")
        assert [one.tool for one in turn.pending] == ["docs_create"]
        turn = await runner.resume("t", on(turn.pending, decisions("approve")))
        assert sorted(told(turn)) == [("contacts_search", "done"), ("docs_create", "done")]


async def test_a_client_has_no_workspace(open_runner: Open) -> None:
    client = User("carla", Role.CLIENT, "Carla", "carla@example.com")
    async with open_runner([asks(HAND_OVER), DONE], user=client) as runner:
        turn = await runner.ask(ASK, thread_id="t")
        assert told(turn) == [("workspace", "invalid")]
