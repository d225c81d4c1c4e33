"""The command line as whole processes on a data folder: exit codes, contracts, what it withstands."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from zantara.cli._main import front_door
from zantara.clock import SystemClock
from zantara.context import ARCHITECTURES
from zantara.google import Google

CONTRACT = {
    "answer", "language", "citations", "calls", "pending", "thread_id", "architecture", "model",
    "usage", "cost_usd", "latency_ms",
}  # fmt: skip
MAIL = "Send an email to maria.rossi@example.com that the visa is ready"
ROW = {
    "id": "one", "stratum": "workspace", "kind": "action", "language": "en",
    "turns": ["Find the tax card of PT Lotus Indah in Drive"], "now": "2026-03-10T09:00:00+08:00",
    "expected_calls": [{"tool": "drive.search", "args": {}}], "order": "parallel",
    "needs_approval": False, "clarify": False, "note": "",
}  # fmt: skip
Result = subprocess.CompletedProcess[str]


class Cli:
    """Runs `zantara` on one data folder, with the embedded model."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.environment = {
            key: value for key, value in os.environ.items() if not key.startswith("ZANTARA_")
        } | {
            "ZANTARA_HOME": str(home),
            "ZANTARA_MODEL": "embedded",
            "ZANTARA_KNOWLEDGE_MEANING": "false",
            "EDITOR": "",
            "VISUAL": "",
        }

    def __call__(self, *args: str, given: str = "", largest_file: int | None = None) -> Result:
        process = self.start(*args, largest_file=largest_file)
        out, err = process.communicate(given)
        assert "Traceback" not in err
        return subprocess.CompletedProcess(args, process.returncode, out, err)

    def start(self, *args: str, largest_file: int | None = None) -> "subprocess.Popen[str]":
        """`largest_file`: no file may grow beyond so many bytes, as on a full disk."""
        limit = f"import resource as r; r.setrlimit(r.RLIMIT_FSIZE, ({largest_file},) * 2);"
        program = "from zantara.cli import main; main()"
        return subprocess.Popen(
            [sys.executable, "-c", limit * bool(largest_file) + program, *args],
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )

    def json(self, *args: str, code: int, given: str = "") -> Any:
        done = self(*args, "--json", given=given)
        assert done.returncode == code, done.stderr
        return json.loads(done.stdout)

    def sent(self) -> list[str]:
        """Ids of the mails in the mailbox that were sent to Maria."""
        google = Google.local(self.home / "google.sqlite", clock=SystemClock())
        messages = google.api("gmail", "v1").users().messages()
        found = messages.list(userId="me", q="in:sent to:maria.rossi").execute()
        return [one["id"] for one in found.get("messages", [])]


@pytest.fixture(scope="module")
def cli(tmp_path_factory: pytest.TempPathFactory) -> Cli:
    """One data folder for the tests that do no harm to it: its index is built once."""
    return Cli(tmp_path_factory.mktemp("cli") / "data")


def test_a_price_is_quoted_with_its_source(cli: Cli) -> None:
    turn = cli.json("ask", "How much is the investor KITAS?", code=0)
    assert set(turn) >= CONTRACT
    assert {"17,000,000", "19,000,000"} <= set(turn["answer"].replace(";", " ").split())
    (citation,) = turn["citations"]
    assert set(citation) >= {"id", "title", "source", "effective_date"}
    assert "Price List" in citation["source"]
    told = cli("ask", "How much is the investor KITAS?")
    assert told.returncode == 0
    assert "Sources\n  [1] " in told.stdout


@pytest.mark.parametrize("arm", ARCHITECTURES)
def test_each_arm_answers_and_a_decision_goes_on_with_it(cli: Cli, arm: str) -> None:
    """`approve` is told no arm: the thread knows it."""
    asked = cli.json("ask", MAIL, "--thread", f"arm-{arm}", "--architecture", arm, code=3)
    assert (asked["architecture"], asked["source"]) == (arm, "context")
    done = cli.json("approve", f"arm-{arm}", "--approve", code=0)
    assert (done["architecture"], done["calls"][0]["status"]) == (arm, "done")
    assert (done["specialists"] == ["communication"]) == (arm == "budget")


def test_all_arms_are_asked_beside_one_another_and_nothing_is_sent(cli: Cli) -> None:
    before = cli.sent()
    turns = cli.json("ask", MAIL, "--architecture", "all", code=0)
    assert [turn["architecture"] for turn in turns] == list(ARCHITECTURES)
    assert {turn["calls"][0]["status"] for turn in turns} == {"planned"}
    assert len({turn["thread_id"] for turn in turns}) == len(ARCHITECTURES)
    assert cli.sent() == before
    shown = cli("ask", "How much is the investor KITAS?", "--architecture", "all").stdout
    assert all(f"\n{arm}" in shown for arm in ARCHITECTURES)
    refused = cli("ask", MAIL, "--architecture", "all", "--thread", "mine")
    assert (refused.returncode, refused.stdout) == (2, "")
    unknown = cli("ask", MAIL, "--architecture", "option 3")
    assert "hybrid, centro, budget, baseline" in unknown.stderr


def test_the_picture_of_an_arm_shows_where_its_turns_go(cli: Cli) -> None:
    nodes = {"hybrid": "workspace(", "centro": "files(", "budget": "specialist("}
    for arm in nodes:
        drawn = cli("graph", "--architecture", arm).stdout
        assert [one for one, name in nodes.items() if name in drawn] == [
            one for one in nodes if one == arm or (one, arm) == ("centro", "budget")
        ]
    whole = cli("graph", "--architecture", "zantara").stdout
    assert all(name in whole for name in nodes.values())


def test_a_replay_is_played_on_all_arms(cli: Cli, tmp_path: Path) -> None:
    script = tmp_path / "script.yaml"
    script.write_text(
        "version: 1\ntitle: A greeting\nturns:\n  - say: Good morning!\n"
        "    expect: {calls: [], sentences: 1}\n"
    )
    played = cli.json("replay", str(script), "--architecture", "all", code=0)
    assert [one["architecture"] for one in played] == list(ARCHITECTURES)
    assert all(one["ok"] for one in played)


def test_an_evaluation_of_all_arms_reports_each(cli: Cli, tmp_path: Path) -> None:
    rows = tmp_path / "rows.jsonl"
    rows.write_text(json.dumps(ROW))
    reports = cli.json("eval", "actions", str(rows), "--architecture", "all", code=0)
    assert list(reports) == list(ARCHITECTURES)
    assert {report["tool_set_match"] for report in reports.values()} == {1.0}


def test_a_mail_waits_until_approved_and_goes_out_once(cli: Cli) -> None:
    before = cli.sent()
    asked = cli.json("ask", MAIL, "--thread", "mail", code=3)
    (pending,) = asked["pending"]
    assert set(pending) >= {"interrupt_id", "call_id", "tool", "args", "provenance", "allowed"}
    assert pending["provenance"]["to"]["provenance"] == "user"
    assert asked["answer"] == ""
    assert cli.sent() == before
    refused = cli.json("ask", "hello", "--thread", "mail", code=2)["error"]
    assert refused["pending"][0]["call_id"] == pending["call_id"]
    stale = cli("approve", "mail", "--call", "call_of_yesterday", "--approve")
    assert stale.returncode == 2
    assert pending["call_id"] in stale.stderr
    assert cli.sent() == before
    assert cli.json("approve", "mail", "--approve", code=0)["calls"][0]["status"] == "done"
    assert len(cli.sent()) == len(before) + 1
    again = cli("approve", "mail", "--approve")
    assert (again.returncode, again.stdout) == (2, "")
    assert "nothing waits for a decision" in again.stderr
    assert len(cli.sent()) == len(before) + 1


def test_two_approvals_at_once_send_one_mail(cli: Cli) -> None:
    cli.json("ask", MAIL, "--thread", "race", code=3)
    before = cli.sent()
    racing = [cli.start("approve", "race", "--approve") for _ in range(2)]
    for process in racing:
        process.communicate()
    assert sorted(process.returncode for process in racing) == [0, 2]
    assert len(cli.sent()) == len(before) + 1


def test_an_edit_changes_what_it_names_and_threads_tell_what_was_run(cli: Cli) -> None:
    cli.json("ask", MAIL, "--thread", "edit", code=3)
    assert cli("approve", "edit", "--edit", "{broken").returncode == 2
    assert cli("approve", "edit", "--edit", '{"to": 7}', "--approve").returncode == 2
    turn = cli.json("approve", "edit", "--edit", '{"subject": "Your visa"}', code=0)
    assert turn["calls"][0]["args"]["subject"] == "Your visa"
    assert turn["calls"][0]["args"]["to"] == ["maria.rossi@example.com"]
    shown = cli.json("threads", "show", "edit", code=0)
    (call,) = [m["call"] for m in shown["messages"] if m["role"] == "call"]
    assert (call["status"], call["args"]["subject"]) == ("done", "Your visa")
    listed = cli.json("threads", code=0)
    assert {"thread_id", "title", "created", "updated", "state"} <= set(listed[0])
    found = cli.json("threads", "search", "visa is ready", code=0)
    assert "edit" in [row["thread_id"] for row in found]


def test_an_edit_in_vain_is_told_whole_and_the_gate_still_explains_the_call(cli: Cli) -> None:
    (asked,) = cli.json("ask", MAIL, "--thread", "vain", code=3)["pending"]
    wrong = cli("approve", "vain", "--edit", '{"subjct": "Visa", "to": ["maria"], "body": 7}')
    assert (wrong.returncode, wrong.stdout) == (2, ""), "nothing is offered to be approved"
    assert "subjct: no such argument; did you mean subject?" in wrong.stderr
    assert "body: 7; accepted: text" in wrong.stderr
    tried = cli("approve", "vain", "--edit", '{"to": ["maria", "rossi"]}')
    assert (tried.returncode, tried.stdout) == (2, "")
    assert "to: 'maria' is not" in tried.stderr
    assert "to: 'rossi' is not" in tried.stderr
    (waits,) = cli.json("gate", "explain", "vain", code=0)
    assert waits["verdict"] == asked["verdict"]
    cli.json("approve", "vain", "--reject", code=0)
    (ended,) = cli.json("gate", "explain", "vain", code=0)
    assert (ended["status"], ended["verdict"]) == ("rejected", asked["verdict"])


def test_the_table_of_a_policy_is_whole_where_there_is_no_terminal(cli: Cli) -> None:
    cli.environment["COLUMNS"] = "40"
    told = cli("gate", "policy", "careful").stdout
    del cli.environment["COLUMNS"]
    (headings,) = [line.split() for line in told.splitlines() if "effect" in line and "own" in line]
    columns = ["user", "system", "own", "derived", "picked", "outside", "outside"]
    assert headings == ["effect", "values", *columns]


def test_a_rejected_mail_is_not_sent(cli: Cli) -> None:
    cli.json("ask", MAIL, "--thread", "no", code=3)
    before = cli.sent()
    turn = cli.json("approve", "no", "--reject", "too early", code=0)
    assert turn["calls"][0]["status"] == "rejected"
    assert cli.sent() == before


@pytest.mark.parametrize(
    ("args", "named"),
    [
        (["ask", ""], "text: empty"),
        (["ask", "hi", "--thread", "a/b"], "thread: 'a/b'"),
        (["ask", "hi", "--timezone", "Mars"], "timezone: 'Mars'"),
        (["ask", "hi", "--language", "fr"], "language: 'fr'"),
        (["ask", "hi", "--architecture", "seed"], "architecture: 'seed'"),
        (["ask", "hi", "--as", "budi:king"], "role 'king'"),
        (["ask"], "Missing argument"),
        (["approve", "never-seen", "--approve"], "'never-seen' is not one of"),
        (["approve", "never-seen", "--approve", "--reject"], "several given"),
        (["threads", "show", "never-seen"], "'never-seen' is not one of"),
        (["talk"], "no command 'talk'"),
    ],
)
def test_bad_usage_leaves_with_2_and_names_what_was_wrong(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, args: list[str], named: str
) -> None:
    monkeypatch.setenv("ZANTARA_HOME", str(cli.home))
    done = CliRunner().invoke(front_door, args)  # in this process: it is faster
    assert done.exit_code == 2
    assert named in done.stderr
    assert done.stdout == ""


def test_another_users_thread_is_not_shown_and_not_continued(cli: Cli) -> None:
    cli.json("ask", "How much is the investor KITAS?", "--thread", "mine", code=0)
    for args in (["ask", "hi", "--thread", "mine"], ["threads", "show", "mine"]):
        assert "is not one of your threads" in cli(*args, "--as", "budi").stderr
    assert cli.json("threads", "--as", "budi", code=0) == []


def test_odd_text_is_refused_or_read_and_never_steers_the_terminal(cli: Cli) -> None:
    assert cli("ask", "-", given="a" * 1_000_000).returncode == 2
    odd = "\x1b[31mשלום \u202e how much is the investor KITAS?\x00\x07"
    done = cli("ask", "-", "--thread", "odd", given=odd)
    assert done.returncode == 0
    assert "17,000,000" in done.stdout
    shown = cli("threads", "show", "odd").stdout
    assert "שלום" in shown
    assert not set(shown) & set("\x1b\u202e\x07\x00")


def test_a_scripted_chat_asks_before_it_acts(cli: Cli) -> None:
    before = cli.sent()
    words = f"Hello!\n/thread\n{MAIL}\ne\n\nYour visa\n\n{MAIL}\nr\nnot yet\n/quit\n"
    done = cli("chat", "--thread", "talk", given=words)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("May I do this?") == 2
    assert 'Sent to maria.rossi@example.com: "Your visa"' in done.stdout
    assert len(cli.sent()) == len(before) + 1


def test_a_chat_whose_input_ends_leaves_the_action_waiting(cli: Cli) -> None:
    done = cli("chat", "--thread", "cut", given=f"{MAIL}\n")
    assert done.returncode == 3
    assert "zantara approve cut --approve" in done.stdout
    entered = cli("chat", "--thread", "cut", given="r\n\n/quit\n")
    assert entered.returncode == 0
    assert "May I do this?" in entered.stdout


def test_two_processes_may_meet_a_new_folder(tmp_path: Path) -> None:
    cli = Cli(tmp_path / "new")
    both = [cli.start("ask", "How much is the investor KITAS?") for _ in range(2)]
    told = [process.communicate() for process in both]
    assert [process.returncode for process in both] == [0, 0], told
    assert len(cli.json("threads", code=0)) == 2


def test_a_folder_that_cannot_be_used_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    cli = Cli(tmp_path / "file" / "data")
    done = cli("ask", "hi")
    assert (done.returncode, done.stdout) == (1, "")
    assert "ZANTARA_HOME" in done.stderr
    assert done.stderr.count("\n") == 1
    assert cli.json("ask", "hi", code=1)["error"]["type"] == "StorageError"
    assert cli("doctor").returncode == 1


def test_a_damaged_checkpoint_file_is_told_and_the_rest_stays(tmp_path: Path) -> None:
    cli = Cli(tmp_path / "data")
    cli.json("ask", MAIL, "--thread", "t", code=3)
    path = cli.home / "checkpoints.sqlite"
    whole = path.read_bytes()
    path.write_bytes(whole[:100] + b"\xff" * (len(whole) - 100))
    done = cli("ask", "hi", "--thread", "t")
    assert done.returncode == 1
    assert "data folder" in done.stderr
    examined = cli.json("doctor", code=1)
    assert [c["name"] for c in examined["checks"] if c["state"] == "broken"] == ["file checkpoints"]
    path.write_bytes(whole)
    assert cli.json("approve", "t", "--approve", code=0)["calls"][0]["status"] == "done"


def test_a_full_disk_fails_with_one_line_and_loses_nothing(tmp_path: Path) -> None:
    cli = Cli(tmp_path / "data")
    cli.json("ask", MAIL, "--thread", "t", code=3)

    done = cli("approve", "t", "--approve", largest_file=4096)
    assert done.returncode == 1
    assert done.stderr.strip()
    assert cli.sent() == []
    after = cli.json("approve", "t", "--approve", code=0)
    assert after["calls"][0]["status"] == "done"
    assert len(cli.sent()) == 1


def test_the_demo_keeps_its_promises_in_three_languages(tmp_path: Path) -> None:
    cli = Cli(tmp_path / "untouched")
    done = cli("demo", "--at", "2026-03-10T09:00:00+08:00")
    assert done.returncode == 0, done.stderr
    for language in ("English", "Indonesian", "Italian"):
        assert done.stdout.count(f"You ({language})") == 8
    assert done.stdout.count("ZANTARA asks first") == 9
    assert "FAILED" not in done.stdout
    assert not cli.home.exists()
