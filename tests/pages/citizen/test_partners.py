"""The citizen reads who else may take part, asks, says yes, and takes it back."""

from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client

from invitations.models import Consent, Invitation
from meetings.models import Participant, Task
from navmeet import clock
from navmeet.accounts import sessions
from navmeet.accounts.actor import Level
from tests import make
from tests.pages.citizen.setting import Visit, text


@pytest.fixture
def partner(visit: Visit) -> Participant:
    return make.partner(visit.meeting)


def surely(visit: Visit) -> Client:
    """Logged in at level high."""
    session = SessionStore()
    actor = make.citizen_actor(visit.person, Level.HIGH)
    sessions.begin(session, actor, name="Somebody", id_token="", at=clock.now(), language="nb")
    session.save()
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key or ""
    return client


def says(visit: Visit, partner: Participant, yes: str, client: Client | None = None, **more: Any) -> Any:
    values = {"yes": yes, "text_version": "partner-1", "language": "nb", **more}
    return (client or surely(visit)).post(visit.own(f"partners/{partner.pk}/"), values)


def test_the_invitation_says_who_may_take_part_and_that_an_answer_is_waited_for(
    visit: Visit, partner: Participant
) -> None:
    page = text(visit.browser().get(visit.own()))
    assert "Lise Legesen, Prøveby legesenter" in page
    assert "Vi venter på svaret ditt" in page
    assert "De får ikke vite noe om møtet før du har sagt ja." in page


def test_answering_asks_for_a_login_that_is_sure(visit: Visit, partner: Participant) -> None:
    address = visit.own(f"partners/{partner.pk}/")
    answer = visit.browser().get(address)
    assert answer.status_code == 302
    assert "level=high" in answer["Location"]
    refused = says(visit, partner, "yes", visit.browser())
    assert refused.status_code == 401
    assert not Consent.objects.exists()


def test_nothing_is_ticked_and_the_question_says_who_and_what_they_get_to_know(
    visit: Visit, partner: Participant
) -> None:
    page = surely(visit).get(visit.own(f"partners/{partner.pk}/"))
    assert "Kan Lise Legesen (Prøveby legesenter) delta i møtet?" in text(page)
    assert "checked" not in page.content.decode()


def test_a_yes_a_no_and_what_was_shown_is_kept_word_by_word(visit: Visit, partner: Participant) -> None:
    question = text(surely(visit).get(visit.own(f"partners/{partner.pk}/")))
    assert says(visit, partner, "yes").status_code == 302
    assert "Du har sagt ja" in text(visit.browser().get(visit.own()))
    assert Invitation.objects.get(participant=partner).closed_at is None
    assert says(visit, partner, "no").status_code == 302
    assert "Du har sagt nei" in text(visit.browser().get(visit.own()))
    assert Invitation.objects.get(participant=partner).closed_at is not None
    assert [one.text_shown in question for one in Consent.objects.all()] == [True, True]


def test_another_wording_than_was_read_is_refused_and_shown_anew(visit: Visit, partner: Participant) -> None:
    answer = says(visit, partner, "yes", text_version="partner-0")
    assert answer.status_code == 412
    assert "Teksten er endret" in text(answer)
    assert 'value="partner-1"' in answer.content.decode()
    assert not Consent.objects.exists()


@pytest.mark.parametrize("yes", ["", "perhaps", "\x00", "ja" * 5000])
def test_no_answer_is_no_yes(visit: Visit, partner: Participant, yes: str) -> None:
    assert says(visit, partner, yes).status_code == 400
    assert not Consent.objects.exists()


def test_one_can_ask_to_be_contacted_and_asking_twice_is_asking_once(visit: Visit, partner: Participant) -> None:
    for _ in range(2):
        answer = visit.browser().post(visit.own(f"partners/{partner.pk}/ask/"), follow=True)
        assert "Vi har gitt beskjed til veilederen din" in answer.content.decode()
    assert Task.objects.filter(kind=Task.Kind.ABOUT_PARTNER).count() == 1


def test_by_law_nobody_is_asked_but_told(visit: Visit) -> None:
    visit.meeting = make.meeting(
        person=visit.person, type_code="DIALOGUE", day=visit.meeting.starts_at.date().replace(day=25)
    )
    partner = make.partner(visit.meeting)
    own = f"/my/{Invitation.objects.get(participant=visit.meeting.citizen()).pk}/"
    page = text(visit.browser().get(own))
    assert "er innkalt til møtet fordi loven sier det (folketrygdloven § 8-7 a)" in page
    assert "Les og svar" not in page
    assert surely(visit).get(f"{own}partners/{partner.pk}/").status_code == 302


def test_anothers_partner_and_one_of_another_meeting_are_not_there(visit: Visit, partner: Participant) -> None:
    other = make.meeting(day=visit.meeting.starts_at.date().replace(day=26))
    stranger = make.partner(other)
    assert surely(visit).get(visit.own(f"partners/{stranger.pk}/")).status_code == 404
    theirs = Invitation.objects.get(participant=other.citizen())
    assert surely(visit).get(f"/my/{theirs.pk}/partners/{stranger.pk}/").status_code == 404
    assert says(visit, stranger, "yes").status_code == 404
