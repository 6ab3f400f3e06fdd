"""The citizen's API for invitations: the same rules as the pages, told as problems."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from invitations.models import Answer, Consent, Invitation
from meetings.models import Format, Task
from tests import make
from tests.pages.citizen.conftest import at, surface, visit
from tests.pages.citizen.setting import STARTS, Visit

__all__ = ["at", "surface", "visit"]


def post(client: Client, address: str, body: Any, key: str = "one-key-of-mine") -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(address, json.dumps(body), content_type="application/json", headers=headers)


def answered(**given: Any) -> dict[str, Any]:
    return {"revision": 1, "kind": "COMING", "words": "", **given}


def chosen(**given: Any) -> dict[str, Any]:
    return {"yes": False, "text_version": "video-1", "language": "nb", **given}


def test_the_list_holds_ones_own_meetings_and_nobody_elses(visit: Visit) -> None:
    make.meeting()
    body = visit.browser().get("/api/v1/my/invitations/").json()
    (row,) = body["results"] if isinstance(body, dict) else body
    assert row["id"] == str(visit.invitation.pk)
    assert (row["format"], row["status"]) == ("VIDEO", "SCHEDULED")


def test_the_whole_invitation(visit: Visit) -> None:
    answer = visit.browser(language="nn").get(visit.api())
    body = answer.json()
    assert answer.status_code == 200
    assert (body["theme"], body["purpose"]) == ("Veien videre", "Vi ser på planen din.")
    assert body["from_nav"] == ["Ingrid Prøvesen"]
    assert (body["revision"], body["answer"], body["video_choice"]) == (1, None, None)
    assert body["duty_sentence"].startswith("Vi har avtalt dette møtet saman.")
    assert body["video_question"]["language"] == "nn"


def test_a_meeting_by_phone_asks_nothing_about_video(visit: Visit) -> None:
    visit.cancel()
    visit.book(Format.PHONE)
    body = visit.browser().get(visit.api()).json()
    assert body["video_question"] is None
    assert body["place"] == {"address": "", "room": "", "directions": "", "caller": "NAV", "phone": "99112233"}


def test_an_answer_is_kept_and_shown(visit: Visit) -> None:
    client = visit.browser()
    made = post(client, visit.api("answers/"), answered(kind="OTHER_TIME", words="Helst etter lunsj."))
    assert (made.status_code, made.json()["kind"]) == (201, "OTHER_TIME")
    assert client.get(visit.api()).json()["answer"]["words"] == "Helst etter lunsj."
    assert Task.objects.get(kind="OTHER_TIME").done_at is None


def test_the_same_request_twice_is_one_answer_and_the_key_is_for_that_alone(visit: Visit) -> None:
    client = visit.browser()
    first, second = (post(client, visit.api("answers/"), answered()) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert Answer.objects.count() == 1
    assert post(client, visit.api("answers/"), answered(kind="NOT_COMING")).status_code == 422
    assert post(client, visit.api("answers/"), answered(kind="NOT_COMING"), key="another-key").status_code == 201


def test_a_request_without_a_key_is_refused_with_a_reason(visit: Visit) -> None:
    answer = post(visit.browser(), visit.api("answers/"), answered(), key="")
    assert answer.status_code == 400
    assert "Idempotency-Key" in answer.json()["detail"]
    assert Answer.objects.count() == 0


def test_the_choice_about_video_is_kept_as_shown_once(visit: Visit) -> None:
    client = visit.browser()
    made = [post(client, visit.api("format-choice/"), chosen()) for _ in range(2)]
    assert [each.status_code for each in made] == [201, 201]
    assert Consent.objects.get().text_shown == made[0].json()["text_shown"]
    assert client.get(visit.api()).json()["video_choice"]["yes"] is False
    assert Task.objects.get(kind="NO_TO_VIDEO").done_at is None


@pytest.mark.parametrize(
    ("rest", "body", "status", "field"),
    [
        ("answers/", answered(words="x" * 301), 400, "words"),
        ("answers/", answered(words="a\x00b"), 400, "words"),
        ("answers/", answered(words="a\u202eb"), 400, "words"),
        ("answers/", answered(kind="PERHAPS"), 400, "kind"),
        ("answers/", answered(revision=0), 400, "revision"),
        ("answers/", answered(revision="1; DROP"), 400, "revision"),
        ("answers/", answered(revision=10**30), 400, "revision"),
        ("answers/", answered(extra=1), 400, "extra"),
        ("answers/", answered(revision=2), 412, None),
        ("answers/", [], 400, None),
        ("answers/", "x", 400, None),
        ("format-choice/", chosen(yes="maybe"), 400, "yes"),
        ("format-choice/", chosen(language="se"), 400, "language"),
        ("format-choice/", chosen(text_version="video-0"), 412, None),
    ],
)
def test_what_cannot_be_kept_is_a_problem_that_names_the_field(
    visit: Visit, rest: str, body: Any, status: int, field: str | None
) -> None:
    answer = post(visit.browser(), visit.api(rest), body)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert answer.json().get("field") == field
    assert (Answer.objects.count(), Consent.objects.count()) == (0, 0)


def test_an_answer_after_a_move_a_start_or_a_cancellation_is_refused(visit: Visit) -> None:
    visit.move()
    assert post(visit.browser(), visit.api("answers/"), answered(), key="key-number-1").status_code == 412
    visit.at(visit.meeting.starts_at)
    late = post(visit.browser(), visit.api("answers/"), answered(revision=2), key="key-number-2")
    assert (late.status_code, late.json()["code"]) == (409, "wrong_state")
    visit.at(make.NOW)
    visit.cancel()
    assert post(visit.browser(), visit.api("answers/"), answered(revision=2), key="key-number-3").status_code == 409
    assert Answer.objects.count() == 0


@pytest.mark.parametrize(
    ("method", "rest"),
    [("get", ""), ("get", "calendar/"), ("post", "answers/"), ("post", "format-choice/"), ("get", "minutes/")],
)
def test_another_citizens_invitation_cannot_be_told_from_none(visit: Visit, method: str, rest: str) -> None:
    client = visit.browser(make.citizen("Ola Annen"))
    nobody = f"/api/v1/my/invitations/01890000-0000-7000-8000-000000000001/{rest}"
    answers, queries = [], []
    for index, address in enumerate((visit.api(rest), nobody)):
        with CaptureQueriesContext(connection) as asked:
            if method == "get":
                answer = client.get(address)
            else:
                body = answered() if rest == "answers/" else chosen()
                answer = post(client, address, body, key=f"another-key-{index}")
        told = answer.json()
        told.pop("request_id", None)
        answers.append((answer.status_code, told))
        queries.append(len(asked))
    assert answers[0] == answers[1]
    assert answers[0][0] in ({403} if rest == "minutes/" else {404})
    assert queries[0] == queries[1]
    assert (Answer.objects.count(), Consent.objects.count()) == (0, 0)


@pytest.mark.parametrize("rest", ["", "calendar/", "answers/", "format-choice/"])
def test_nobody_is_let_in_without_logging_in(visit: Visit, rest: str) -> None:
    answer = Client().get(visit.api(rest))
    assert answer.status_code in {401, 403}
    assert answer["Content-Type"] == "application/problem+json"


def test_other_methods_are_problems_too(visit: Visit) -> None:
    client = visit.browser()
    assert client.delete(visit.api()).status_code == 405
    assert client.get(visit.api("answers/")).status_code == 405
    assert client.put(visit.api("format-choice/")).status_code == 405


def test_the_calendar_entry_is_a_file_in_the_language_chosen(visit: Visit) -> None:
    answer = visit.browser(language="en").get(visit.api("calendar/"))
    assert answer["Content-Type"].startswith("text/calendar")
    assert 'filename="mote-med-nav.ics"' in answer["Content-Disposition"]
    assert b"SUMMARY:Meeting with Nav" in answer.content
    page = visit.browser(language="en").get(visit.own("calendar/"))
    assert page.content == answer.content


def test_a_list_of_many_asks_the_database_as_often_as_a_list_of_one(visit: Visit) -> None:
    client = visit.browser()

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/api/v1/my/invitations/").status_code == 200
        return len(asked)

    one = queries()
    for hour in range(8, 16):
        for day in (1, 2, 3, 4):
            start = STARTS.date().replace(month=2, day=day)
            make.meeting(visit.meeting.host, visit.person, day=start, clock=STARTS.time().replace(hour=hour))
    assert Invitation.objects.count() > 30
    assert queries() == one <= 4
