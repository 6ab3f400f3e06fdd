"""Bad times in the pages for booking and moving: a clear message at the field, nothing kept, what was typed stays."""

from typing import Any

import pytest
from django.test import Client

from meetings.models import Meeting, Revision
from tests import make
from tests.pages.staff.setting import INGRID, KARI, person, user
from tests.pages.staff.test_booking import BOOK, error_at, found, text

pytestmark = pytest.mark.django_db(transaction=True)
LENGTH = "minst 15 minutter og høyst 7 timer og 30 minutter"
FORWARD, BACK = {"day": "2027-03-28", "time": "02:30"}, {"day": "2027-10-31", "time": "02:30"}

BAD: list[tuple[dict[str, str], str, str]] = [
    ({"minutes": "0"}, "minutes", LENGTH),
    ({"minutes": "-45"}, "minutes", LENGTH),
    ({"minutes": "451"}, "minutes", LENGTH),
    ({"minutes": "525600"}, "minutes", LENGTH),
    ({"minutes": "5259600"}, "minutes", LENGTH),
    ({"minutes": "9" * 400}, "minutes", LENGTH),
    ({"minutes": "9" * 5_000}, "minutes", "hele minutter"),
    ({"minutes": "uendelig"}, "minutes", "hele minutter"),
    ({"minutes": "1e9"}, "minutes", "hele minutter"),
    ({"minutes": ""}, "minutes", "hvor lenge"),
    ({"time": "24:00"}, "time", "klokkeslett"),
    ({"time": "10:60"}, "time", "klokkeslett"),
    ({"time": "10:00+25:00"}, "time", "klokkeslett"),
    ({"day": "2027-02-29"}, "day", "dato"),
    ({"day": "29.02.2027"}, "day", "dato"),
    ({"day": "2027-01-25T10:00+25:00"}, "day", "dato"),
    ({"day": "0000-01-01"}, "day", "dato"),
    ({"day": "10000-01-01"}, "day", "dato"),
    ({"day": "0001-01-01"}, "day", "innen de neste to årene"),
    ({"day": "9999-12-31", "time": "23:59"}, "day", "innen de neste to årene"),
    ({"day": "2027-01-10"}, "day", "passert"),
    (FORWARD, "time", "finnes ikke denne dagen, søndag 28. mars 2027"),
    (FORWARD | {"fold": "1"}, "time", "kl. 01.30 eller kl. 03.30"),
    (BACK, "time", "kommer to ganger denne dagen, søndag 31. oktober 2027"),
    (BACK | {"fold": "2"}, "fold", "Velg noe annet"),
]


def books(client: Client, when: dict[str, str]) -> Any:
    return client.post(BOOK, found(client) | when)


def moves(client: Client, when: dict[str, str], act: str = "do") -> Any:
    meeting = make.meeting(user(INGRID), person(KARI.number))
    asked = {"day": "2027-01-22", "time": "13:00", "minutes": "60", "reason": "PRACTICAL", "sentence": "Etter lunsj."}
    return client.post(f"/meetings/{meeting.pk}/move/", asked | {"version": "1", "act": act} | when)


def rehearses(client: Client, when: dict[str, str]) -> Any:
    return moves(client, when, "rehearse")


@pytest.mark.parametrize("page", [books, moves, rehearses])
@pytest.mark.parametrize(("when", "field", "sentence"), BAD)
def test_a_bad_time_is_said_at_its_field(
    client: Client, page: Any, when: dict[str, str], field: str, sentence: str
) -> None:
    answer = page(client, when)
    assert answer.status_code == 400
    assert sentence in error_at(text(answer), field)
    assert all(f'value="{typed}"' in text(answer) for name, typed in when.items() if name != "fold" and typed)
    assert Revision.objects.count() == Meeting.objects.count() == (0 if page is books else 1)


@pytest.mark.parametrize("page", [books, moves, rehearses])
@pytest.mark.parametrize(("when", "sentence"), [(FORWARD, "finnes ikke denne dagen"), (BACK, "kommer to ganger denne")])
def test_what_a_clock_change_does_is_said_once_above_and_once_at_the_field(
    client: Client, page: Any, when: dict[str, str], sentence: str
) -> None:
    answer = text(page(client, when))
    assert answer.count(sentence) == 2
    assert sentence in error_at(answer, "time")
    after = answer.split('id="id_time_error"', 1)[1]
    assert (when is BACK) == ('name="fold"' in after.split('name="minutes"', 1)[0])


@pytest.mark.parametrize("page", [books, moves])
@pytest.mark.parametrize("fold", [0, 1])
def test_the_hour_that_comes_twice_is_taken_when_it_is_named(client: Client, page: Any, fold: int) -> None:
    assert page(client, BACK | {"fold": str(fold)}).status_code == 302
    kept = Revision.objects.latest("number")
    assert (kept.meant, kept.fold, kept.starts_at.hour) == ("2027-10-31T02:30", fold, fold)


@pytest.mark.parametrize("page", [books, moves, rehearses])
def test_the_page_asks_which_of_the_two_in_words(client: Client, page: Any) -> None:
    asked = text(page(client, BACK))
    assert "Første gang (sommertid)" in asked
    assert "Andre gang (normaltid)" in asked
