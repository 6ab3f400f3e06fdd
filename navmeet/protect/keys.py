"""The keys that seal columns and blind numbers, read once from the environment."""

import base64
from functools import lru_cache

from django.conf import settings
from django.core.signals import setting_changed


class KeysWrong(RuntimeError):
    """The keys in the environment cannot be used. Says which, never their value."""


def _decode(text: str, name: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise KeysWrong(f"{name} is not base64.") from error
    if len(key) != 32:
        raise KeysWrong(f"{name} must be 32 bytes, is {len(key)}.")
    return key


@lru_cache(maxsize=1)
def sealing_keys() -> dict[str, bytes]:
    """Every key by its id, the one that seals first."""
    keys: dict[str, bytes] = {}
    for part in settings.PROTECT_KEYS.split(","):
        key_id, _, encoded = part.partition(":")
        if not 1 <= len(key_id) <= 16 or not key_id.isascii():
            raise KeysWrong("A key id in PROTECT_KEYS must be 1-16 ASCII characters.")
        keys[key_id] = _decode(encoded, f"PROTECT_KEYS[{key_id}]")
    return keys


@lru_cache(maxsize=1)
def index_key() -> bytes:
    """The key of the blind index over identity numbers."""
    return _decode(settings.PROTECT_INDEX_KEY, "PROTECT_INDEX_KEY")


def _forget(*, setting: str, **_: object) -> None:
    if setting.startswith("PROTECT_"):
        sealing_keys.cache_clear()
        index_key.cache_clear()


setting_changed.connect(_forget)
