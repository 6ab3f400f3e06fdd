"""Each change of a doctor or an employer has a reason, and a sentence to each who can read one."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from invitations.reasons import reasons_to
from meetings import formats, partners, people
from meetings.changes import Why
from meetings.contacts import CitizenContact
from meetings.models import Format, Meeting, Participant, Reason, ReasonToRecipient
from navmeet.audit.models import AuditEvent
from navmeet.exceptions import Invalid
from tests import make
from tests.meetings.setting import adding, explained

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting() -> Meeting:
    made = make.meeting(type_code="DIALOGUE")
    make.partner(made, make.employer())
    make.told(made)
    return made


def employer(meeting: Meeting) -> Participant:
    return meeting.participants.get(role="EMPLOYER")


def _changed(meeting: Meeting, **more: Any) -> dict[str, Any]:
    wanted = replace(partners.as_it_is(employer(meeting)), part_offset=0, part_minutes=20)
    of = {"participant_id": employer(meeting).pk, "partner": wanted, "citizen_contact": CitizenContact()}
    return explained(meeting, **(of | more))


VERBS: dict[str, tuple[Callable[..., Participant], Callable[..., dict[str, Any]], str]] = {
    "add": (people.add_partner, adding, "partner.added"),
    "change": (people.change_partner, _changed, "partner.changed"),
    "remove": (
        people.remove_partner,
        lambda meeting, **more: explained(meeting, participant_id=employer(meeting).pk, **more),
        "partner.removed",
    ),
    "way in": (
        formats.change_way_in,
        lambda meeting, **more: explained(meeting, participant_id=employer(meeting).pk, to=Format.PHONE, **more),
        "partner.changed",
    ),
}


@pytest.mark.parametrize("name", VERBS)
def test_the_reason_is_kept_and_the_sentence_read_by_the_citizen_alone(meeting: Meeting, name: str) -> None:
    verb, arguments, action = VERBS[name]
    verb(**arguments(meeting, why=Why(Reason.CITIZEN_ASKED, "Du ba om det.")))
    assert AuditEvent.objects.filter(action=action).latest("id").reason == "CITIZEN_ASKED"
    assert reasons_to(meeting.citizen()) == "Du ba om det."
    kept = ReasonToRecipient.objects.get()
    meeting.refresh_from_db()
    assert (kept.participant, kept.version) == (meeting.citizen(), meeting.version)
    assert "Du ba om det." not in str(list(AuditEvent.objects.values()))


@pytest.mark.parametrize("name", ["add", "change", "way in"])
def test_a_partner_reads_the_sentence_to_them_and_the_citizen_does_not(meeting: Meeting, name: str) -> None:
    verb, arguments, _ = VERBS[name]
    to = employer(meeting)
    verb(**arguments(meeting, why=Why(Reason.PRACTICAL, sentences={to.pk: "Vi trenger deg bare først."})))
    assert reasons_to(to) == "Vi trenger deg bare først."
    assert reasons_to(meeting.citizen()) == ""


def test_to_one_who_is_taken_out_no_sentence_is_written_that_they_could_not_read(meeting: Meeting) -> None:
    to = employer(meeting)
    verb, arguments, _ = VERBS["remove"]
    with pytest.raises(Invalid) as refused:
        verb(**arguments(meeting, why=Why(Reason.PRACTICAL, sentences={to.pk: "Takk for nå."})))
    assert (refused.value.code, refused.value.field) == ("sentence_to_nobody", f"sentences.{to.pk}")
    assert Participant.objects.get(pk=to.pk).removed_at is None


@pytest.mark.parametrize("name", VERBS)
def test_without_a_reason_of_the_list_nothing_is_changed(meeting: Meeting, name: str) -> None:
    verb, arguments, _ = VERBS[name]
    meeting.refresh_from_db()
    before = meeting.version
    with pytest.raises(Invalid) as refused:
        verb(**arguments(meeting, why=Why(Reason.BOOKED)))
    assert refused.value.field == "reason"
    meeting.refresh_from_db()
    assert meeting.version == before
