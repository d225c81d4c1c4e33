"""What is masked, what only looks like it, and that masking cannot be made to fail."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from langsmith.anonymizer import DEFAULT_SECRET_RULES

from zantara import masking
from zantara.masking import keep_secret, mask, mask_values

A, B = "0123456789abcdefghij", "ABCDEFGHIJ0123456789"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIiwiaWF0IjoxfQ.c2lnbmF0dXJl-_"
PEM = f"-----BEGIN RSA PRIVATE KEY-----\nMII{A}\n{B}==\n-----END RSA PRIVATE KEY-----"
TOKENS = [
    f"sk-{A}{B}",
    f"sk-proj-{A}_{B}-{A}",
    "sk-or-" + f"v1-{A}{B}",
    f"sk-ant-api03-{A}-{B}",
    f"sk_live_{A}{B}",
    f"gsk_{A}{B}{A}",
    f"hf_{A}{B}",
    f"npm_{A}{A[:16]}",
    f"AIza{A}{B[:15]}",
    f"ya29.{A}_{B}",
    f"1//0{A}-{B}",
    f"GOCSPX-{A}_{B}",
    f"EAA{A}{B}{A}",
    f"xoxb-{A[:10]}-{A[:10]}-{B}",
    f"xapp-1-{B}-{A}",
    f"https://hooks.slack.com/services/T{B}/B{B}/{A}",
    f"ghp_{A}{B}",
    f"github_pat_{A}{B}{A}{B}{A[:2]}",
    f"glpat-{A}",
    f"lsv2_pt_{A}{A[:12]}_{A[:10]}",
    f"AKIA{B[:16]}",
    f"pypi-AgEIcHlwaS{A}{B}{A}",
    f"SG.{A}_{B[:1]}.{A}{B}-{A[:2]}",
    JWT,
]
# what is written, and the part of it that must go
NAMED = [
    (f"Authorization: Bearer {A}", A, "token"),
    ("authorization: Basic dXNlcjpwYXNz", "dXNlcjpwYXNz", "token"),
    ("Cookie: session=abcdef; other=1", "session=abcdef; other=1", "token"),
    ("api_key=abc-def", "abc-def", "token"),
    ("API key: abcdef", "abcdef", "token"),
    ("ZANTARA_SLACK_TOKEN=abc", "abc", "token"),
    ("https://example.com/v1?key=abcdefg1&q=bali", "abcdefg1", "token"),
    ("?access_token=abcdef&q=1", "abcdef", "token"),
    ("{'client_secret': 'two words'}", "two words", "token"),
    ('{"token": "abc", "n": 1}', "abc", "token"),
    ('"{\\"token\\": \\"abc\\", \\"n\\": 1}"', "abc", "token"),
    ("password=hunter2", "hunter2", "password"),
    ("kata sandi: rahasia1", "rahasia1", "password"),
    ('{"password": "it\'s long, with words"}', "it's long, with words", "password"),
    (f"password = '{A * 40}'", A * 40, "password"),
    ("postgres://ayu:p%40ss@db.example.com/x", "p%40ss", "password"),
]
NUMBERS = [
    ("3171011708450001", "NIK"),
    ("3171 0117 0845 0001", "NIK"),
    ("317101-170845-0001", "NIK"),
    ("3171015708450001", "NIK"),
    ("6501011708450001", "NIK"),
    ("01.312.166.0-091.000", "NPWP"),
    ("013121660091000", "NPWP"),
    ("0013121660091000", "NPWP"),
    ("RSSMRA85T10A562S", "codice fiscale"),
    ("rssmra85t10a562s", "codice fiscale"),
    ("RSS MRA 85T10 A562S", "codice fiscale"),
    ("IT60X0542811101000000123456", "IBAN"),
    ("IT60 X054 2811 1010 0000 0123 456", "IBAN"),
    ("gb82west12345698765432", "IBAN"),
    ("4111111111111111", "card number"),
    ("4111 1111 1111 1111", "card number"),
    ("5500-0000-0000-0004", "card number"),
    ("378282246310005", "card number"),
    ("3782 822463 10005", "card number"),
]
PASSPORTS = [
    "passport no. {}", "Passport number: {}", "my passport is {}", "paspor {}", "Nomor paspor: {}",
    "passaporto n. {}", "numero di passaporto {}", '"passport_number": "{}"', "passport_no={}",
    "passport of Maria Rossi: {}", "Passport ({})",
]  # fmt: skip
PLAIN = [
    "20,000,000 IDR", "Rp 20.000.000", "IDR 1.000.000.000.000.000", "EUR 17 000.00",
    "Rp 350.000.000", "IDR 350 000 000", "3500000000 IDR",
    "2026-03-10T09:00:00+08:00", "20260310123456", "10/03/2026", "1764054000123456 ns",
    "KBLI 62019", "UU No. 25 Tahun 2007", "PP 28/2025", "Permenkumham No. 22 Tahun 2023",
    "order 4111111111111112", "order 1234567890123456", "order 9999999999999999",
    "order 3100991708450001", "order 3171017208450001", "order 3171013002450001",
    "order 013121660091123", "0.4111111111111111",
    "call_3f2a9c0d5511aa22", "7d4e0b1c-5e1f-4b6e-9a53-0c2f8a6b9d10", "a4111111111111111b",
    "RSSMRA85T10A562T", "IT61X0542811101000000123456", "passport 20,000,000 IDR",
    "passport Rp650000", "passport valid for 18 months", "E28A and C313",
    "input_tokens: 1200", "token=4096", "max_tokens=None", "password: None", "the secretary: Maria",
    "Bearer of good news", "a bearer instrument", "http://127.0.0.1:8080/a", "sort_key=name",
    "maria@example.com", "+62 812 5550 0101",
]  # fmt: skip
PERSONAL = [
    ("maria.rossi@example.co.id", "e-mail address"),
    ("+62 812 5550 0101", "phone number"),
    ("+39 347 123 4567", "phone number"),
    ("0062 812-5550-0101", "phone number"),
    ("081255500101", "phone number"),
    ("6281255500101", "phone number"),
    ("(0361) 555 0101", "phone number"),
    ("347 123 4567", "phone number"),
]


@pytest.fixture
def kept() -> Iterator[None]:
    """Forgets afterwards what a test has given to keep."""
    before, rule = set(masking._kept), list(masking._kept_rule)
    yield
    masking._kept.clear()
    masking._kept.update(before)
    masking._kept_rule[:] = rule


@pytest.mark.parametrize("token", TOKENS)
def test_a_token_is_known_by_its_form(token: str) -> None:
    assert mask(f"It is {token}, he said") == "It is [masked: token], he said"
    assert mask(f'{{"a": ["{token}"]}}') == '{"a": ["[masked: token]"]}'


@pytest.mark.parametrize("token", TOKENS)
def test_what_langsmith_s_own_table_finds_is_found_here(token: str) -> None:
    if any(rule["pattern"].search(token) for rule in DEFAULT_SECRET_RULES):
        assert mask(token) == "[masked: token]"


@pytest.mark.parametrize(("text", "secret", "kind"), NAMED)
def test_a_secret_is_known_by_the_name_before_it(text: str, secret: str, kind: str) -> None:
    assert mask(text).startswith(text.split(secret, 1)[0] + f"[masked: {kind}]")
    assert secret not in mask(text)


@pytest.mark.parametrize("text", [PEM, PEM.replace("RSA ", ""), PEM[:60]], ids=["", "bare", "cut"])
def test_a_private_key_is_masked_whole(text: str) -> None:
    assert mask(f"before\n{text}") == "before\n[masked: private key]"


@pytest.mark.parametrize(("number", "kind"), NUMBERS)
def test_a_number_with_valid_check_digits_is_masked(number: str, kind: str) -> None:
    assert mask(f"Here: {number}. Next") == f"Here: [masked: {kind}]. Next"
    assert mask(f"2025 {number}, 12") == f"2025 [masked: {kind}], 12"
    assert mask(f"{number} 123 IDR") == f"[masked: {kind}] 123 IDR"
    assert mask(f"{number} EUR") == f"[masked: {kind}] EUR"


@pytest.mark.parametrize("label", PASSPORTS)
@pytest.mark.parametrize("number", ["X1234567", "YA1234567", "C01X00T47", "123456789"])
def test_a_passport_is_known_by_its_label(label: str, number: str) -> None:
    assert mask(label.format(number)) == label.format("[masked: passport number]")
    assert mask(number) == number


@pytest.mark.parametrize("text", PLAIN)
def test_what_only_looks_like_one_stays(text: str) -> None:
    assert mask(text) == text


@pytest.mark.parametrize(("text", "kind"), PERSONAL)
def test_addresses_and_phones_are_masked_where_it_is_asked_for(text: str, kind: str) -> None:
    assert mask(f"To {text}, please") == f"To {text}, please"
    assert mask(f"To {text}, please", personal=True) == f"To [masked: {kind}], please"


@pytest.mark.parametrize("text", [text for text in PLAIN if "@" not in text and "+62" not in text])
def test_figures_are_no_phones(text: str) -> None:
    assert mask(text, personal=True) == text


@pytest.mark.usefixtures("kept")
def test_a_secret_that_was_kept_is_masked_in_every_spelling() -> None:
    keep_secret("very own/secret", 'with "quotes" in it', "EMPTY", "")
    assert mask("<very own/secret>") == "<[masked: secret]>"
    assert mask("?k=very%20own%2Fsecret") == "?k=[masked: secret]"
    assert mask('{"a": "with \\"quotes\\" in it"}') == '{"a": "[masked: secret]"}'
    assert mask("EMPTY is a placeholder") == "EMPTY is a placeholder"


def test_text_that_pretends_to_be_masked_is_masked() -> None:
    assert mask(f"[masked: {TOKENS[0]}]") == "[masked: [masked: token]]"
    assert mask("[masked: token]4111111111111111") == "[masked: token][masked: card number]"


def test_values_keep_their_shape() -> None:
    given: dict[str, Any] = {
        "password": "x",
        "Authorization": "whatever",
        "token": None,
        "input_tokens": 12,
        "list": [TOKENS[0], 4111111111111111, 20_000_000, True, 1.5, ("3171011708450001", 1)],
        "4111111111111111": {"deep": [{"api_key": "abc"}]},
        "error": ValueError(f"bad {TOKENS[0]}"),
    }
    assert mask_values(given) == {
        "password": "[masked: password]",
        "Authorization": "[masked: token]",
        "token": None,
        "input_tokens": 12,
        "list": [
            "[masked: token]",
            "[masked: card number]",
            20_000_000,
            True,
            1.5,
            ("[masked: NIK]", 1),
        ],
        "[masked: card number]": {"deep": [{"api_key": "[masked: token]"}]},
        "error": "ValueError('bad [masked: token]')",
    }
    assert mask_values(mask_values(given)) == mask_values(given)


def test_values_nested_without_end_are_cut() -> None:
    nested: list[Any] = []
    nested.append(nested)
    assert "[masked: nested value]" in str(mask_values(nested))


ALL = [*TOKENS, PEM, *(text for text, *_ in (*NAMED, *NUMBERS, *PERSONAL)), *PLAIN]
PIECES = st.one_of(
    st.text(max_size=20),
    st.sampled_from(ALL),
    st.sampled_from(
        ["password=", "token: '", '"', "passport no ", "[masked: token]", "[masked: ", "]"]
    ),
    st.from_regex(r"[0-9 .\-]{1,24}", fullmatch=True),
    st.from_regex(r"[A-Z0-9]{1,36}", fullmatch=True),
)
TEXTS = st.lists(PIECES, max_size=8).map("".join)


@settings(deadline=None)
@given(TEXTS, st.booleans())
def test_masking_never_fails_and_once_is_enough(text: str, personal: bool) -> None:
    once = mask(text, personal=personal)
    assert mask(once, personal=personal) == once


@settings(deadline=None)
@given(
    st.recursive(TEXTS | st.integers() | st.none() | st.binary(max_size=9), st.lists, max_leaves=9)
)
def test_masking_of_values_never_fails_and_once_is_enough(value: Any) -> None:
    once = mask_values({"a": value})
    assert mask_values(once) == once


@settings(deadline=None)
@given(st.sampled_from([*TOKENS, *(number for number, _ in NUMBERS)]), TEXTS, TEXTS)
def test_no_neighbour_hides_a_secret(secret: str, before: str, after: str) -> None:
    assume(secret not in before + after)
    assert secret not in mask(f"{before} {secret} {after}")
