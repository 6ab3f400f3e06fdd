"""People are met in the language that Nav writes to them in, until they choose another."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from invitations import links
from invitations.models import Invitation
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(settings: Any) -> str:
    settings.SURFACE, settings.ROOT_URLCONF = "citizen", "navmeet.urls.citizen"
    meeting = make.meeting(person=make.citizen(language="nn"))
    return links.path(Invitation.objects.get(participant__meeting=meeting).pk)


def test_the_bare_link_speaks_the_participants_language(path: str) -> None:
    assert "Møte med Nav" in Client().get(path).content.decode()
    assert "Kan du ikkje logge inn?" in Client().get(path).content.decode()


def test_what_was_chosen_in_this_browser_counts_more(path: str) -> None:
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert "Kan du ikkje logge inn?" not in client.get(path).content.decode()


def test_one_without_cookies_can_say_that_they_cannot_come(path: str) -> None:
    asked = Client(enforce_csrf_checks=True).post(path, {"kind": "NOT_COMING"})
    assert (asked.status_code, asked["Location"]) == (302, f"{path}?asked=1")
