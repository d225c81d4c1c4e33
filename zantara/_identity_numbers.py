"""Numbers that identify a person or an account, as they stand in text.

stdnum knows the rules of each; it is imported when the first candidate is met.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

__all__ = ["IDENTITY", "KINDS", "PERSONAL", "Found", "Rule"]


class Found(NamedTuple):
    """What a candidate is, and how many of its characters; `length` 0: nothing."""

    kind: str
    length: int


class Rule(NamedTuple):
    """`form` finds candidates, each as its group `x`; `judge` says what one is."""

    form: re.Pattern[str]
    judge: Callable[[str], Found]


_NOTHING = Found("", 0)
_NIK, _NPWP, _CARD = "NIK", "NPWP", "card number"
_IBAN, _FISCAL, _PASSPORT = "IBAN", "codice fiscale", "passport number"
_MAIL, _PHONE = "e-mail address", "phone number"
KINDS = (_NIK, _NPWP, _CARD, _IBAN, _FISCAL, _PASSPORT, _MAIL, _PHONE)

_DIGITS = re.compile(
    r"(?<![0-9A-Za-z])(?<![0-9]\.)(?P<x>[0-9]{13,19}"
    r"|[0-9]{4}(?P<a>[ .-])[0-9]{4}(?P=a)[0-9]{4}(?P=a)[0-9]{4}(?:(?P=a)[0-9]{3})?"
    r"|[0-9]{4}(?P<b>[ -])[0-9]{6}(?P=b)[0-9]{4,5}"
    r"|[0-9]{6}(?P<c>[ .-])[0-9]{6}(?P=c)[0-9]{4}"
    r"|[0-9]{2}[. ][0-9]{3}[. ][0-9]{3}[. ][0-9][-. ][0-9]{3}[. ][0-9]{3}"
    r")(?![0-9A-Za-z])(?!\.[0-9])"
)
_NPWPS = re.compile("0?[0-9]{15}")
_CARDS = re.compile(
    "4[0-9]{12}(?:[0-9]{3}){0,2}"  # Visa
    "|(?:5[0-8]|2[2-7])[0-9]{14}"  # Mastercard, Maestro
    "|3[47][0-9]{13}|3[068][0-9]{12,14}|35[0-9]{14,17}"  # American Express, Diners, JCB
    "|6[0-9]{15,18}"  # Discover, UnionPay, the Indonesian GPN
)
_FEWEST = 13
_NEWER, _OLDER = ("65", "92", "93", "95", "96"), "31"  # provinces that stdnum's list lacks
_LAST_DAY = "71"  # of a woman's birth: 40 is added
_LETTERED = re.compile(
    r"(?<![0-9A-Z])(?P<x>[A-Z]{2}[0-9]{2}(?:[ -]?[A-Z0-9]){11,36})(?![0-9A-Z])", re.I | re.A
)
_SHORTEST_IBAN = 15
_FISCAL_CODE = re.compile(
    r"(?<![0-9A-Z])(?P<x>[A-Z]{3} ?[A-Z]{3} ?[0-9L-NP-V]{2}[A-EHLMPR-T][0-9L-NP-V]{2}"
    r" ?[A-Z][0-9L-NP-V]{3} ?[A-Z])(?![0-9A-Z])",
    re.I | re.A,
)
_AFTER_ITS_NAME = re.compile(
    r"(?:passport|paspor|passaporto)[\s_-]{0,3}(?:number|numero|nomor|num|nr|no|n|id)?"
    r"(?: (?:of|for|milik|di|del|della|atas nama) [^0-9\n:=]{1,40}[:=])?"
    r"[\s.:=#°º\"'\\_(-]{0,6}(?:is |adalah |è )?(?<![0-9A-Z])"
    r"(?P<x>(?!RP)[A-Z]{1,2}[0-9]{6,8}|[0-9]{9}|(?=(?:[A-Z]?[0-9]){5})[A-Z0-9]{9})(?![0-9A-Z])",
    re.I | re.A,
)
_ADDRESS = re.compile(
    r"(?<![\w.+-])(?P<x>[\w.+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8})"
)
_CALLED = re.compile(
    r"(?<![0-9A-Za-z])(?<![0-9][.,/-])"
    r"(?P<x>(?:\+|00)[1-9](?:[ ().-]{0,2}[0-9]){7,14}"  # as they are called from abroad
    r"|(?:62|0)[ -]?8[1-9](?:[ .-]?[0-9]){7,10}"  # Indonesian mobiles, the way WhatsApp has them too
    r"|\(?0[0-9]{2,3}\)?[ -][0-9]{3,4}[ -]?[0-9]{3,5}"  # with an area code
    r"|3[0-9]{2}[ -][0-9]{3}[ -]?[0-9]{4})"  # Italian mobiles; unbroken they may be a price
    r"(?![0-9A-Za-z])(?![.,/-][0-9])"
)


def _row_of_digits(text: str) -> Found:
    """What looks like its last group may be the next figure."""
    for end in (len(text), text.rfind(" ")):
        kind = _kind_of(text[:end]) if end >= _FEWEST else ""
        if kind:
            return Found(kind, end)
    return _NOTHING


def _kind_of(text: str) -> str:
    """One row of ten passes for an NPWP: an unbroken one must end like a branch too."""
    from stdnum import luhn
    from stdnum.id import npwp

    digits = re.sub("[^0-9]", "", text)
    if len(set(digits)) == 1:
        return ""
    if len(digits) == 16 and _is_nik(digits):
        return _NIK
    branch = text != digits or digits[-3] == "0"
    if _NPWPS.fullmatch(digits) and npwp.is_valid(digits) and branch:
        return _NPWP
    return _CARD if _CARDS.fullmatch(digits) and luhn.is_valid(digits) else ""


def _is_nik(digits: str) -> bool:
    """It has no check digit: the places and the date of birth in it must be able to exist."""
    from stdnum.id import nik

    province, regency, district, day = (digits[at : at + 2] for at in (0, 2, 4, 6))
    if "00" in (regency, district) or day > _LAST_DAY:
        return False
    return nik.is_valid((_OLDER if province in _NEWER else province) + digits[2:])


def _iban(text: str) -> Found:
    """The longest beginning that is one: what looks like its last group may be the next word."""
    from stdnum import iban

    for end in reversed(_sums_to_one(text)):
        if end >= _SHORTEST_IBAN and iban.is_valid(text[:end], check_country=False):
            return Found(_IBAN, end)
    return _NOTHING


def _sums_to_one(text: str) -> list[int]:
    """The ends of groups up to which ISO 7064, MOD 97-10, holds; in one go, since any text may try."""
    head = int("".join(str(int(char, 36)) for char in text[:4]))
    rest, ends = 0, []
    for end, char in enumerate(text[4:], 5):
        if char.isalnum():
            value = int(char, 36)
            rest = (rest * (10 if value < 10 else 100) + value) % 97
            if not text[end : end + 1].isalnum() and (rest * 10**6 + head) % 97 == 1:
                ends.append(end)
    return ends


def _fiscal_code(text: str) -> Found:
    """Some write digits as letters; all of them as letters is a sentence."""
    from stdnum.it import codicefiscale

    valid = any(char.isdigit() for char in text) and codicefiscale.is_valid(text)
    return Found(_FISCAL, len(text)) if valid else _NOTHING


IDENTITY = (
    Rule(_LETTERED, _iban),
    Rule(_FISCAL_CODE, _fiscal_code),
    Rule(_DIGITS, _row_of_digits),
    Rule(_AFTER_ITS_NAME, lambda text: Found(_PASSPORT, len(text))),
)
PERSONAL = (
    Rule(_ADDRESS, lambda text: Found(_MAIL, len(text))),
    Rule(_CALLED, lambda text: Found(_PHONE, len(text))),
)
