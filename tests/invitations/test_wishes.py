"""Asking for another time or another format: kept beside the meeting that stands, and settled once."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from invitations import answers, promised, suggesting, wishes
from invitations.messages import standing, texts
from invitations.messages.log import message_log
from invitations.messages.texts.render import STANDS
from invitations.models import Answer, Message, Reply
from invitations.suggesting import Wish
from meetings import changes, formats, reinstating
from meetings.models import Format, Meeting, Task
from meetings.places import Place
from meetings.states import WrongState
from meetings.times import OSLO, slot
from navmeet.change import rehearse
from navmeet.exceptions import Conflict, Invalid, NotFound, NotPermitted
from tests import make
from tests.invitations.test_answers import give, own
from tests.meetings.setting import changing

pytestmark = pytest.mark.django_db
LATER = make.NOW + timedelta(hours=1)


def replying(wish: Answer, **given: Any) -> dict[str, Any]:
    meeting = wish.invitation.participant.meeting
    by = make.actor(meeting.host)
    person = meeting.citizen().person
    assert person is not None
    values: dict[str, Any] = {
        "answer_id": wish.pk,
        "sentence": "Legen kan bare denne dagen.",
        "can_be_told": True,
        "by": by,
        "clearance": make.clearance(person, by, LATER),
        "at": LATER,
    }
    return values | given


def first_offered(meeting: Meeting, number: int = 1) -> tuple[datetime, ...]:
    return suggesting.offered(meeting, at=make.NOW)[:number]


def moved_to(start: datetime) -> Any:
    local = start.astimezone(OSLO)
    return slot(day=local.date(), clock=local.time(), minutes=45, fold=None, at=make.NOW)


def test_what_is_offered_is_free_for_all_a_few_a_day_and_not_the_time_it_has() -> None:
    meeting = make.meeting()
    make.meeting(meeting.host, day=date(2027, 1, 18), clock=time(8, 0), minutes=420)
    offered = suggesting.offered(meeting, at=make.NOW)
    days = [one.astimezone(OSLO).date() for one in offered]
    assert meeting.starts_at not in offered
    assert date(2027, 1, 18) not in days
    assert date(2027, 1, 16) not in days
    assert max(days.count(day) for day in days) == suggesting.A_DAY
    assert len(set(days)) == suggesting.DAYS
    assert all(one >= promised.heard_by(meeting, make.NOW) for one in offered)


def test_what_is_offered_lies_around_the_meeting_the_nearest_days_first() -> None:
    meeting = make.meeting(day=date(2027, 3, 11))
    days = list(dict.fromkeys(one.astimezone(OSLO).date() for one in suggesting.offered(meeting, at=make.NOW)))
    assert days == [date(2027, 3, day) for day in (11, 10, 12, 9, 8, 15, 16, 5)]


def test_what_is_offered_of_a_meeting_soon_is_never_before_the_answer_that_is_promised() -> None:
    meeting = make.meeting(day=date(2027, 1, 14))
    offered = suggesting.offered(meeting, at=make.NOW)
    assert min(offered) >= promised.heard_by(meeting, make.NOW)
    assert max(offered) > meeting.starts_at


def test_asked_too_late_for_a_promise_what_is_offered_begins_the_next_day() -> None:
    meeting = make.meeting(day=date(2027, 1, 11), clock=time(14, 0))
    first = suggesting.offered(meeting, at=make.NOW)[0]
    assert first == make.NOW + timedelta(days=1)


def test_suggested_times_are_kept_with_the_answer_and_make_one_task() -> None:
    meeting = make.meeting()
    two = first_offered(meeting, 2)
    kept = give(meeting, "OTHER_TIME", wish=Wish(suggests=two), words="Helst før lunsj.")
    assert suggesting.starts_of(Answer.objects.get(pk=kept.pk)) == two
    assert Task.objects.get(meeting=meeting, kind="OTHER_TIME").done_at is None
    assert wishes.open_in(meeting, LATER) == [kept]


def test_a_time_that_is_taken_or_no_time_of_ours_is_refused() -> None:
    meeting = make.meeting()
    taken = make.meeting(meeting.host, day=date(2027, 1, 20))
    night = datetime(2027, 1, 20, 2, 0, tzinfo=UTC)
    for start in (taken.starts_at, night, meeting.starts_at, make.NOW):
        with pytest.raises(Invalid) as refused:
            give(meeting, "OTHER_TIME", wish=Wish(suggests=(start,)))
        assert refused.value.field == "suggests"


def test_no_more_than_a_handful_is_suggested_and_only_with_the_wish_it_belongs_to() -> None:
    meeting = make.meeting()
    with pytest.raises(Invalid, match="høyst fem"):
        give(meeting, "OTHER_TIME", wish=Wish(suggests=first_offered(meeting, 6)))
    with pytest.raises(Invalid):
        give(meeting, "COMING", wish=Wish(suggests=first_offered(meeting)))
    with pytest.raises(Invalid):
        give(meeting, "OTHER_TIME", wish=Wish(wants=Format.PHONE))
    with pytest.raises(Invalid):
        give(meeting, "OTHER_FORMAT", wish=Wish(wants=Format.VIDEO))


def test_a_withdrawn_wish_leaves_the_answer_before_it_and_no_task() -> None:
    meeting = make.meeting()
    coming = give(meeting, "COMING")
    give(meeting, "OTHER_TIME")
    invitation, by = own(meeting)
    wishes.withdraw(invitation_id=invitation.pk, by=by, at=LATER)
    assert answers.latest(invitation) == coming
    assert Task.objects.get(meeting=meeting, kind="OTHER_TIME").done_at == LATER
    assert wishes.open_in(meeting, LATER) == []
    with pytest.raises(WrongState):
        wishes.withdraw(invitation_id=invitation.pk, by=by, at=LATER)


def test_nobody_withdraws_anothers_wish() -> None:
    meeting = make.meeting()
    give(meeting, "OTHER_TIME")
    invitation, _ = own(meeting)
    with pytest.raises(NotFound):
        wishes.withdraw(invitation_id=invitation.pk, by=make.citizen_actor(make.citizen()), at=LATER)
    with pytest.raises(NotPermitted):
        wishes.withdraw(invitation_id=invitation.pk, by=make.actor(meeting.host), at=LATER)


def test_a_move_settles_who_asked_for_another_time_and_leaves_who_asked_for_another_format() -> None:
    meeting = make.meeting()
    wish = give(meeting, "OTHER_TIME", wish=Wish(suggests=first_offered(meeting)))
    changes.move(**changing(meeting, to=moved_to(first_offered(meeting)[0]), place=None))
    assert Reply.objects.get(answer=wish).kind == Reply.Kind.MOVED
    assert wishes.open_in(Meeting.objects.get(pk=meeting.pk), LATER) == []

    other = make.meeting()
    asked = give(other, "OTHER_FORMAT", wish=Wish(wants=Format.PHONE))
    changes.move(**changing(other, to=moved_to(first_offered(other)[0]), place=None))
    assert wishes.open_in(Meeting.objects.get(pk=other.pk), LATER) == [asked]


def test_who_was_given_another_time_and_is_put_back_asks_for_it_still() -> None:
    meeting = make.meeting()
    suggested = first_offered(meeting)
    wish = give(meeting, "OTHER_TIME", words="Jeg er hos legen.", wish=Wish(suggests=suggested))
    before = meeting.starts_at
    changes.move(**changing(meeting, to=moved_to(suggested[0]), place=None))
    assert Task.objects.get(meeting=meeting, kind="OTHER_TIME").done_at is not None
    changes.move(**changing(meeting, to=moved_to(before), place=None))
    (again,) = wishes.open_in(Meeting.objects.get(pk=meeting.pk), LATER)
    assert again.pk != wish.pk
    assert (again.words, again.suggests, again.revision_number) == ("Jeg er hos legen.", wish.suggests, 3)
    assert Task.objects.get(meeting=meeting, kind="OTHER_TIME").done_at is None
    changes.move(**changing(meeting, to=moved_to(suggested[0]), place=None))
    assert wishes.open_in(Meeting.objects.get(pk=meeting.pk), LATER) == []


def test_a_third_time_is_no_putting_back() -> None:
    meeting = make.meeting()
    first, second = first_offered(meeting, 2)
    give(meeting, "OTHER_TIME", wish=Wish(suggests=(first,)))
    changes.move(**changing(meeting, to=moved_to(first), place=None))
    changes.move(**changing(meeting, to=moved_to(second), place=None))
    assert wishes.open_in(Meeting.objects.get(pk=meeting.pk), LATER) == []


def test_who_answered_after_the_move_asks_for_nothing_when_it_is_put_back() -> None:
    meeting = make.meeting()
    suggested, before = first_offered(meeting), meeting.starts_at
    give(meeting, "OTHER_TIME", wish=Wish(suggests=suggested))
    changes.move(**changing(meeting, to=moved_to(suggested[0]), place=None))
    meeting.refresh_from_db()
    give(meeting, "COMING")
    changes.move(**changing(meeting, to=moved_to(before), place=None))
    assert wishes.open_in(Meeting.objects.get(pk=meeting.pk), LATER) == []


def test_a_change_of_format_settles_who_asked_for_one() -> None:
    meeting = make.meeting()
    wish = give(meeting, "OTHER_FORMAT", wish=Wish(wants=Format.PHONE))
    formats.change_format(
        **changing(meeting, to=Format.PHONE, place=Place(caller="NAV", phone="99112233"), safety_measures=frozenset())
    )
    assert Reply.objects.get(answer=wish).kind == Reply.Kind.FORMAT_CHANGED


def test_that_the_meeting_stands_is_told_to_the_one_who_asked_with_a_sentence_on_the_page_alone() -> None:
    meeting = make.meeting()
    wish = give(meeting, "OTHER_TIME")
    foreseen = rehearse(wishes.stands, **replying(wish))
    assert not Reply.objects.exists()
    reply = wishes.stands(**replying(wish))
    (told,) = Message.objects.filter(occasion="ANSWER_SETTLED")
    assert (told.participant, told.about_id, told.due_at) == (meeting.citizen(), reply.pk, LATER)
    (planned,) = foreseen.messages
    assert "fortsatt torsdag 21. januar kl. 10.00" in planned.texts["ditt_nav"]
    assert all("Legen" not in text for text in planned.texts.values())
    assert Task.objects.get(meeting=meeting, kind="OTHER_TIME").done_at == LATER
    with pytest.raises(Conflict):
        wishes.stands(**replying(wish))


def test_a_wish_is_not_answered_without_a_sentence_nor_by_who_may_not_change_the_meeting() -> None:
    meeting = make.meeting()
    wish = give(meeting, "OTHER_TIME")
    with pytest.raises(Invalid) as refused:
        wishes.stands(**replying(wish, sentence="  "))
    assert refused.value.field == "sentence"
    stranger = make.actor(make.caseworker(office_number="0301"))
    with pytest.raises(NotFound):
        wishes.stands(**replying(wish, by=stranger))


def test_who_cannot_be_told_digitally_gets_a_letter_each_time() -> None:
    meeting = make.meeting()
    wishes.stands(**replying(give(meeting, "OTHER_TIME"), can_be_told=False))
    wishes.stands(**replying(give(meeting, "OTHER_TIME"), can_be_told=False))
    assert Task.objects.filter(meeting=meeting, kind="SEND_LETTER", about__startswith="ANSWER_SETTLED").count() == 2


def test_a_new_answer_takes_the_place_of_a_wish() -> None:
    meeting = make.meeting()
    wish = give(meeting, "OTHER_TIME")
    give(meeting, "COMING")
    assert wishes.open_in(meeting, LATER) == []
    with pytest.raises(Conflict):
        wishes.stands(**replying(wish))


def test_only_a_known_givers_wish_can_be_answered() -> None:
    meeting = make.meeting()
    coming = give(meeting, "COMING")
    with pytest.raises(NotFound):
        wishes.find(coming.pk, by=make.actor(meeting.host))


@pytest.mark.parametrize("language", texts.LANGUAGES)
@pytest.mark.parametrize("step", ["1_DAY", "1_HOUR", "7_DAYS"])
def test_a_reminder_to_who_waits_for_an_answer_says_that_the_meeting_stands_and_still_fits(
    language: str, step: str
) -> None:
    facts = texts.Facts(starts_at=datetime(2027, 9, 29, 10, 0, tzinfo=UTC), held="VIDEO", waits=True)
    said = texts.render("REMINDER", step, language, facts)
    stands = STANDS[language]
    assert all(stands in text for text in (said.ditt_nav, said.sms, said.body))
    assert (len(said.sms) <= 160, len(said.ditt_nav) <= 300) == (True, True)


def test_only_who_has_asked_and_not_heard_is_reminded_so() -> None:
    meeting = make.meeting()
    wish = give(meeting, "OTHER_TIME")
    reminders = list(Message.objects.filter(meeting=meeting, occasion="REMINDER"))
    assert standing.waiting(reminders) == {meeting.citizen().pk}
    lines = [line for line in message_log(meeting) if line.occasion == "REMINDER" and line.text]
    assert lines
    assert all("gjelder til du hører fra oss" in line.text["ditt_nav"] for line in lines)
    wishes.stands(**replying(wish))
    assert standing.waiting(reminders) == frozenset()
    assert standing.waiting([]) == frozenset()


def test_a_wish_that_was_open_when_the_meeting_was_cancelled_is_to_be_answered_when_it_is_reinstated() -> None:
    meeting = make.meeting()
    wish = give(meeting, "OTHER_TIME")
    changes.cancel(**changing(meeting))
    assert Task.objects.get(meeting=meeting, kind="OTHER_TIME").done_at is not None
    reinstating.reinstate(**changing(meeting, safety_measures=frozenset()))
    assert wishes.open_in(Meeting.objects.get(pk=meeting.pk), LATER) == [wish]
    assert Task.objects.get(meeting=meeting, kind="OTHER_TIME").done_at is None
