"""`ETag` and `If-Match`: nobody changes what they have not seen the newest version of."""

import re
from hashlib import sha256

from rest_framework.request import Request

from navmeet.exceptions import Invalid, PreconditionMissing

_VERSION = re.compile(r'"([1-9][0-9]{0,8})"')
_TAG = re.compile(r'"[0-9a-z]{1,64}"')


def etag(version: int) -> str:
    """The header's value for a version."""
    return f'"{version}"'


def demanded_version(request: Request) -> int:
    """The version the caller last saw, from `If-Match: "3"`. The verb compares it under the row's lock.

    Raises PreconditionMissing (428) without the header, Invalid (400) for anything but one strong version.
    """
    match = _VERSION.fullmatch(_given(request))
    if match is None:
        raise Invalid(
            'If-Match må være en versjon i anførselstegn, for eksempel "3".', code="if_match", field="If-Match"
        )
    return int(match[1])


def tag_of(content: str) -> str:
    """The header's value for what has no version: the same for the same content, which it does not show."""
    return f'"{sha256(content.encode()).hexdigest()[:16]}"'


def demanded_tag(request: Request) -> str:
    """As `demanded_version`, of what has a tag: `tag_of` what the caller last saw."""
    given = _given(request)
    if _TAG.fullmatch(given) is None:
        raise Invalid("If-Match må være verdien fra ETag.", code="if_match", field="If-Match")
    return given


def _given(request: Request) -> str:
    given = request.headers.get("If-Match")
    if given is None:
        raise PreconditionMissing("Si hvilken versjon du endrer: send If-Match med verdien fra ETag.", field="If-Match")
    return given.strip()
