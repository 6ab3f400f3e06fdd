"""The page of the office's reminders: what holds is ticked, what is decided is kept, and only for one's own office."""

import re
from typing import Any

import pytest
from django.test import Client

from invitations.models import Message, ReminderPlan
from navmeet.accounts.actor import ActorKind
from navmeet.audit.models import AuditEvent
from tests import make
from tests.pages.staff.setting import INGRID, JONAS, KARI, actor, log_in, person, user

pytestmark = pytest.mark.django_db(transaction=True)
HERE = "/office/reminders/"
AS_EVERYWHERE = {
    "VIDEO": ["7_DAYS", "1_DAY", "1_HOUR"],
    "PHONE": ["7_DAYS", "1_DAY", "1_HOUR"],
    "IN_PERSON": ["7_DAYS", "1_DAY"],
}


def save(client: Client, plan: dict[str, list[str]], *, follow: bool = False) -> Any:
    """As from the page, opened just now."""
    return client.post(HERE, plan | {"seen": shown_to(client)}, follow=follow)


def shown_to(client: Client) -> str:
    found = re.search(r'name="seen" value="([^"]*)"', client.get(HERE).content.decode())
    assert found is not None
    return found[1]


def ticked(page: str) -> set[tuple[str, str]]:
    boxes = re.findall(r"<input[^>]*type=\"checkbox\"[^>]*>", page)
    found = [(re.search(r'name="(\w+)"', box), re.search(r'value="(\w+)"', box)) for box in boxes if "checked" in box]
    return {(name[1], value[1]) for name, value in found if name and value}


def pairs(plan: dict[str, list[str]]) -> set[tuple[str, str]]:
    return {(held, step) for held, steps in plan.items() for step in steps}


def test_what_holds_is_ticked_and_found_from_the_hours(client: Client) -> None:
    assert f'href="{HERE}"' in client.get("/calendar/").content.decode()
    page = client.get(HERE).content.decode()
    assert ticked(page) == pairs(AS_EVERYWHERE)
    assert "valgfritt" not in page, "none is an answer too"


def test_what_is_decided_holds_for_meetings_booked_from_then_on(client: Client) -> None:
    kept = save(client, AS_EVERYWHERE | {"VIDEO": ["1_HOUR", "1_HOUR"], "PHONE": []}, follow=True)
    assert "Påminnelsene er lagret" in kept.content.decode()
    assert dict(ReminderPlan.objects.values_list("format", "steps")) == {"VIDEO": ["1_HOUR"], "PHONE": []}
    assert ticked(kept.content.decode()) == pairs({"VIDEO": ["1_HOUR"], "IN_PERSON": ["7_DAYS", "1_DAY"]})
    meeting = make.meeting(user(INGRID), person(KARI.number))
    steps = Message.objects.filter(meeting=meeting, occasion="REMINDER").values_list("step", flat=True)
    assert list(steps) == ["1_HOUR"]
    assert AuditEvent.objects.filter(action="office.reminders_set").count() == 1


def test_ticked_as_everywhere_the_office_has_decided_nothing(client: Client) -> None:
    save(client, AS_EVERYWHERE | {"VIDEO": []})
    save(client, AS_EVERYWHERE)
    assert not ReminderPlan.objects.exists()


def test_what_there_is_not_is_refused_where_it_stands(client: Client) -> None:
    refused = save(client, AS_EVERYWHERE | {"VIDEO": ["2_DAYS"]})
    assert refused.status_code == 400
    assert "Velg blant påminnelsene som finnes." in refused.content.decode()
    assert not ReminderPlan.objects.exists()


def test_it_is_each_office_for_itself_and_an_adviser_has_none(client: Client) -> None:
    save(client, AS_EVERYWHERE | {"VIDEO": []})
    elsewhere = log_in(actor(JONAS, "0301"), JONAS.name)
    make.office("0301")
    assert ticked(elsewhere.get(HERE).content.decode()) == pairs(AS_EVERYWHERE)
    save(elsewhere, AS_EVERYWHERE | {"PHONE": []})
    assert sorted(ReminderPlan.objects.values_list("office_id", "format")) == [("0299", "VIDEO"), ("0301", "PHONE")]
    adviser = log_in(actor(JONAS, kind=ActorKind.ADVISER), JONAS.name)
    assert (adviser.get(HERE).status_code, adviser.post(HERE, AS_EVERYWHERE).status_code) == (403, 403)
    assert ReminderPlan.objects.count() == 2
    nobody = Client()
    assert nobody.get(HERE).status_code == 302


def test_an_older_tab_does_not_win_over_what_a_colleague_saved_meanwhile(client: Client) -> None:
    seen = shown_to(client)
    colleague = log_in(actor(JONAS), JONAS.name)
    save(colleague, AS_EVERYWHERE | {"VIDEO": []})
    refused = client.post(HERE, AS_EVERYWHERE | {"PHONE": [], "seen": seen})
    page = refused.content.decode()
    assert refused.status_code == 412
    assert "Påminnelsene er endret av noen andre" in page
    assert ticked(page) == pairs(AS_EVERYWHERE | {"VIDEO": []}), "what holds now"
    assert dict(ReminderPlan.objects.values_list("format", "steps")) == {"VIDEO": []}
    saved_again = re.search(r'name="seen" value="([^"]*)"', page)
    assert saved_again is not None
    assert client.post(HERE, {"IN_PERSON": ["1_DAY"], "seen": saved_again[1]}).status_code == 302


def test_the_same_form_sent_twice_is_no_mistake(client: Client) -> None:
    seen = shown_to(client)
    for _ in range(2):
        assert client.post(HERE, AS_EVERYWHERE | {"VIDEO": ["1_DAY"], "seen": seen}).status_code == 302
    assert dict(ReminderPlan.objects.values_list("format", "steps")) == {"VIDEO": ["1_DAY"]}


def test_a_form_that_does_not_say_what_was_seen_is_not_whole(client: Client) -> None:
    refused = client.post(HERE, AS_EVERYWHERE | {"VIDEO": []})
    assert refused.status_code == 400
    assert "Vi fikk ikke hele skjemaet" in refused.content.decode()
    assert not ReminderPlan.objects.exists()
