"""From a row of the ledger and the facts of this moment to the event that Min side reads, and the text to keep."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from invitations import links
from invitations.messages import ditt_nav, min_side_rules, texts
from invitations.messages.registers_now import Known
from invitations.models import Message, Occasion
from meetings.models import Revision

# The link lets its holder find the invitation: what is kept of a text says only that it stood there.
LINK_PLACEHOLDER = "{lenke}"
TASKS = frozenset({Occasion.INVITED, Occasion.MOVED})


class CannotBeSaid(ValueError):
    """Min side would not take it. Says which rule, and nothing of what stood there."""


@dataclass(frozen=True)
class Ready:
    """An event to send, and what to keep of its words: JSON, to be sealed."""

    event: Mapping[str, Any]
    kept: str


def facts_for(message: Message, revisions: Mapping[tuple[UUID, int], Revision]) -> texts.Facts:
    """What the words need, from the revision the message speaks of, else from the meeting's current one."""
    number = message.meeting.revision_number
    now = revisions.get((message.meeting_id, number))
    before = revisions.get((message.meeting_id, number - 1))
    if now is None:
        return texts.Facts(starts_at=message.meeting.starts_at, held=message.meeting.format)
    changed = before is None or (before.starts_at, before.ends_at) != (now.starts_at, now.ends_at)
    return texts.Facts(starts_at=now.starts_at, held=now.format, time_changed=changed)


def build(message: Message, facts: texts.Facts, known: Known, at: datetime) -> Ready:
    """The `opprett` event. For strictly protected people nothing goes by SMS or e-mail.

    Raises CannotBeSaid for what Min side would drop without a word, and for a language without words.
    """
    said = {language: texts.render(message.occasion, message.step, language, facts) for language in texts.LANGUAGES}
    if message.language not in said:
        raise CannotBeSaid("no words in that language")
    own = said[message.language]
    if known.is_strictly_protected:
        own = own.on_the_page_only()
    external = None
    if not own.is_quiet:
        external = ditt_nav.External(sms=own.sms, email_title=own.title, email_text=own.body)
    notification = ditt_nav.Notification(
        key=message.key,
        kind="oppgave" if message.occasion in TASKS else "beskjed",
        ident=known.ident,
        sensitivity="high" if message.occasion == Occasion.MINUTES_SHARED else "substantial",
        link=links.address(message.participant.invitation.pk),
        texts=tuple(
            ditt_nav.Text(language, words.ditt_nav, default=language == message.language)
            for language, words in said.items()
        ),
        external=external,
        active_until=message.active_until,
    )
    event = ditt_nav.opprett(notification, ditt_nav.Producer.from_settings(), at)
    problems = min_side_rules.problems_with(event)
    if problems:
        raise CannotBeSaid(", ".join(sorted(f"{problem.title} ({problem.field})" for problem in problems)))
    return Ready(event, _kept(own))


def _kept(words: texts.Rendered) -> str:
    kept = {"version": texts.VERSION, "link": LINK_PLACEHOLDER, **words.as_dict()}
    return json.dumps(kept, ensure_ascii=False)
