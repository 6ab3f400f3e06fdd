"""Texts of a meeting, looked at through the API: one whole, narrowed by each parameter, refused at its field."""

import pytest

from invitations.messages import texts
from navmeet.audit.models import Showing
from tests import make
from tests.api.conftest import World

pytestmark = pytest.mark.django_db(transaction=True)


def url(world: World, query: str = "") -> str:
    return f"/api/v1/meetings/{world.meeting.pk}/texts/{query}"


def test_one_text_whole(world: World) -> None:
    answer = world.call("host", "GET", url(world, "?occasion=CANCELLED&step=ONCE&language=en"))
    assert answer.status_code == 200
    when = texts.when(world.meeting.starts_at, "en")
    said = f"Hello! Your meeting with Nav on {when} has been cancelled. Log in to Nav to read more. Regards, Nav"
    assert answer.json() == [
        {
            "occasion": "CANCELLED",
            "step": "ONCE",
            "what": "Avlysning",
            "language": "en",
            "channel": "DITT_NAV",
            "ditt_nav": f"Your meeting with Nav on {when} has been cancelled. You do not have to do anything.",
            "sms": said,
            "sms_length": len(said),
            "sms_parts": 1,
            "title": "Your meeting with Nav is cancelled",
            "body": (
                f"Hello! Your meeting with Nav on {when} has been cancelled. Log in to Nav to read more. "
                "If you have any questions, call us on 55 55 33 33. Kind regards, Nav"
            ),
            "refused": "",
            "version": texts.VERSION,
        }
    ]
    assert [one.what for one in Showing.objects.all()] == ["texts.opened"]


def test_narrowed_by_each_parameter(world: World) -> None:
    everything = world.call("host", "GET", url(world)).json()
    assert {one["language"] for one in everything} == set(texts.LANGUAGES)
    reminders = world.call("host", "GET", url(world, "?occasion=REMINDER&step=1_DAY")).json()
    assert {(one["occasion"], one["step"]) for one in reminders} == {("REMINDER", "1_DAY")}
    doctor = make.partner(world.meeting)
    theirs = world.call("host", "GET", url(world, f"?participant={doctor.pk}")).json()
    assert {one["channel"] for one in theirs} == {"EMAIL", "SMS"}
    assert all("{lenke}" in one["body"] for one in theirs if one["occasion"] == "INVITED" and one["body"])


@pytest.mark.parametrize(
    ("query", "status", "field"),
    [
        ("?occasion=NOTHING", 400, "occasion"),
        ("?step=2_DAYS", 400, "step"),
        ("?language=se", 400, "language"),
        ("?participant=x", 400, "participant"),
        ("?participant=01890000-0000-7000-8000-00000000dead", 404, "participant"),
        ("?who=x", 400, "who"),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field(world: World, query: str, status: int, field: str) -> None:
    answer = world.call("host", "GET", url(world, query))
    assert answer.status_code == status
    assert field in answer.content.decode()
    assert not Showing.objects.exists()
