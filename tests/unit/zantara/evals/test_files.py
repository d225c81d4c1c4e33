"""A file that cannot be used is refused before anything runs, with its line and its field."""

import json
from pathlib import Path
from typing import Any

import pytest

from zantara.evals import BadFileError, choose, read_actions, read_qa

QUESTION: dict[str, Any] = {
    "id": "q-1",
    "question": "How long?",
    "language": "en",
    "intent": "knowledge",
    "paraphrased": False,
    "gold_ids": ["row"],
    "must_contain": [],
    "must_not_contain": [],
    "note": "",
}
REQUEST: dict[str, Any] = {
    "id": "r-1",
    "stratum": "gmail",
    "kind": "action",
    "turns": ["Do it"],
    "language": "it",
    "now": "2026-05-12T09:00:00+08:00",
    "expected_calls": [{"tool": "gmail.search", "args": {"query": "x"}}],
    "order": "parallel",
    "needs_approval": False,
    "clarify": False,
    "note": "",
}


def _file(folder: Path, *rows: object) -> Path:
    path = folder / "rows.jsonl"
    path.write_text("\n".join(r if isinstance(r, str) else json.dumps(r) for r in rows), "utf-8")
    return path


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"question": 5}, "field 'question' is 5; it must be a text"),
        ({"language": "fr"}, "field 'language' is 'fr'; accepted: en, id, it"),
        ({"intent": "chat"}, "field 'intent' is 'chat'; accepted: knowledge, pricing, refuse"),
        ({"paraphrased": "no"}, "field 'paraphrased' is 'no'; it must be true or false"),
        ({"gold_ids": "row"}, "field 'gold_ids' is 'row'; it must be a list of texts"),
        ({"gold_ids": []}, "field 'gold_ids' is []; a question that can be answered"),
        ({"must_contain": [3]}, "field 'must_contain' is [3]; it must be a list of texts"),
    ],
)
def test_a_bad_question_is_named_by_line_and_field(
    tmp_path: Path, changes: dict[str, Any], said: str
) -> None:
    path = _file(tmp_path, QUESTION, "", {**QUESTION, "id": "q-2", **changes})
    with pytest.raises(BadFileError) as caught:
        read_qa(path)
    assert str(caught.value).startswith(f"rows.jsonl line 3: {said}")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"turns": []}, "field 'turns' is []"),
        ({"now": "today"}, "field 'now' is 'today'; it must be a time"),
        ({"now": "2026-05-12T09:00:00"}, "field 'now' is '2026-05-12T09:00:00'; it must name its"),
        ({"kind": "chat"}, "field 'kind' is 'chat'"),
        ({"expected_calls": [{"tool": "x", "args": {}}]}, "expected_calls[0]: field 'tool' is 'x'"),
        ({"expected_calls": [{"tool": "a.b"}]}, "expected_calls[0]: field 'args' is missing"),
        (
            {"expected_calls": [{"tool": "a.b", "args": {}, "depends_on": [0]}]},
            "expected_calls[0]: field 'depends_on' is [0]",
        ),
    ],
)
def test_a_bad_request_is_named_by_line_and_field(
    tmp_path: Path, changes: dict[str, Any], said: str
) -> None:
    with pytest.raises(BadFileError) as caught:
        read_actions(_file(tmp_path, {**REQUEST, **changes}))
    assert str(caught.value).startswith(f"rows.jsonl line 1: {said}")


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (["{"], "rows.jsonl line 1: not a JSON object"),
        ([[1]], "rows.jsonl line 1: [1]; it must be a JSON object"),
        ([], "there is no row in it"),
        ([QUESTION, QUESTION], "'q-1' stands twice"),
    ],
)
def test_a_file_that_is_no_list_of_rows(tmp_path: Path, rows: list[object], said: str) -> None:
    with pytest.raises(BadFileError, match=r"rows\.jsonl") as caught:
        read_qa(_file(tmp_path, *rows))
    assert said in str(caught.value)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(BadFileError, match="cannot be read"):
        read_qa(tmp_path / "none.jsonl")


def test_rows_are_chosen_by_id_and_number(tmp_path: Path) -> None:
    path = _file(tmp_path, *({**QUESTION, "id": f"q-{n}"} for n in range(4)))
    assert [row.id for row in choose(read_qa(path), only=["q-3", "q-1"])] == ["q-1", "q-3"]
    assert [row.id for row in choose(read_qa(path), limit=2)] == ["q-0", "q-1"]
    with pytest.raises(BadFileError, match="no row has the id q-9"):
        choose(read_qa(path), only=["q-9"])


def test_the_development_files_are_read(shared: Path) -> None:
    folder = shared / "evaluation"
    assert len(read_qa(folder / "dev_qa.jsonl")) == 60
    assert len(read_actions(folder / "dev_actions.jsonl")) == 60
