"""How large an SMS is: what Min side counts, and of how many it is put together on a telephone (3GPP TS 23.038)."""

from typing import Final

_BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# Two places each.
_EXTENDED: Final = frozenset("\f^{}\\[~]|€")
# Places in one message, and in each of several: part of the room says which it is.
_SEPTETS: Final = (160, 153)
_UNITS: Final = (70, 67)


def length(text: str) -> int:
    """In UTF-16 units: an emoji is two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def parts(text: str) -> int:
    """How many messages it is sent as: one sign outside the telephones' alphabet makes room for 70, not 160."""
    if not text:
        return 0
    if set(text) <= _BASIC | _EXTENDED:
        places, (alone, each) = len(text) + sum(sign in _EXTENDED for sign in text), _SEPTETS
    else:
        places, (alone, each) = length(text), _UNITS
    return 1 if places <= alone else -(-places // each)
