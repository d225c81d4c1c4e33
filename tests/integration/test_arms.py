"""The four arms in one graph: their ways, who chooses them, and what stays the same on each."""

import json
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, ToolMessage
from langchain_core.outputs import ChatGenerationChunk

from nodes._arms import SPECIALISTS, SpecialistName
from tests.conftest import Open
from tests.kit import AYU, Scripted, asks, call, decisions, graph_of, on, says, services_of
from zantara.cli import _demo
from zantara.context import ARCHITECTURES, Context
from zantara.gateway import Gateway, ModelUnavailableError
from zantara.identity import Role, User
from zantara.replay import load_script, play
from zantara.rollout import Rollout
from zantara.runner import Runner
from zantara.settings import Settings
from zantara.turn import Turn

DIRECT = ["centro", "budget", "baseline"]
ASK = "Please make a document 'Agenda' and tell me when it is there."
CREATE = call("docs_create", title="Agenda", content="Ten o'clock: Rita")
HAND_OVER = call("workspace", task="create the document 'Agenda'", material="Ten o'clock: Rita")
REPORT = says("The document Agenda was made.")
DONE = says("It is there.")
OPENING = ["choose_architecture", "recall_knowledge"]
SEARCH = "Find the team handbook in my Drive."


def makes(arm: str) -> list[AIMessage]:
    """The replies of a turn that makes one document."""
    if arm == "hybrid":
        return [asks(HAND_OVER), asks(CREATE), REPORT, DONE]
    return [asks(CREATE), DONE]


def model_of(runner: Runner) -> Scripted:
    """The double that answers, whatever the role."""
    (candidate,) = services_of(runner).gateway._pick("orchestrator")
    model = candidate.build()
    assert isinstance(model, Scripted)
    return model


async def nodes_of(events: AsyncIterator[Any]) -> tuple[list[str], Turn]:
    nodes = []
    async for event in events:
        if event.kind == "node":
            nodes.append(event.text)
        turn = event.turn
    assert turn is not None
    return nodes, turn


async def documents(runner: Runner) -> int:
    google = services_of(runner).google
    files = google.api("drive", "v3").files()
    found = await google.run(lambda: files.list(q="name = 'Agenda' and trashed = false"))
    return len(found["files"])


async def state(runner: Runner, thread: str = "t") -> dict[str, Any]:
    graph, config = graph_of(runner, thread)
    return dict((await graph.aget_state(config)).values)


# Their ways


@pytest.mark.parametrize("arm", ARCHITECTURES)
async def test_the_seven_flows_hold_on_each_arm(tmp_path: Path, arm: str) -> None:
    script = _demo._chosen(load_script(Path(_demo.__file__).with_name("demo.yaml")), "en")
    settings = Settings(home=tmp_path / "data", model="embedded", knowledge_meaning=False)
    played = await play(script, settings, AYU, graph=arm)
    assert [(one.spec.say, one.failures) for one in played.turns if one.failures] == []
    assert {one.turn.architecture for one in played.turns} == {arm}


@pytest.mark.parametrize(
    ("arm", "way"),
    [
        ("hybrid", ["orchestrate", "review_actions", "workspace", "orchestrate"]),
        ("centro", ["orchestrate", "review_actions", "files", "orchestrate"]),
        ("baseline", ["orchestrate", "review_actions", "files", "orchestrate"]),
        ("budget", ["classify", "specialist", "review_actions", "files", "specialist"]),
    ],
)
async def test_the_way_of_a_turn_that_works_on_a_file(
    open_runner: Open, arm: str, way: list[str]
) -> None:
    async with open_runner(makes(arm), graph=arm) as runner:
        nodes, turn = await nodes_of(runner.stream(ASK, thread_id="t"))
        assert [one.tool for one in turn.pending] == ["docs_create"]
        assert await documents(runner) == 0
        more, turn = await nodes_of(
            runner.stream_resume("t", on(turn.pending, decisions("approve")))
        )
        walked = [one for i, one in enumerate(nodes + more) if one != (nodes + more)[i - 1]]
        assert walked == [*OPENING, *way, "verify_answer"]
        assert turn.answer == "It is there."
        assert await documents(runner) == 1


async def test_an_exact_answer_and_small_talk_ask_no_classifier(open_runner: Open) -> None:
    async with open_runner([says("Hello!")], graph="budget") as runner:
        nodes, turn = await nodes_of(runner.stream("How much is the investor KITAS?"))
        assert nodes == [*OPENING, "answer_exactly", "verify_answer"]
        assert turn.usage["model_calls"] == 0
        nodes, turn = await nodes_of(runner.stream("Hello!"))
        assert nodes == ["choose_architecture", "specialist", "verify_answer"]
        assert (turn.usage["model_calls"], turn.specialists) == (1, [])


# Tools


async def offered(open_runner: Open, arm: str, user: User = AYU) -> set[str]:
    async with open_runner([DONE], graph=arm, user=user) as runner:
        await runner.ask(ASK)
        return set(model_of(runner).offered[-1])


async def test_each_arm_offers_its_tools(open_runner: Open) -> None:
    hybrid, centro, baseline = [
        await offered(open_runner, one) for one in ("hybrid", "centro", "baseline")
    ]
    assert {"workspace"} == hybrid - centro
    assert centro == baseline
    assert {"drive_search", "docs_create", "contacts_search"} <= centro - hybrid
    assert "choose_specialists" not in hybrid | centro


@pytest.mark.parametrize("arm", ARCHITECTURES)
async def test_a_client_is_offered_no_tool_of_the_companys_on_any_arm(
    open_runner: Open, arm: str
) -> None:
    client = User("carla", Role.CLIENT, "Carla", "carla@example.com")
    families = {name.partition("_")[0] for name in await offered(open_runner, arm, client)}
    assert families == {"maps", "memory"}


@pytest.mark.parametrize(
    ("names", "families"),
    [
        (["knowledge"], {"memory", "maps"}),
        (["workspace"], {"memory", "drive", "docs", "sheets", "slides", "contacts"}),
        (["business"], {"memory", "calendar", "maps", "contacts"}),
        (
            ["communication", "workspace"],
            {"memory", "gmail", "whatsapp", "slack", "googlechat", "contacts", "calendar"}
            | {"drive", "docs", "sheets", "slides"},
        ),
    ],
)
async def test_specialists_have_the_tools_of_all_that_were_named(
    open_runner: Open, names: list[str], families: set[str]
) -> None:
    async with open_runner([DONE], graph="budget") as runner:
        model = model_of(runner)
        model.specialists = names
        turn = await runner.ask(ASK)
        assert {name.partition("_")[0] for name in model.offered[-1]} == families
        assert (turn.specialists, turn.unclassified) == (names, "")


async def test_a_tool_outside_the_specialists_domain_is_not_run(open_runner: Open) -> None:
    async with open_runner([asks(CREATE), DONE], graph="budget") as runner:
        model_of(runner).specialists = ["communication"]
        turn = await runner.ask(ASK)
        assert [(one["tool"], one["status"]) for one in turn.calls] == [("docs_create", "invalid")]


def test_every_specialist_has_its_row_and_its_words() -> None:
    prompts = Path(__file__).parents[2] / "nodes" / "prompts"
    assert set(SPECIALISTS) == set(SpecialistName.__args__)  # type: ignore[attr-defined]
    assert all((prompts / f"{name}.md").is_file() for name in SPECIALISTS)


# The classifier


@pytest.mark.parametrize("named", [["sales"], [], [["business"]]])
async def test_where_the_classifier_names_nobody_business_answers_with_every_tool(
    open_runner: Open, named: list[Any]
) -> None:
    async with open_runner([DONE], graph="budget") as runner:
        model = model_of(runner)
        model.specialists = named
        turn = await runner.ask(ASK, thread_id="t")
        assert turn.answer == "It is there."
        assert turn.specialists == []
        assert "business answers" in turn.unclassified
        assert set(model.offered[-1]) == await offered(open_runner, "centro")
        assert (await state(runner))["unclassified"] == turn.unclassified
    async with open_runner([DONE], graph="budget") as runner:
        model_of(runner).specialists = ["workspace"]
        after = await runner.ask(ASK, thread_id="t")
        assert (after.specialists, after.unclassified) == (["workspace"], "")


async def test_where_no_classifier_can_be_reached_business_answers(open_runner: Open) -> None:
    async with open_runner([DONE], graph="budget") as runner:
        services = services_of(runner)
        whole = services.gateway

        class _Without(Gateway):
            async def reply(self, asked: Any, *args: Any, **kwargs: Any) -> Any:
                if asked.role == "classifier":
                    raise ModelUnavailableError("no model answered: none is there")
                assert asked.role == "business"
                return await whole.reply(asked, *args, **kwargs)

        services.gateway = _Without(whole._pick, services.ledger)
        turn = await runner.ask(ASK)
        assert turn.answer == "It is there."
        assert "no classifier could be reached" in turn.unclassified


# Who chooses


class _Plan(Rollout):
    """Says `arm` of every thread, and keeps what it was asked."""

    def __init__(self, arm: str) -> None:
        self.arm = arm
        self.asked: list[tuple[str, str, str]] = []

    def arm_for(self, thread_id: str, *, role: str, current: str = "") -> str:
        self.asked.append((thread_id, role, current))
        return self.arm

    def after_turn(self) -> None:
        """Nothing is checked."""

    def close(self) -> None:
        """Nothing is open."""


async def test_who_chose_the_arm_is_told(open_runner: Open) -> None:
    async def told(runner: Runner, context: Context | None = None) -> tuple[str, str]:
        turn = await runner.ask("Tell me how you work, please.", thread_id="t", context=context)
        return turn.architecture, turn.source

    async with open_runner([DONE], loop=True) as runner:
        assert await told(runner) == ("hybrid", "default")
        assert await told(runner) == ("hybrid", "thread")
        assert await told(runner, Context(architecture="centro")) == ("centro", "context")
        assert await told(runner) == ("centro", "thread")
        plan = _Plan("budget")
        services_of(runner).rollout = plan
        assert await told(runner) == ("budget", "rollout")
        assert plan.asked == [("t", "staff", "centro")]
        assert await told(runner, Context(architecture="hybrid")) == ("hybrid", "context")
        plan.arm = "an arm that is gone"
        assert await told(runner) == ("hybrid", "thread")
    async with open_runner([DONE], loop=True, graph="baseline") as runner:
        services_of(runner).rollout = _Plan("budget")
        assert await told(runner, Context(architecture="centro")) == ("baseline", "preset")


# Changing the arm


async def test_a_pending_turn_ends_on_the_arm_that_asked(open_runner: Open) -> None:
    async with open_runner([asks(CREATE)], graph="budget") as runner:
        turn = await runner.ask(ASK, thread_id="t")
    async with open_runner([DONE], graph="hybrid") as runner:
        services_of(runner).rollout = _Plan("centro")
        answer = on(turn.pending, decisions("approve"))
        nodes, turn = await nodes_of(runner.stream_resume("t", answer))
        assert nodes == ["review_actions", "files", "specialist", "verify_answer"]
        assert (turn.architecture, turn.source) == ("budget", "preset")
        assert await documents(runner) == 1


async def test_a_thread_goes_on_with_another_arm_and_every_result_keeps_its_call(
    open_runner: Open,
) -> None:
    """Hosts refuse a result without its call, and a call without its result."""
    arms = ["hybrid", "centro", "budget", "baseline", "hybrid"]
    replies = [reply for arm in arms for reply in makes(arm)]
    async with open_runner(replies) as runner:
        heard: list[Sequence[BaseMessage]] = []
        model = model_of(runner)
        generate = model._agenerate

        async def listening(messages: list[BaseMessage], *args: Any, **kwargs: Any) -> Any:
            heard.append(messages)
            return await generate(messages, *args, **kwargs)

        object.__setattr__(model, "_agenerate", listening)
        for number, arm in enumerate(arms, 1):
            turn = await runner.ask(ASK, thread_id="t", context=Context(architecture=arm))
            turn = await runner.resume("t", on(turn.pending, decisions("approve")))
            assert (turn.architecture, turn.answer) == (arm, "It is there.")
            assert await documents(runner) == number
        assert len(heard) == len(replies)
        assert max(len([m for m in one if isinstance(m, ToolMessage)]) for one in heard) == 5
        assert all(paired(one) for one in heard)


def paired(prompt: Sequence[BaseMessage]) -> bool:
    """Whether each call is followed by its result and no result stands alone."""
    open_calls: list[str] = []
    for message in prompt:
        if isinstance(message, ToolMessage):
            if message.tool_call_id not in open_calls:
                return False
            open_calls.remove(message.tool_call_id)
        elif open_calls:
            return False
        elif isinstance(message, AIMessage):
            open_calls = [str(one["id"]) for one in message.tool_calls]
    return not open_calls


# A call made directly is held to the same rules


@pytest.mark.parametrize("arm", DIRECT)
async def test_a_direct_write_is_journalled_once_and_can_be_undone(
    open_runner: Open, arm: str
) -> None:
    async with open_runner(makes(arm), graph=arm) as runner:
        turn = await runner.ask(ASK, thread_id="t")
        (asked,) = turn.pending
        assert asked.provenance["title"]["provenance"] == "user"
        assert asked.provenance["content"]["provenance"] == "derived"
        assert asked.preview == {"content": "Ten o'clock: Rita"}
        await runner.resume("t", on(turn.pending, decisions("approve")))
        (entry,) = await runner.calls("t")
        assert (entry["tool"], entry["status"]) == ("docs_create", "done")
        (able,) = await runner.undo("t")
        await runner.undo("t", [able["call_id"]])
        assert await documents(runner) == 0


@pytest.mark.parametrize("arm", ["hybrid", *DIRECT])
async def test_what_was_made_after_reading_outside_words_bears_their_mark(
    open_runner: Open, arm: str
) -> None:
    copied = call("docs_create", title="Agenda", content="A text of the model's own")
    reads = asks(call("gmail_search", query="in:inbox"))
    task = call("workspace", task="create the document 'Agenda'", material="A text")
    made = [asks(task), asks(copied), REPORT] if arm == "hybrid" else [asks(copied)]
    async with open_runner([reads, *made, DONE], graph=arm) as runner:
        turn = await runner.ask(ASK, thread_id="t")
        (asked,) = turn.pending
        assert asked.provenance["content"]["inherits"] == "outside"
        turn = await runner.resume("t", on(turn.pending, decisions("approve")))
        (result,) = [m for m in await runner.history("t") if m.type == "tool"][1:]
        assert "own" not in set(result.artifact["provenance"].values())


@pytest.mark.parametrize("arm", DIRECT)
async def test_the_link_of_a_file_that_a_direct_call_found_may_be_clicked(
    open_runner: Open, arm: str
) -> None:
    search = asks(call("drive_search", query="Team handbook"))
    async with open_runner([search, DONE], graph=arm) as runner:
        await runner.ask(SEARCH, thread_id="t")
        (result,) = (m for m in await runner.history("t") if m.type == "tool")
        link = json.loads(result.text)["files"][0]["link"]
    answer = f"Here is the [team handbook]({link}). Have a good day!"
    async with open_runner([search, says(answer)], graph=arm) as runner:
        assert (await runner.ask(SEARCH, thread_id="u")).answer == answer


# An answer that breaks off


class Breaking(Scripted):
    """Its first answer breaks off in the middle of a sentence; the next ones are whole."""

    async def _astream(
        self, messages: list[BaseMessage], *_args: Any, **_kwargs: Any
    ) -> AsyncIterator[ChatGenerationChunk]:
        reply = self._next().generations[0].message
        for piece in reply.text.split("|"):
            yield ChatGenerationChunk(message=AIMessageChunk(content=piece))
        if self.given == 1:
            raise ConnectionError("the host hung up")


BROKEN = {
    "en": ("Tell me how you work, please.", "My answer broke off here."),
    "id": ("Tolong ceritakan bagaimana Anda bekerja.", "Jawaban saya terputus di sini."),
    "it": ("Per favore dimmi come lavori.", "La mia risposta si è interrotta qui."),
}


@pytest.mark.parametrize("arm", ARCHITECTURES)
@pytest.mark.parametrize("language", BROKEN)
async def test_an_answer_that_breaks_off_is_told_and_the_thread_goes_on(
    open_runner: Open, arm: str, language: str
) -> None:
    ask, sentence = BROKEN[language]
    replies = [says("I listen. |Then I |loo"), says("Whole.| It is.")]
    async with open_runner(replies, graph=arm) as runner:
        services = services_of(runner)
        model = Breaking(replies=replies)
        services.gateway = Gateway.of(model, services.ledger)
        shown, turn = "", None
        async for event in runner.stream(ask, thread_id="t", context=Context(language=language)):  # type: ignore[arg-type]
            shown += event.text if event.kind == "text" else ""
            turn = event.turn
        assert turn is not None
        assert turn.answer.startswith(f"I listen. {sentence}")
        assert shown == turn.answer
        assert turn.broken
        after = await runner.ask("And now, please?", thread_id="t")
        assert (after.answer, after.broken) == ("Whole. It is.", False)
