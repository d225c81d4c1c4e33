"""Puts what it was in the place of what no log, trace or recording may hold: `[masked: card number]`.

Secrets are known by their form, by the name that stands before them, or because the settings hold them.
Numbers of identity are known by their check digits, so that prices, dates and codes of law stay.
What repeats in a pattern and can fail is bounded: no text, whoever wrote it, makes its masking slow.
"""

import json
import re
import threading
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from zantara._identity_numbers import IDENTITY, KINDS, PERSONAL, Found, Rule

__all__ = ["keep_secret", "load_rules", "mask", "mask_values"]

_TOKEN, _PASSWORD, _PRIVATE_KEY = "token", "password", "private key"
_SECRET, _NESTED = "secret", "nested value"
_MASKED = "|".join((_TOKEN, _PASSWORD, _PRIVATE_KEY, _SECRET, _NESTED, *KINDS))
_MASKS = re.compile(rf"(\[masked: (?:{_MASKED})\])")
_SHORTEST = 6  # a shorter key is a placeholder ("none", "EMPTY"), and stands in ordinary words
_DEEPEST = 100
_ONE_OF_EACH = "3171011708450001 IT60X0542811101000000123456 RSSMRA85T10A562S"
_SMALLEST, _LARGEST = 10**12, 10**20  # every number of identity that has no letters lies between

_PEM = re.compile(
    r"(?P<x>-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----"
    r"(?:[\s\S]*?-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|[\s\S]*))"
)
_IN_ADDRESS = re.compile(r"://[^\s/:@\"'<>]{0,64}:(?P<x>[^\s/@\"'<>]{1,256})@")
_FORMS = re.compile(
    r"""(?<![A-Za-z0-9])(?P<x>
      sk-[A-Za-z0-9_-]{16,}                     # OpenAI, OpenRouter, Anthropic, DeepSeek
    | [srp]k_(?:live|test)_[A-Za-z0-9]{16,}     # Stripe
    | gsk_[A-Za-z0-9]{20,} | hf_[A-Za-z0-9]{20,} | npm_[A-Za-z0-9]{30,}
    | AIza[A-Za-z0-9_-]{30,} | ya29\.[A-Za-z0-9_.-]{10,} | 1//0[A-Za-z0-9_-]{20,}  # Google
    | GOCSPX-[A-Za-z0-9_-]{20,}                 # Google's client secrets
    | EAA[A-Za-z0-9]{20,}                       # Meta: WhatsApp
    | xox[a-z](?:\.xox[a-z])?-[A-Za-z0-9-]{10,} | xapp-[0-9]-[A-Za-z0-9-]{10,}
    | https://hooks\.slack\.com/services/[A-Za-z0-9/]{10,}
    | gh[a-z]_[A-Za-z0-9]{20,} | github_pat_[A-Za-z0-9_]{20,} | glpat-[A-Za-z0-9_-]{16,}
    | lsv2_[a-z]{2}_[A-Za-z0-9_]{20,} | ls__[A-Za-z0-9]{16,}  # LangSmith
    | A[KS]IA[A-Z0-9]{16} | pypi-[A-Za-z0-9_-]{40,}
    | SG\.[A-Za-z0-9_-]{16,64}\.[A-Za-z0-9_-]{16,}
    | eyJ[A-Za-z0-9_-]{5,1000}\.eyJ[A-Za-z0-9_-]{5,}(?:\.[A-Za-z0-9_-]*)?  # JWT
    )""",
    re.X,
)
_BEARER = re.compile(
    r"(?<![a-z0-9])bearer\s{1,3}(?P<x>(?=[a-z._~+/=-]{0,80}[0-9])[a-z0-9._~+/=-]{8,})", re.I
)
_SEPARATOR = r"\\{0,3}[\"']?\s{0,3}(?::|=>?)\s{0,3}"
_HEADER = re.compile(
    rf"authorization{_SEPARATOR}(?:\\{{0,3}}[\"'])?(?:basic|token|digest|apikey)\s{{1,3}}"
    r"(?P<x>[^\s\"'\\,]{4,})",
    re.I,
)
_COOKIE = re.compile(
    rf"(?<![a-z])cookie{_SEPARATOR}(?:\\{{0,3}}[\"'])?(?P<x>[\w.-]{{1,64}}=[^\r\n\"'\\]{{4,}})",
    re.I,
)
_VALUE = r"(?P<q>\\{0,3}[\"'])?(?P<x>(?(q)(?:(?!(?P=q))[^\r\n])+|[^\s\"'\\&;,)\]}<>]{3,}))"
_PASSWORDS = r"password|passwd|passphrase|passcode|pwd|kata[ _-]?sandi"
_KEYS = ("api", "access", "secret", "private", "encryption", "signing", "aes", "auth", "client")
_OF_KEYS = "|".join(f"(?<={word}{between}key)" for word in _KEYS for between in ("", "[ _-]"))
_TOKENS = f"token|secret|key(?:{_OF_KEYS})"  # looks back, so that few places of a text are tried
_NAMED_PASSWORD = re.compile(rf"(?:{_PASSWORDS}){_SEPARATOR}{_VALUE}", re.I)
_NAMED_TOKEN = re.compile(rf"(?:{_TOKENS}){_SEPARATOR}{_VALUE}", re.I)
_NAMED_KEY = re.compile(
    r"(?<![a-z0-9])key=(?P<x>(?=[^\s\"'&;,]{0,80}[0-9])[^\s\"'\\&;,)\]}<>]{8,})", re.I
)
_FIELDS = re.compile(rf"(?:{_PASSWORDS}|{_TOKENS}|authorization|cookie)$", re.I)
_NO_SECRETS = frozenset({"none", "null", "true", "false"})


def _is(kind: str) -> Callable[[str], Found]:
    return lambda text: Found(kind, len(text))


def _said(kind: str) -> Callable[[str], Found]:
    """A count of tokens is none, nor is a value that says that there is none."""
    return lambda text: Found(kind, 0 if _is_plain(kind, text) else len(text))


def _is_plain(kind: str, text: str) -> bool:
    return text.casefold() in _NO_SECRETS or (kind == _TOKEN and text.isdecimal())


_SECRETS = (
    Rule(_PEM, _is(_PRIVATE_KEY)),
    Rule(_IN_ADDRESS, _is(_PASSWORD)),
    Rule(_FORMS, _is(_TOKEN)),
    Rule(_BEARER, _is(_TOKEN)),
    Rule(_HEADER, _is(_TOKEN)),
    Rule(_COOKIE, _is(_TOKEN)),
    Rule(_NAMED_PASSWORD, _said(_PASSWORD)),
    Rule(_NAMED_TOKEN, _said(_TOKEN)),
    Rule(_NAMED_KEY, _is(_TOKEN)),
)
_kept: set[str] = set()
_kept_rule: list[Rule] = []
_keeping = threading.Lock()


def keep_secret(*values: str) -> None:
    """Mask these values from here on wherever they stand, also as addresses and JSON write them."""
    told = [value for value in values if len(value) >= _SHORTEST]
    spelled = {s for one in told for s in (one, quote(one, safe=""), json.dumps(one)[1:-1])}
    with _keeping:
        if spelled <= _kept:
            return
        _kept.update(spelled)
        any_of_them = "|".join(map(re.escape, sorted(_kept, key=len, reverse=True)))
        _kept_rule[:] = [Rule(re.compile(f"(?P<x>{any_of_them})"), _is(_SECRET))]


def mask(text: str, *, personal: bool = False) -> str:
    """The text without secrets and identity numbers; `personal`: without addresses and phones too.

    Once is enough: what is masked is masked again to itself.
    """
    rules = (*_kept_rule, *_SECRETS, *IDENTITY, *(PERSONAL if personal else ()))
    while True:  # a mask may part what hid a number; each round leaves less that is not masked
        before = text
        for rule in rules:
            text = _applied(rule, text)
        if text == before:
            return text


def load_rules() -> None:
    """Import what the rules need, which a server's event loop must not be held up by later."""
    mask(_ONE_OF_EACH)


def _applied(rule: Rule, text: str) -> str:
    if not rule.form.search(text):
        return text
    parts = _MASKS.split(text)
    return "".join(part if at % 2 else _swapped(rule, part) for at, part in enumerate(parts))


def _swapped(rule: Rule, text: str) -> str:
    """A candidate that is nothing may hide one that begins inside it."""
    done, at, out = 0, 0, []
    while match := rule.form.search(text, at):
        start = match.start("x")
        kind, length = rule.judge(match["x"])
        if length:
            out += [text[done:start], f"[masked: {kind}]"]
            done = at = start + length
        else:
            at = start + 1
    return "".join((*out, text[done:]))


def mask_values(value: Any, depth: int = 0) -> Any:
    """The same of what JSON can hold, keys included; the value of a field named like a secret whole.

    Another object that would show something of the kind is put as text.
    """
    if isinstance(value, str):
        return mask(value)
    if depth > _DEEPEST:
        return f"[masked: {_NESTED}]"
    if isinstance(value, Mapping):
        return {mask_values(k, depth + 1): _field(k, v, depth + 1) for k, v in value.items()}
    if isinstance(value, list | tuple):
        masked = [mask_values(one, depth + 1) for one in value]
        return tuple(masked) if isinstance(value, tuple) else masked
    return _shown(value)


def _shown(value: Any) -> Any:
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int) and not _SMALLEST < value < _LARGEST:
        return value
    try:
        told = repr(value)
    except Exception:  # whoever shows it will meet the same
        return value
    masked = mask(told)
    return value if masked == told else masked


def _field(name: Any, value: Any, depth: int) -> Any:
    told = _FIELDS.search(name) if isinstance(name, str) and isinstance(value, str) else None
    if told is None or not value or _MASKS.fullmatch(value):
        return mask_values(value, depth)
    kind = _PASSWORD if re.fullmatch(_PASSWORDS, told[0], re.I) else _TOKEN
    return value if _is_plain(kind, value) else f"[masked: {kind}]"
