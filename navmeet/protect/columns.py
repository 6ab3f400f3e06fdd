"""Protected columns: AES-256-GCM, bound to their table, column and row, so that a value cannot be moved to another.

Layout: version (1 byte) ‖ length of key id (1) ‖ key id ‖ nonce (12) ‖ ciphertext and tag.
The column holds bytes; a descriptor seals on assignment of text and opens on reading. Django's own field hooks do
not see the row, and the row's id is part of what is sealed: tables with such columns make their UUIDv7 in Python.
"""

import hmac
import os
from hashlib import sha256
from typing import Any
from uuid import UUID

import uuid_utils
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import models

from navmeet.protect.keys import index_key, sealing_keys

VERSION = 1


class CannotOpen(RuntimeError):
    """The value was altered, moved from another row, or sealed with a key that is gone. Holds no content."""


def new_id() -> UUID:
    """A UUID of version 7: in order of making, made in Python so that a row is known before it is stored."""
    return UUID(str(uuid_utils.uuid7()))


class Sealed(bytes):
    """What stands in the column. Its repr shows nothing."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<sealed>"

    __str__ = __repr__


def _bound_to(table: str, column: str, row: object) -> bytes:
    return f"{table}\x1f{column}\x1f{row}".encode()


def seal(text: str, *, table: str, column: str, row: object) -> Sealed:
    """Seal with the first key."""
    key_id, key = next(iter(sealing_keys().items()))
    nonce = os.urandom(12)
    head = bytes([VERSION, len(key_id)]) + key_id.encode("ascii")
    return Sealed(head + nonce + AESGCM(key).encrypt(nonce, text.encode(), _bound_to(table, column, row)))


def open_sealed(value: bytes, *, table: str, column: str, row: object) -> str:
    """Open with whichever key sealed it. Raises CannotOpen."""
    if len(value) < 2 or value[0] != VERSION:
        raise CannotOpen(f"{table}.{column}: not a sealed value")
    end = 2 + value[1]
    key = sealing_keys().get(value[2:end].decode("ascii", "replace"))
    if key is None:
        raise CannotOpen(f"{table}.{column}: sealed with a key that is not here")
    nonce, ciphertext = value[end : end + 12], value[end + 12 :]
    try:
        return AESGCM(key).decrypt(nonce, ciphertext, _bound_to(table, column, row)).decode()
    except (InvalidTag, ValueError):
        raise CannotOpen(f"{table}.{column}: altered, or of another row") from None


def blind_index(text: str) -> bytes:
    """A keyed hash to find a value by. All valid identity numbers hash in seconds: without the key it would be none."""
    return hmac.new(index_key(), text.encode(), sha256).digest()


class _Descriptor:
    """Reads and writes one protected column of one model."""

    def __init__(self, field: "ProtectedText") -> None:
        self.field = field

    def __get__(self, instance: models.Model | None, owner: type[models.Model]) -> Any:
        if instance is None:
            return self
        name = self.field.attname
        if name not in instance.__dict__:
            instance.refresh_from_db(fields=[name])
        value = instance.__dict__[name]
        if value is None:
            return None
        return open_sealed(value, table=owner._meta.db_table, column=self.field.attname, row=instance.pk)

    def __set__(self, instance: models.Model, value: str | bytes | memoryview | None) -> None:
        if isinstance(value, str):
            table = type(instance)._meta.db_table
            value = seal(value, table=table, column=self.field.attname, row=instance.pk)
        elif value is not None:
            value = Sealed(value)
        instance.__dict__[self.field.attname] = value


class ProtectedText(models.BinaryField):  # type: ignore[type-arg]
    """Text about a person, sealed in the database. `None` is absent.

    `update()`, `bulk_update()` and lookups with text raise: they do not know the row, so they cannot seal for it.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, name, _Descriptor(self))

    def pre_save(self, model_instance: models.Model, add: bool) -> Sealed | None:
        value: Sealed | None = model_instance.__dict__.get(self.attname)
        return value

    def from_db_value(self, value: bytes | None, *_: object) -> Sealed | None:
        return None if value is None else Sealed(value)

    def get_prep_value(self, value: Any) -> Any:
        if value is not None and not isinstance(value, Sealed):
            raise TypeError(f"{self.name} is sealed for its row: set it on the object and save().")
        return super().get_prep_value(value)
