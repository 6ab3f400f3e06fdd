"""The history of a meeting: everything that was done to it and told of it, in order, with who, when and why."""

from datetime import date, time

import pytest
from django.test import Client

from invitations import answers, wishes
from invitations.models import Answer, Message, MessageState
from meetings import asking, changes, formats, handing_over, people, staff
from meetings.models import Format, Meeting, Reason, WhyOverruled
from meetings.overruling import Overrule
from meetings.places import Place
from meetings.times import slot
from tests import make
from tests.pages.staff.setting import INGRID, JONAS, KARI, actor, person, user

pytestmark = pytest.mark.django_db(transaction=True)
WHY = changes.Why(Reason.PRACTICAL, "")


def titles(client: Client, meeting: Meeting) -> list[str]:
    page = client.get(f"/meetings/{meeting.pk}/").content.decode()
    part = page[page.index('id="history"') :]
    return [one.split("</strong>")[0] for one in part[: part.index("</section>")].split("<strong>")[1:]]


def test_each_change_stands_there_by_what_it_changed_in_order(client: Client) -> None:
    kari, by, jonas = person(KARI.number), actor(INGRID), user(JONAS)
    meeting = make.meeting(user(INGRID), kari)
    actor(JONAS)

    def common(minutes: int) -> dict[str, object]:
        meeting.refresh_from_db()
        at = make.later(minutes=minutes)
        allowed = make.clearance(kari, by, at)
        return {"meeting_id": meeting.pk, "version": meeting.version, "by": by, "clearance": allowed, "at": at}

    to = slot(day=date(2027, 1, 24), clock=time(12), minutes=45, fold=None, at=make.NOW)
    anyhow = Overrule(codes=frozenset({"OUTSIDE_HOURS", "NOTICE"}), why=WhyOverruled.URGENT)
    changes.move(to=to, place=None, why=WHY, can_be_told=True, overrule=anyhow, **common(1))  # type: ignore[arg-type]
    phone = Place(caller="NAV", phone="49000012")
    formats.change_format(
        to=Format.PHONE,
        place=phone,
        why=WHY,
        can_be_told=True,
        safety_measures=frozenset(),
        **common(2),  # type: ignore[arg-type]
    )
    to_same = Place(caller="CITIZEN", phone="49000012")
    changes.move(to=to, place=to_same, why=WHY, can_be_told=True, **common(3))  # type: ignore[arg-type]
    colleague = asking.colleague(JONAS.nav_ident, person_id=kari.pk, at=make.later(minutes=4))
    staff.add_staff(colleague=colleague, why=WHY, can_be_told=True, **common(4))  # type: ignore[arg-type]
    make.partner(meeting, at=make.later(minutes=5))
    doctor = meeting.participants.get(role="DOCTOR")
    people.remove_partner(participant_id=doctor.pk, why=WHY, **common(6))  # type: ignore[arg-type]
    colleague = asking.colleague(JONAS.nav_ident, person_id=kari.pk, at=make.later(minutes=7))
    handing_over.hand_over(to=colleague, stays=True, why=WHY, can_be_told=True, **common(7))  # type: ignore[arg-type]
    assert jonas.name == JONAS.name
    assert titles(client, meeting) == [
        *("Bestilt", "Flyttet", "Ny møteform", "Endret sted eller telefon", f"{JONAS.name} ble lagt til"),
        *("Legen ble lagt til", "Legen ble tatt ut", "Overført til en ny møteleder"),
    ]


def test_what_was_told_stands_among_what_was_done(client: Client) -> None:
    meeting = make.meeting(user(INGRID), person(KARI.number))
    first = Message.objects.filter(meeting=meeting).order_by("due_at").first()
    assert first is not None
    first.state, first.sent_at = MessageState.SENT, make.later(seconds=1)
    first.save(update_fields=["state", "sent_at"])
    assert titles(client, meeting) == ["Bestilt", "Fortalt innbyggeren"]


def test_what_was_overruled_is_named_with_why(client: Client) -> None:
    codes = Overrule(codes=frozenset({"HOLIDAY"}), why=WhyOverruled.URGENT)
    meeting = make.meeting(user(INGRID), person(KARI.number), day=date(2027, 3, 26), overrule=codes)
    page = client.get(f"/meetings/{meeting.pk}/").content.decode()
    assert "Gjort likevel: det haster (helligdag)" in page


def test_what_was_answered_asked_for_and_taken_back_stands_there(client: Client) -> None:
    meeting = make.meeting(user(INGRID), person(KARI.number))
    citizen = meeting.citizen()
    assert citizen.person is not None
    own = {"invitation_id": citizen.invitation.pk, "by": make.citizen_actor(citizen.person)}

    def answer(kind: Answer.Kind, minutes: int) -> Answer:
        return answers.answer(revision_number=1, kind=kind, words="", at=make.later(minutes=minutes), **own)  # type: ignore[arg-type]

    answer(Answer.Kind.COMING, 1)
    answer(Answer.Kind.OTHER_TIME, 2)
    wishes.withdraw(at=make.later(minutes=3), **own)  # type: ignore[arg-type]
    asked = answer(Answer.Kind.OTHER_FORMAT, 4)
    by, at = actor(INGRID), make.later(minutes=5)
    wishes.stands(
        answer_id=asked.pk,
        sentence="Legen kan bare delta på video.",
        can_be_told=True,
        by=by,
        clearance=make.clearance(citizen.person, by, at),
        at=at,
    )
    assert titles(client, meeting) == [
        "Bestilt",
        "Innbyggeren svarte: kommer",
        "Innbyggeren svarte: ønsker annet tidspunkt",
        "Trakk tilbake ønsket",
        "Innbyggeren svarte: vil møte på en annen måte",
        "Svarte innbyggeren at møtet gjelder som det er",
    ]
