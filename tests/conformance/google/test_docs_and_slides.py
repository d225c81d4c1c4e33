"""Docs v1 and Slides v1 as documented, every answer held to the discovery documents."""

from typing import Any

import pytest

from zantara.google import Google, GoogleBadRequestError, GoogleError
from zantara.google.local._contract import problems


def _documents(google: Google) -> Any:
    return google.api("docs", "v1").documents()


def _presentations(google: Google) -> Any:
    return google.api("slides", "v1").presentations()


async def _document(google: Google, text: str = "") -> str:
    made = await google.run(lambda: _documents(google).create(body={"title": "Letter"}))
    assert not problems("docs", "Document", made)
    if text:
        await _change(google, made["documentId"], _inserted(text))
    return str(made["documentId"])


def _inserted(text: str, index: int = 1) -> dict[str, Any]:
    return {"insertText": {"location": {"index": index}, "text": text}}


async def _change(google: Google, document: str, *requests: Any, **control: Any) -> dict[str, Any]:
    body = {"requests": list(requests), **control}
    done = await google.run(lambda: _documents(google).batchUpdate(documentId=document, body=body))
    assert not problems("docs", "BatchUpdateDocumentResponse", done)
    return done


async def _text(google: Google, document: str) -> str:
    shown = await google.run(lambda: _documents(google).get(documentId=document))
    assert not problems("docs", "Document", shown)
    parts = shown["body"]["content"]
    ends = [part["endIndex"] for part in parts]
    assert [part.get("startIndex", 0) for part in parts] == [0, *ends[:-1]]
    runs = [one for part in parts[1:] for one in part["paragraph"]["elements"]]
    return "".join(one["textRun"]["content"] for one in runs)


async def test_text_is_written_and_is_found_in_the_drive(google: Google) -> None:
    document = await _document(google, "Dear Maria,\nyour zebra is ready.")
    assert await _text(google, document) == "Dear Maria,\nyour zebra is ready.\n"
    files = google.api("drive", "v3").files()
    page = await google.run(lambda: files.list(q="fullText contains 'zebra'"))
    assert [one["id"] for one in page["files"]] == [document]


async def test_indexes_count_utf16_units(google: Google) -> None:
    document = await _document(google, "🌴 palm")
    await _change(google, document, _inserted("tall ", index=4))
    assert await _text(google, document) == "🌴 tall palm\n"
    span = {"startIndex": 1, "endIndex": 4}
    await _change(google, document, {"deleteContentRange": {"range": span}})
    assert await _text(google, document) == "tall palm\n"


async def test_every_occurrence_is_replaced(google: Google) -> None:
    document = await _document(google, "Name and NAME")
    wanted = {"containsText": {"text": "name"}, "replaceText": "Maria"}
    done = await _change(google, document, {"replaceAllText": wanted})
    assert done["replies"] == [{"replaceAllText": {"occurrencesChanged": 2}}]
    assert await _text(google, document) == "Maria and Maria\n"


async def test_all_requests_are_done_or_none(google: Google) -> None:
    document = await _document(google, "One")
    last = {"deleteContentRange": {"range": {"startIndex": 1, "endIndex": 9}}}
    with pytest.raises(GoogleBadRequestError):
        await _change(google, document, _inserted("Two"), last)
    with pytest.raises(GoogleError, match="501"):
        await _change(google, document, _inserted("Two"), {"createHeader": {"type": "DEFAULT"}})
    assert await _text(google, document) == "One\n"


async def test_a_change_for_an_older_revision_is_refused(google: Google) -> None:
    document = await _document(google)
    first = await google.run(lambda: _documents(google).get(documentId=document))
    control = {"writeControl": {"requiredRevisionId": first["revisionId"]}}
    await _change(google, document, _inserted("One"), **control)
    with pytest.raises(GoogleBadRequestError, match="revision"):
        await _change(google, document, _inserted("Two"), **control)


async def test_slides_and_their_titles(google: Google) -> None:
    made = await google.run(lambda: _presentations(google).create(body={"title": "Plan"}))
    assert not problems("slides", "Presentation", made)
    identity = made["presentationId"]
    new = {
        "objectId": "second",
        "slideLayoutReference": {"predefinedLayout": "TITLE_ONLY"},
        "placeholderIdMappings": [
            {"layoutPlaceholder": {"type": "TITLE", "index": 0}, "objectId": "its_title"}
        ],
    }
    text = {"objectId": "its_title", "text": "Next steps"}
    body = {"requests": [{"createSlide": new}, {"insertText": text}]}
    done = await google.run(
        lambda: _presentations(google).batchUpdate(presentationId=identity, body=body)
    )
    assert not problems("slides", "BatchUpdatePresentationResponse", done)
    shown = await google.run(lambda: _presentations(google).get(presentationId=identity))
    assert not problems("slides", "Presentation", shown)
    title = shown["slides"][1]["pageElements"][0]["shape"]["text"]["textElements"]
    assert title[1]["textRun"]["content"] == "Next steps\n"
    with pytest.raises(GoogleBadRequestError, match="unique"):
        await google.run(
            lambda: _presentations(google).batchUpdate(presentationId=identity, body=body)
        )
