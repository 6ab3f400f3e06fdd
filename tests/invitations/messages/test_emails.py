"""E-mails through the platform's stand-in by real HTTP: what it was given, what it answers, and its feed."""

import pytest

from invitations.messages import delivered, send
from invitations.models import FeedPosition, Message, Receipt
from navmeet.dev.altinn import RunningAltinn
from navmeet.people.models import Person
from tests import make
from tests.invitations.messages.broker import FakeTopic

pytestmark = pytest.mark.django_db


def test_from_the_ledger_through_the_platform_to_what_became_of_it(
    kari: Person, platform: RunningAltinn, topic: FakeTopic
) -> None:
    meeting = make.meeting(person=kari, type_code="DIALOGUE")
    make.partner(meeting)
    row = Message.objects.get(meeting=meeting, channel="EMAIL", occasion="INVITED")
    assert send.sweep(make.NOW).sent == 2
    row.refresh_from_db()
    (sent,) = platform.sent()
    assert (sent["key"], sent["reference"], sent["shipment_id"]) == (str(row.key), str(row.pk), row.shipment)
    platform.deliver()
    delivered.follow(make.NOW)
    row.refresh_from_db()
    assert (row.state, row.why) == ("DELIVERED", "")
    receipts = Receipt.objects.filter(message=row).count()
    position = FeedPosition.objects.get().sequence
    assert position > 0
    # Read again from the beginning: nothing more is kept, nothing moves.
    FeedPosition.objects.update(sequence=0)
    delivered.follow(make.NOW)
    assert Receipt.objects.filter(message=row).count() == receipts
    assert FeedPosition.objects.get().sequence == position


def test_taken_back_by_the_lease_it_goes_again_with_its_key_and_is_one_e_mail(
    kari: Person, platform: RunningAltinn, topic: FakeTopic
) -> None:
    meeting = make.meeting(person=kari, type_code="DIALOGUE")
    make.partner(meeting)
    send.sweep(make.NOW)
    # As if its sender had died after the platform took it.
    Message.objects.filter(meeting=meeting, channel="EMAIL", occasion="INVITED").update(
        state="PLANNED", sent_at=None, text_sent=None, shipment=""
    )
    assert send.sweep(make.later(minutes=2)).sent == 1
    assert len(platform.sent()) == 1
