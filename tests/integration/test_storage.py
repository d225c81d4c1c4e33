"""A full disk, broken files, folders that cannot be used, two processes: clear errors, nothing lost."""

# ruff: noqa: ASYNC240 - a test may block its own loop

import asyncio
import multiprocessing
import resource
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Open
from tests.kit import AYU, asks, call, decisions, on, says, scripted_services, services_of
from zantara.database import StorageError
from zantara.runner import Runner, UnknownThreadError
from zantara.turn import Turn

CREATE = call("calendar_create", summary="Permit review", start="2026-03-18T10:00:00+08:00")
ASK = "Please put the permit review into my calendar."


async def created(runner: Runner) -> int:
    google = services_of(runner).google
    found = await google.run(
        lambda: google.api("calendar", "v3").events().list(calendarId="primary", q="Permit review")
    )
    return len(found["items"])


def in_process(work: Callable[..., None], *args: Any) -> multiprocessing.process.BaseProcess:
    process = multiprocessing.get_context("forkserver").Process(target=work, args=args)
    process.start()
    return process


async def test_a_file_in_place_of_the_folder_is_named(home: Path, open_runner: Open) -> None:
    home.write_text("not a folder")
    with pytest.raises(StorageError, match=str(home)):
        async with open_runner([]):
            pass


@pytest.mark.parametrize("name", ["checkpoints.sqlite", "store.sqlite"])
async def test_a_broken_file_is_an_error_and_is_not_touched(
    home: Path, open_runner: Open, name: str
) -> None:
    home.mkdir()
    broken = b"this is no database, " * 1000
    (home / name).write_bytes(broken)
    with pytest.raises(StorageError, match="ZANTARA_HOME"):
        async with open_runner([]):
            pass
    assert (home / name).read_bytes() == broken


async def test_a_broken_journal_stops_the_turn_before_it_acts(
    home: Path, open_runner: Open
) -> None:
    home.mkdir()
    journal = home / "journal.sqlite"
    journal.write_bytes(b"this is no database, " * 1000)
    async with open_runner([asks(CREATE), says("Done.")]) as runner:
        with pytest.raises(StorageError, match=r"journal\.sqlite"):
            await runner.ask(ASK, thread_id="t")
        assert await created(runner) == 0
    journal.unlink()
    async with open_runner([asks(CREATE), says("Done.")]) as runner:
        waiting = await runner.decide("t", {"type": "approve"})
        assert not isinstance(waiting, list)
        assert [one.tool for one in waiting.pending] == ["calendar_create"], "it went on"


async def test_a_journal_that_breaks_after_the_approval_loses_nothing(
    home: Path, open_runner: Open
) -> None:
    async with open_runner([asks(CREATE)]) as runner:
        asked = await runner.ask(ASK, thread_id="t")
    whole = (home / "journal.sqlite").read_bytes()
    (home / "journal.sqlite").write_bytes(b"x" * len(whole))
    async with open_runner([says("Done.")]) as runner:
        with pytest.raises(StorageError):
            await runner.resume("t", on(asked.pending, decisions("approve")))
        assert await created(runner) == 0
    (home / "journal.sqlite").write_bytes(whole)
    async with open_runner([says("Done.")]) as runner:
        done = await runner.decide("t", {"type": "approve"})
        assert not isinstance(done, list)
        assert (done.answer, await created(runner)) == ("Done.", 1)


def _turn_with_a_full_disk(home: Path, knowledge: Path, most: int, note: Path) -> None:
    """No file may grow beyond `most` bytes from here on: what a full disk does to SQLite."""
    from zantara.knowledge import Knowledge

    async def work() -> str:
        services = scripted_services(
            home, [asks(CREATE), says("Done.")], knowledge=Knowledge.open(knowledge, meaning=False)
        )
        async with Runner.open(services, AYU) as runner:
            await created(runner)
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))
            try:
                turn = await runner.ask(ASK, thread_id="t")
                await runner.resume("t", on(turn.pending, decisions("approve")))
            finally:
                unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
                resource.setrlimit(resource.RLIMIT_FSIZE, unlimited)
        return "done"

    try:
        told = asyncio.run(work())
    except Exception as error:
        told = f"{type(error).__name__}: {error}"
    note.write_text(told)


@pytest.mark.parametrize("most", [1_000, 60_000, 120_000, 250_000])
async def test_a_full_disk_is_told_and_the_turn_ends_when_there_is_room(
    tmp_path: Path, home: Path, open_runner: Open, most: int
) -> None:
    note = tmp_path / "note"
    process = in_process(_turn_with_a_full_disk, home, tmp_path / "index", most, note)
    await asyncio.to_thread(process.join)
    told = await asyncio.to_thread(note.read_text)
    assert told == "done" or told.startswith("StorageError: cannot use"), told
    async with open_runner([asks(CREATE), says("Done.")], by_step=True) as runner:
        for _round in range(3):
            turn, cut = await looked(runner)
            if not turn or not (turn.pending or cut):
                break
            await runner.decide("t", {"type": "approve"})
        if not turn or not turn.answer:
            turn = await runner.ask(ASK, thread_id="t")
            turn = await runner.resume("t", on(turn.pending, decisions("approve")))
        assert turn.answer == "Done."
        assert await created(runner) == 1


async def looked(runner: Runner) -> tuple[Turn | None, bool]:
    try:
        return await runner.look("t")
    except UnknownThreadError:  # there was no room for its first word
        return None, False


def _twenty_turns(home: Path, knowledge: Path, thread: str) -> None:
    from zantara.knowledge import Knowledge

    async def work() -> None:
        index = Knowledge.open(knowledge, meaning=False)
        services = scripted_services(home, [says("Noted.")], knowledge=index, loop=True)
        async with Runner.open(services, AYU) as runner:
            for n in range(20):
                await runner.ask(f"{thread} {n}, please note.", thread_id=thread)

    asyncio.run(work())


@pytest.mark.parametrize("threads", [("a", "b"), ("same", "same")], ids=["different", "same"])
async def test_two_processes_share_a_new_data_folder(
    tmp_path: Path, home: Path, open_runner: Open, threads: tuple[str, str]
) -> None:
    started = [in_process(_twenty_turns, home, tmp_path / "index", thread) for thread in threads]
    for process in started:
        await asyncio.to_thread(process.join)
    assert [process.exitcode for process in started] == [0, 0]
    async with open_runner([]) as runner:
        histories = [await runner.history(thread) for thread in set(threads)]
        assert sum(len(history) for history in histories) == 80


async def test_two_askers_in_one_process_take_turns(open_runner: Open) -> None:
    async with open_runner([says("Noted.")], loop=True) as runner:
        await asyncio.gather(*(runner.ask(f"{n}, please note.", thread_id="t") for n in range(5)))
        assert [m.type for m in await runner.history("t")] == ["human", "ai"] * 5
