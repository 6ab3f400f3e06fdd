"""What the house itself tries again, on the office's list and on the meeting: when, and that nobody has to act."""

import pytest
from django.test import Client

from invitations.models import Message
from meetings.models import Participant, Task
from navmeet.people.models import Person
from tests import make
from tests.invitations.messages.test_ladder import feed
from tests.pages.staff.setting import INGRID, KARI, Clock, actor, log_in, person
from tests.pages.staff.test_undelivered import LIST, doctor_whose_email_bounced, plain

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def kari(client: Client) -> Person:
    return person(KARI.number)


def tried_again(kari: Person, clock: Clock, status: str, minutes: int = 58) -> Participant:
    """A doctor of whose e-mail the provider has just said this."""
    doctor = doctor_whose_email_bounced(kari, clock)
    email = Message.objects.get(participant=doctor, occasion="INVITED")
    Message.objects.filter(pk=email.pk).update(state="SENT", why="", settled_at=None)
    Task.objects.all().delete()
    feed(email, status, make.later(minutes=minutes))
    clock.set(make.later(minutes=minutes + 2))
    return doctor


def test_an_email_that_goes_again_asks_nobody_to_ring_correct_or_send(
    client: Client, kari: Person, clock: Clock
) -> None:
    doctor = tried_again(kari, clock, "Email_Failed_TransientError")
    listed, meeting = client.get(LIST), client.get(f"/meetings/{doctor.meeting_id}/")
    for page in (listed, meeting):
        said = plain(page)
        assert (
            "Vi prøver igjen kl. 11.03 på e-post. Du trenger ikke gjøre noe nå. Haster det, så ring legen. Nås på"
        ) in said
        assert f"/invitations/{doctor.invitation.pk}/contact/" not in page.content.decode()
        assert "Sendt på nytt, venter på svar" not in said
        assert "Er e-posten eller mobilnummeret feil" not in said
    assert "Send på nytt" not in plain(listed)
    assert "Ikke nådd ennå" in plain(meeting)
    assert "Sendes mandag 11. januar kl. 11.03 på e-post" in plain(meeting)


def test_an_sms_in_the_morning_is_told_first_and_the_address_can_be_corrected(
    client: Client, kari: Person, clock: Clock
) -> None:
    doctor = tried_again(kari, clock, "Email_Failed_Bounced", minutes=11 * 60)
    client = log_in(actor(INGRID), INGRID.name, make.later(hours=11, minutes=2))
    for address in (LIST, f"/meetings/{doctor.meeting_id}/"):
        page = client.get(address)
        said = plain(page)
        first, then = said.index("Vi prøver igjen tirsdag 12. januar kl. 08.00 på SMS."), said.index("Haster det, så")
        assert first < then < said.index("Er e-posten eller mobilnummeret feil")
        assert f"/invitations/{doctor.invitation.pk}/contact/" in page.content.decode()
