"""From a row of the ledger and the facts of this moment to the event that Min side reads, and the text to keep."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from invitations import links
from invitations.messages import ditt_nav, min_side_rules, put_off, texts, told
from invitations.messages.occasions import OF_MINUTES, TASKS
from invitations.messages.registers_now import Known
from invitations.messages.texts import CannotBeSaid
from invitations.models import Message, Step
from meetings.models import Revision

# In the place of what is known only when it is sent.
_SOMEBODY = "00000000000"
# Reminders that are due in one minute are of meetings that begin in one minute: they say the same.
_words = lru_cache(maxsize=1_024)(texts.render)


@dataclass(frozen=True)
class Ready:
    """An event to send, and what to keep of its words: JSON, to be sealed."""

    event: Mapping[str, Any]
    kept: str


def facts_for(
    message: Message,
    revisions: Mapping[tuple[UUID, int], Revision],
    was: told.Picture | None = None,
    *,
    waits: bool = False,
) -> texts.Facts:
    """What the words need of the meeting as it is now, for the one who is told, and of what they were told before.

    Where nothing is known of that: what speaks of a person and not of a revision is never about a new time. `waits`:
    see standing.py.
    """
    number = message.meeting.revision_number
    now = revisions.get((message.meeting_id, number))
    before = revisions.get((message.meeting_id, number - 1))
    changed = now is None or (
        message.about_id == now.pk
        and (before is None or (before.starts_at, before.ends_at) != (now.starts_at, now.ends_at))
    )
    return replace(told.facts(message, now or message.meeting, was, time_changed=changed), waits=waits)


def build(
    message: Message,
    facts: texts.Facts,
    known: Known,
    at: datetime,
    picture: told.Picture | None = None,
    was: told.Picture | None = None,
) -> Ready:
    """The `opprett` event. For strictly protected people nothing goes by SMS or e-mail. `picture` is kept with it.

    The row in hand says after it when SMS and e-mail go, where they wait (`sms_at`); `was`: as they know the meeting.
    Raises CannotBeSaid for what Min side would drop without a word, and for a language without words.
    """
    address = links.address(message.participant.invitation.pk)
    sms_at = put_off.until(message, at, was)
    words, event = _checked(
        message, facts, known.ident, address, at, page_only=known.is_strictly_protected, sms_at=sms_at
    )
    message.sms_at = None if words.is_quiet else sms_at
    return Ready(event, kept(words, picture))


def check(message: Message, facts: texts.Facts, *, page_only: bool) -> texts.Rendered:
    """The words as `build` will have them, held against the same rules before anything is planned. Raises CannotBeSaid.

    Who they are for, and their link, are not known yet: others of the same form stand for them.
    """
    words, _ = _checked(message, facts, _SOMEBODY, links.address(message.key), facts.starts_at, page_only=page_only)
    return words


def _checked(
    message: Message,
    facts: texts.Facts,
    ident: str,
    link: str,
    at: datetime,
    *,
    page_only: bool,
    sms_at: datetime | None = None,
) -> tuple[texts.Rendered, dict[str, Any]]:
    said = {language: _words(message.occasion, message.step, language, facts) for language in texts.LANGUAGES}
    # Plain words are there in all languages of the page, whatever somebody is to be written to in.
    own = message.language if message.language in said or message.step != Step.PLAIN else texts.LANGUAGES[0]
    words = said.get(own) or _words(message.occasion, message.step, own, facts)
    if page_only:
        words = words.on_the_page_only()
    external = None
    if not words.is_quiet:
        external = ditt_nav.External(words.sms, email_title=words.title, email_text=words.body, not_before=sms_at)
    notification = ditt_nav.Notification(
        key=message.key,
        kind="oppgave" if message.occasion in TASKS else "beskjed",
        ident=ident,
        sensitivity="high" if message.occasion in OF_MINUTES else "substantial",
        link=link,
        texts=tuple(ditt_nav.Text(language, one.ditt_nav, default=language == own) for language, one in said.items()),
        external=external,
        active_until=message.active_until,
    )
    event = ditt_nav.opprett(notification, ditt_nav.Producer.from_settings(), at)
    problems = min_side_rules.problems_with(event)
    if problems:
        raise CannotBeSaid(", ".join(sorted(f"{problem.title} ({problem.field})" for problem in problems)))
    return words, event


def kept(words: texts.Rendered, picture: told.Picture | None, **more: str) -> str:
    """What is kept of what was said, and of the meeting as it was told: JSON, to be sealed."""
    said = {"version": texts.VERSION, "link": texts.LINK_PLACEHOLDER, **words.as_dict(), **more}
    return json.dumps(said | ({"told": picture.kept()} if picture else {}), ensure_ascii=False)
