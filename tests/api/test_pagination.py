"""A long list, a page at a time: everything once, whatever comes in between."""

import base64
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from meetings.models import Office
from navmeet.api.pagination import ByCursor
from tests.api.doors import PRINCIPAL

pytestmark = [pytest.mark.urls("tests.api.doors"), pytest.mark.django_db]


@pytest.fixture
def offices() -> None:
    Office.objects.bulk_create(Office(number=f"{number:04}", name="n", address="") for number in range(7))


def listed(query: str = "", to: str = "/office-list/") -> Any:
    return Client(headers={"X-Actor": str(PRINCIPAL)}).get(f"{to}{query}")


@pytest.mark.usefixtures("offices")
def test_every_row_comes_once_though_one_is_added_in_front() -> None:
    seen: list[str] = []
    query = "?limit=3"
    while query:
        body = listed(query).json()
        seen += [row["number"] for row in body["results"]]
        query = f"?limit=3&cursor={body['next']}" if body["next"] else ""
        Office.objects.get_or_create(number="-001", defaults={"name": "new", "address": ""})
    assert seen == [f"{number:04}" for number in range(7)]


@pytest.mark.usefixtures("offices")
def test_one_can_go_back() -> None:
    first = listed("?limit=3").json()
    second = listed(f"?limit=3&cursor={first['next']}").json()
    assert listed(f"?limit=3&cursor={second['previous']}").json()["results"] == first["results"]


def test_a_list_in_the_order_of_a_related_row_has_a_next_page() -> None:
    row = SimpleNamespace(participant=SimpleNamespace(meeting=SimpleNamespace(number=7)))
    assert ByCursor()._get_position_from_instance(row, ["-participant__meeting__number", "-id"]) == "7"


@pytest.mark.parametrize("cursor", ["x", "", "æ", base64.b64encode(b"o=1&p=x").decode(), "a:b:c", "9" * 5_000])
def test_a_cursor_that_is_not_ours_is_a_400(cursor: str) -> None:
    response = listed(f"?cursor={cursor}")
    assert (response.status_code, response.json()["field"]) == (400, "cursor")


@pytest.mark.usefixtures("offices")
def test_a_cursor_of_another_list_is_a_400() -> None:
    cursor = listed("?limit=3").json()["next"]
    assert listed(f"?cursor={cursor}", to="/other-list/").status_code == 400


@pytest.mark.parametrize("limit", ["0", "101", "-1", "x", "", "1e3", "٣", "1" * 5_000])
def test_a_limit_out_of_bounds_is_a_400(limit: str) -> None:
    response = listed(f"?limit={limit}")
    assert (response.status_code, response.json()["field"]) == (400, "limit")
