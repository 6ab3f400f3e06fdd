"""Reads JSON as strictly as we promise: bounded, no name twice, no names that cannot be shown."""

import json
import re
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from rest_framework import parsers
from rest_framework.exceptions import ParseError

_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Json(parsers.JSONParser):
    """UTF-8 JSON of at most DATA_UPLOAD_MAX_MEMORY_SIZE bytes. Raises ParseError, RequestDataTooBig."""

    def parse(self, stream: IO[Any], *_: object, **__: object) -> Any:
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        content = stream.read(most + 1)
        if len(content) > most:
            raise RequestDataTooBig
        try:
            return json.loads(content.decode("utf-8"), object_pairs_hook=_object, parse_constant=_no_constant)
        except (ValueError, RecursionError) as error:
            raise ParseError from error


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs) or not all(_NAME.fullmatch(name) for name in found):
        raise ValueError
    return found


def _no_constant(_: str) -> None:
    raise ValueError
