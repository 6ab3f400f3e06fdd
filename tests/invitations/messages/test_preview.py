"""What may come to be told, looked at beforehand: the words that leave, in every language, with nothing stored."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from invitations.messages import preview
from invitations.messages.preview import Preview, Wanted
from invitations.messages.send import Swept
from invitations.messages.texts import bokmal, sms_size
from invitations.messages.texts.words import TO_CITIZENS, Kind
from invitations.models import Message
from meetings.models import Format, Meeting
from meetings.places import Place
from navmeet.exceptions import NotFound
from navmeet.people.models import Person, Protection
from tests import make
from tests.invitations.messages.broker import FakeTopic
from tests.invitations.messages.mailbox import FakeMailbox
from tests.invitations.messages.sentences import say

pytestmark = pytest.mark.django_db
Sweep = Callable[[datetime], Swept]
NOW = make.NOW


def seen(meeting: Meeting, **wanted: str) -> list[Preview]:
    return preview.of_participant(meeting, meeting.citizen(), Wanted(**wanted))


def test_what_is_seen_is_what_leaves(kari: Person, sweep: Sweep, topic: FakeTopic) -> None:
    meeting = make.meeting(person=kari)
    [looked_at] = seen(meeting, occasion="INVITED", step="ONCE", language="nb")
    sweep(NOW)
    event = topic.shown()[0]
    assert looked_at.ditt_nav == event["tekster"][0]["tekst"]
    external = event["eksternVarsling"]
    told = (external["smsVarslingstekst"], external["epostVarslingstittel"], external["epostVarslingstekst"])
    assert (looked_at.sms, looked_at.title, looked_at.body) == told
    assert (looked_at.sms_length, looked_at.sms_parts) == (len(looked_at.sms), 1)


def test_what_a_partner_is_seen_to_get_is_what_leaves_with_the_link_in_place(
    kari: Person, sweep: Sweep, mailbox: FakeMailbox
) -> None:
    meeting = make.meeting(person=kari, type_code="DIALOGUE")
    doctor = make.partner(meeting)
    email, sms = preview.of_participant(meeting, doctor, Wanted("INVITED", language="nb"))
    sweep(NOW)
    [mail] = mailbox.mails
    assert (email.title, email.body.partition("{lenke}")[0]) == (mail.subject, mail.body.partition("http")[0])
    assert "http" not in email.body
    assert (sms.channel, sms.body, sms.sms_parts) == ("SMS", "", 1)


@pytest.mark.parametrize(
    ("held", "place"),
    [
        (Format.VIDEO, Place()),
        (Format.IN_PERSON, Place(address="Prøvegata 1")),
        (Format.PHONE, Place(caller="NAV", phone="99112233")),
    ],
)
def test_every_sentence_that_holds_for_the_meeting_is_there_in_three_languages(
    kari: Person, held: Format, place: Place
) -> None:
    meeting = make.meeting(person=kari, format=held, place=place)
    found = seen(meeting)
    shown = {one.ditt_nav for one in found if one.language == "nb"}
    of_other_places = {Kind.PLACE_CHANGED, Kind.PHONE_CHANGED}
    if held in preview._PLACES:
        of_other_places -= {{Format.IN_PERSON: Kind.PLACE_CHANGED, Format.PHONE: Kind.PHONE_CHANGED}[held]}
    for kind in TO_CITIZENS - of_other_places:
        beginning = bokmal.WORDS[kind].ditt_nav.partition("{")[0]
        assert any(one.startswith(beginning) for one in shown), kind
    assert {one.language for one in found} == {"nb", "nn", "en"}
    assert all(one.refused == "" for one in found)


def test_looking_asks_once_and_stores_nothing(kari: Person) -> None:
    meeting = make.meeting(person=kari)
    citizen, before = meeting.citizen(), Message.objects.count()
    assert citizen.person is not None
    with CaptureQueriesContext(
        connection,
    ) as asked:
        preview.of_participant(meeting, citizen, Wanted())
    assert [one["sql"].split()[0] for one in asked] == ["SELECT"]
    assert Message.objects.count() == before


def test_nothing_is_seen_to_go_by_sms_to_one_who_is_strictly_protected() -> None:
    person = make.citizen(protection=Protection.STRICTLY_CONFIDENTIAL)
    found = seen(make.meeting(person=person))
    assert {(one.sms, one.title, one.body) for one in found} == {("", "", "")}
    assert all(one.ditt_nav for one in found)


def test_a_text_that_cannot_be_sent_says_why(kari: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    meeting = make.meeting(person=kari)
    say(monkeypatch, Kind.INVITED, sms="Bo.no")
    [found] = seen(meeting, occasion="INVITED", step="ONCE", language="nb")
    assert (found.refused, found.sms) == ("mottakssystemet tar ikke imot teksten", "")


def test_one_who_is_not_told_is_not_there(kari: Person) -> None:
    meeting = make.meeting(person=kari)
    other = make.meeting(meeting.host, make.citizen(), day=make.later(days=11).date())
    host = meeting.participants.exclude(user=None).get()
    for stranger in (other.citizen().pk, host.pk):
        with pytest.raises(NotFound):
            preview.participant_of(meeting, stranger)
    assert preview.participant_of(meeting, None) == meeting.citizen()


@pytest.mark.parametrize(
    ("text", "length", "parts"),
    [
        ("", 0, 0),
        ("å" * 160, 160, 1),
        ("å" * 161, 161, 2),
        ("€" * 80, 80, 1),
        ("€" * 81, 81, 2),
        ("á" * 70, 70, 1),
        ("á" * 71, 71, 2),
        ("x" * 68 + "😀", 70, 1),
        ("x" * 69 + "😀", 71, 2),
        ("x" * 459, 459, 3),
        ("x" * 460, 460, 4),
    ],
)
def test_an_sms_is_measured_as_min_side_counts_and_as_telephones_do(text: str, length: int, parts: int) -> None:
    assert (sms_size.length(text), sms_size.parts(text)) == (length, parts)
