"""What a partner reads and does after the code."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client

from invitations.models import Answer, Invitation, Message, Occasion
from meetings import changes, formats, reinstating
from meetings.models import Format, Task
from navmeet.protect.columns import new_id
from tests import make
from tests.meetings.test_changes import arguments, to
from tests.meetings.test_formats import PHONE
from tests.meetings.test_formats import to as to_format
from tests.pages.citizen.setting import STARTS, text
from tests.pages.partner.setting import DOCTOR, EMPLOYER, OTHERS, Partnership, add

TOMORROW = STARTS.date() + timedelta(days=1)


@pytest.mark.parametrize("held", list(Format))
def test_a_doctor_reads_their_own_and_whom_it_is_about_and_nothing_of_others(visit: Partnership, held: Format) -> None:
    visit.book(held, day=TOMORROW)
    add(visit.meeting, EMPLOYER)
    page = visit.reader().get(visit.link("read/")).content.decode()
    for own in ("Tilrettelegging", "Vi trenger din vurdering.", "Ta med en oppdatert plan.", "Ingrid Prøvesen"):
        assert own in page
    assert "Kari Testperson" in page
    assert [one for one in (*OTHERS, "Arne", "fisk.example", "Arbeidsoppgavene") if one in page] == []
    assert ("Møteveien 5" in page) == (held == Format.IN_PERSON)
    assert ("Vi ringer deg på mobilnummeret" in page) == (held == Format.PHONE)


def test_an_employer_reads_what_was_written_to_them_and_not_who_it_is_about(visit: Partnership) -> None:
    visit.book(partner=EMPLOYER, day=TOMORROW)
    page = visit.reader().get(visit.link("read/")).content.decode()
    assert "Arbeidsoppgavene framover" in page
    assert [one for one in (*OTHERS, "Kari", "Pasienten", "født") if one in page] == []


@pytest.mark.parametrize("kind", list(Answer.Kind))
def test_an_answer_is_kept_shown_and_can_be_changed_until_the_start(visit: Partnership, kind: str) -> None:
    client = visit.reader()
    answer = visit.answers(client, kind=kind, words="Jeg har vakt.")
    assert answer.status_code == 302
    page = text(client.get(answer["Location"]))
    assert "Svaret ditt" in page
    assert "Jeg har vakt." in page
    assert ("Møtet gjelder fortsatt" in page) == (kind != Answer.Kind.COMING)
    visit.answers(client, kind="COMING")
    assert [one.kind for one in Answer.objects.order_by("id")] == [kind, "COMING"]
    assert not Task.objects.filter(done_at=None).exists()


@pytest.mark.parametrize(
    ("fields", "status"),
    [({"kind": "PERHAPS"}, 400), ({"kind": ""}, 400), ({"words": "x" * 301}, 400), ({"revision": "x"}, 400)],
)
def test_an_answer_that_cannot_be_used_stays_in_the_form(
    visit: Partnership, fields: dict[str, str], status: int
) -> None:
    client = visit.reader()
    answer = visit.answers(client, **fields)
    assert answer.status_code == status
    assert not Answer.objects.exists()


def test_an_answer_to_what_was_before_a_move_is_not_taken(visit: Partnership) -> None:
    client = visit.reader()
    changes.move(**arguments(visit.meeting, to=to(), place=None))
    answer = visit.answers(client)
    assert answer.status_code == 412
    assert "Møtet er endret siden du åpnet siden." in text(answer)
    assert visit.answers(client, revision=2).status_code == 302


def test_after_the_start_there_is_nothing_to_answer(visit: Partnership) -> None:
    visit.at(STARTS)
    client = visit.reader()
    assert "Send svar" not in text(client.get(visit.link("read/")))
    assert visit.answers(client).status_code == 409


def test_an_answer_without_a_session_stands_in_the_form(visit: Partnership) -> None:
    answer = visit.answers(Client(), kind="NOT_COMING", words="Jeg har vakt.")
    assert answer.status_code == 401
    page = answer.content.decode()
    assert "Jeg har vakt." in page
    assert f'href="{visit.link()}"' in page
    assert not Answer.objects.exists()


def test_the_calendar_entry_is_of_their_own_part(visit: Partnership) -> None:
    visit.book(partner=replace(DOCTOR, way_in=Format.PHONE, part_offset=10, part_minutes=10), day=TOMORROW)
    answer = visit.reader().get(visit.link("read/calendar/"))
    entry = answer.content.decode()
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert "DTSTART;TZID=Europe/Oslo:20270122T101000" in entry
    assert "DTEND;TZID=Europe/Oslo:20270122T102000" in entry
    assert [one for one in ("Kari", "Lise", "Tilrettelegging", *OTHERS) if one in entry] == []


def test_reading_is_kept_once(visit: Partnership) -> None:
    client = visit.reader()
    client.get(visit.link("read/"))
    assert Invitation.objects.get(pk=visit.invitation.pk).first_read_at == make.NOW


def test_to_join_the_link_and_the_host_are_enough(visit: Partnership) -> None:
    visit.at(STARTS - timedelta(minutes=10))
    shown = text(Client().get(visit.link()))
    assert "Videomøtet er åpent" in shown
    answer = Client().post(visit.link("enter/"), {"name": "Lise"})
    assert (answer.status_code, answer["Location"]) == (302, visit.link("wait/"))
    known = visit.reader()
    page = known.get(visit.link("read/")).content.decode()
    assert 'value="Lise"' in page
    assert known.post(visit.link("enter/"), {"name": "Lise"}).status_code == 302


def test_what_changes_nothing_for_them_is_not_said_to_have_changed(visit: Partnership) -> None:
    visit.book(Format.VIDEO, partner=replace(DOCTOR, way_in=Format.PHONE), day=TOMORROW)
    formats.change_format(**to_format(visit.meeting, Format.PHONE, PHONE))
    page = visit.reader().get(visit.link("read/")).content.decode()
    assert "Møtet er endret" not in page


def test_a_meeting_that_is_held_after_all_says_that_it_is_not_cancelled(visit: Partnership) -> None:
    client = visit.reader()
    invited = Message.objects.get(meeting=visit.meeting, occasion=Occasion.INVITED)
    theirs = {"participant": visit.participant, "channel": "EMAIL", "active_until": None, "state": "SENT"}
    new = {"pk": new_id(), "key": new_id(), "attempts": 1, "sent_at": make.NOW}
    for name, value in {**theirs, **new}.items():
        setattr(invited, name, value)
    invited.save(force_insert=True)
    meeting = changes.cancel(**arguments(visit.meeting, at=make.later(minutes=2)))
    told = Message.objects.filter(participant=visit.participant, occasion=Occasion.CANCELLED)
    told.update(state="SENT", attempts=1, sent_at=make.later(minutes=2))
    more = {"safety_measures": frozenset(), "overrule": make.ANYHOW, "at": make.later(minutes=3)}
    reinstating.reinstate(**arguments(meeting, **more))
    assert "Møtet er ikke avlyst likevel. Det som står her, gjelder nå." in text(client.get(visit.link("read/")))
