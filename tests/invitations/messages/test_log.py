"""What a caseworker reads of each message."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from invitations.messages import send
from invitations.messages.log import OCCASIONS, STEPS, WHY_NOT, message_log
from invitations.models import Message, Occasion, Step, Why
from navmeet.people.models import Person
from tests import make
from tests.invitations.messages.broker import FakeTopic

pytestmark = pytest.mark.django_db

REMINDED = "Min side minner om invitasjonen mandag 18. januar kl. 10.00 hvis innbyggeren ikke har svart"


def test_it_says_what_became_of_each_and_what_it_says_or_said(
    kari: Person, registers: object, topic: FakeTopic
) -> None:
    meeting = make.meeting(person=kari)
    send.sweep(make.NOW)
    lines = message_log(meeting)
    assert [(line.occasion_words, line.words) for line in lines] == [
        ("Invitasjon", "Vist på Min side"),
        ("Påminnelse fra Min side", REMINDED),
        ("Påminnelse, 1 dag før", "Sendes onsdag 20. januar kl. 10.00"),
        ("Påminnelse, 1 time før", "Sendes torsdag 21. januar kl. 09.00"),
    ]
    assert lines[0].text["sms"] == topic.shown()[0]["eksternVarsling"]["smsVarslingstekst"]
    assert "Vi minner om" in lines[2].text["sms"]


def test_it_says_why_not(kari: Person) -> None:
    nowhere = make.meeting(person=kari, can_be_told=False)
    kari.is_reserved = True
    kari.save(update_fields=["is_reserved"])
    reserved = make.meeting(person=kari, can_be_told=False, user=nowhere.host, day=date(2027, 2, 4))
    assert [line.words for meeting in (nowhere, reserved) for line in message_log(meeting)] == [
        "Ikke sendt: innbyggeren kan ikke varsles digitalt, for kontaktregisteret har verken e-post eller mobil",
        "Ikke sendt: innbyggeren er reservert mot digital kontakt",
    ]


def test_every_occasion_step_and_why_has_words() -> None:
    assert set(OCCASIONS) == set(Occasion)
    assert set(STEPS) == set(Step)
    assert set(WHY_NOT) == set(Why) - {Why.NONE}


def test_it_takes_as_many_queries_for_many_as_for_few(kari: Person) -> None:
    meeting = make.meeting(person=kari)
    with CaptureQueriesContext(
        connection,
    ) as few:
        message_log(meeting)
    message = Message.objects.filter(meeting=meeting).first()
    assert message is not None
    for number in range(10):
        Message.objects.create(
            meeting=meeting,
            participant=message.participant,
            occasion=Occasion.INVITED,
            about_id=message.about_id,
            about_number=100 + number,
            channel=message.channel,
            language="nb",
            due_at=make.NOW + timedelta(days=number),
            not_after=make.later(days=30),
            planned_at=make.NOW,
        )
    with CaptureQueriesContext(connection) as many:
        assert len(message_log(meeting)) == 13
    assert len(many) == len(few) <= 4


def test_what_should_have_left_long_ago_says_that_it_does_not_get_away(kari: Person) -> None:
    meeting = make.meeting(person=kari)
    due = Message.objects.get(occasion="INVITED").due_at
    assert message_log(meeting, due + timedelta(seconds=119))[0].words.startswith("Sendes ")
    late = message_log(meeting, due + timedelta(minutes=2))[0].words
    assert late.startswith("Skulle vært sendt ")
    assert "Vi prøver igjen" in late


def test_what_something_newer_took_the_place_of_is_told_apart_from_what_nobody_got(kari: Person) -> None:
    meeting = make.meeting(person=kari)
    Message.objects.filter(meeting=meeting, step=Step.DAY_1).update(state="VOID", why=Why.MOVED)
    Message.objects.filter(meeting=meeting, step=Step.HOUR_1).update(state="VOID", why=Why.QUIET_TIME)
    overtaken = {line.step: line.is_overtaken for line in message_log(meeting)}
    assert (overtaken[Step.DAY_1], overtaken[Step.HOUR_1], overtaken[Step.ONCE]) == (True, False, False)
