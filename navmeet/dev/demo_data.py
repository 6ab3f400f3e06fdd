"""A small office for the demo, made by the verbs themselves: last week's and next week's meetings, in every state
that a meeting can come to: nothing proposes times.

Asked of the registers' stand-in over HTTP like any other booking. Run twice it adds nothing.
"""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from invitations import answers, consents
from invitations.models import Answer, Invitation
from meetings import asking, booking, changes, keeping, people, starting_types
from meetings.booking import Booking
from meetings.changes import Why
from meetings.days import Hours
from meetings.models import Caller, Format, Meeting, Office, Reason, Role, Room, Status, WhyOverruled
from meetings.overruling import Code, Overrule
from meetings.partners import PartnerInput
from meetings.places import Place
from meetings.texts import CitizenTexts
from meetings.times import OSLO, Slot, slot
from minutes import sharing, writing
from minutes.sections import Section, SectionCode
from navmeet.accounts.actor import Actor, ActorKind, Level
from navmeet.accounts.models import User
from navmeet.dev import personas
from navmeet.people import clearance, meet
from navmeet.people.meet import Found

HERE = Place(
    address="Testkaia 1, 0000 Fjordvik", room="Møterom 2", directions="Meld deg i resepsjonen i første etasje."
)
TEXTS = (
    CitizenTexts(
        theme="Veien videre mot jobb",
        purpose="Vi ser sammen på planen din og hva du trenger for å komme videre.",
        preparations="Tenk gjennom hva som har fungert siden sist. Ta gjerne med CV-en din.",
    ),
    CitizenTexts(theme="Kurs og opplæring", purpose="Vi går gjennom hvilke kurs som kan passe for deg."),
    CitizenTexts(theme="Planen vår", purpose="Vi oppdaterer planen og blir enige om neste steg."),
)


# The demo can be started on a holiday, and at night.
WHATEVER_DAY_IT_IS = Overrule(codes=frozenset(Code.values), why=WhyOverruled.AGREED_WITH_CITIZEN)
ROOMS = (("Møterom 1", 4, True, True), ("Møterom 2", 8, True, False), ("Samtalerommet", 3, False, False))

# By law, by phone, for ten minutes of a meeting in the room.
DOCTOR = PartnerInput(
    role=Role.DOCTOR,
    name="Lege Prøvdal",
    organisation="Fjordvik legekontor (oppdiktet)",
    email="lege.provdal@legekontor.example",
    phone="+4749000031",
    way_in=Format.PHONE,
    part_offset=10,
    part_minutes=10,
    theme="Muligheter for tilrettelegging",
)
EMPLOYER = PartnerInput(
    role=Role.EMPLOYER,
    name="Leder Testmo",
    organisation="Attrapp Verksted AS (oppdiktet)",
    email="leder.testmo@verksted.example",
    phone="+4749000032",
    theme="Arbeidsoppgaver framover",
)


class Office0299:
    """The office's people, and how they book."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.today: date = now.astimezone(OSLO).date()
        for one in personas.OFFICES:
            Office.objects.get_or_create(number=one.number, defaults={"name": one.name, "address": one.address})
        for name, capacity, is_step_free, has_hearing_loop in ROOMS:
            offers = {"capacity": capacity, "is_step_free": is_step_free, "has_hearing_loop": has_hearing_loop}
            Room.objects.get_or_create(office_id=personas.OFFICES[0].number, name=name, defaults=offers)
        self.room = Room.objects.get(office_id=personas.OFFICES[0].number, name=HERE.room)
        starting_types.load()
        self.actors = [self._actor(one) for one in personas.CASEWORKERS]
        open_hours = Hours(time(8), time(15, 30))
        week = tuple(keeping.WeekdayHours(weekday, open_hours) for weekday in range(5))
        keeping.set_week(owner=keeping.my_offices(self.actors[0]), week=week, by=self.actors[0], at=now)
        self._found: dict[int, Found] = {}

    def _actor(self, one: personas.Caseworker) -> Actor:
        user = User.objects.filter(nav_ident=one.nav_ident).first() or User(nav_ident=one.nav_ident)
        user.name, user.office, user.is_caseworker = one.name, one.office, True
        user.save()
        return Actor(
            kind=ActorKind.CASEWORKER,
            id=user.pk,
            office=user.office,
            groups=frozenset(one.groups),
            nav_ident=one.nav_ident,
            name=one.name,
        )

    def citizen(self, number: int, by: Actor) -> Found:
        """One of the eight, asked of the registers once."""
        if number not in self._found:
            self._found[number] = meet.meet(personas.CITIZENS[number].number, by=by, at=self.now)
        return self._found[number]

    def book(self, who: int, whom: int, when: Slot, held: Format, *, ago: timedelta, text: int = 0) -> Meeting:
        """Booked by caseworker `who` with citizen `whom`, that long ago."""
        by, at = self.actors[who], self.now - ago
        found = self.citizen(whom, by)
        places = {
            Format.IN_PERSON: replace(HERE, room_id=self.room.pk),
            Format.PHONE: Place(caller=Caller.NAV, phone="00000001"),
            Format.VIDEO: Place(),
        }
        return booking.book(
            wanted=Booking(
                person_id=found.person.pk,
                type_code="DIALOGUE" if text == 2 else "FOLLOW_UP" if text == 0 else "COOPERATION",
                format=held,
                slot=when,
                place=places[held],
                texts=TEXTS[text],
                check_identity=held == Format.VIDEO,
                language=found.language,
            ),
            can_be_told=found.contact.can_be_told,
            by=by,
            clearance=clearance.ask(person_id=found.person.pk, by=by, at=at),
            at=at,
            overrule=WHATEVER_DAY_IT_IS,
        )

    def on(self, days: int, hour: int, minute: int = 0, *, length: int = 45) -> Slot:
        """A slot so many working days from today, before or after; holidays are not looked at."""
        day, left = self.today, abs(days)
        while left:
            day += timedelta(days=1 if days > 0 else -1)
            left -= day.weekday() < 5
        return slot(day=day, clock=time(hour, minute), minutes=length, fold=0, at=datetime.combine(day, time(0), OSLO))

    def soon(self) -> Slot:
        """A slot that starts in 30 minutes."""
        starts = (self.now + timedelta(minutes=30)).astimezone(OSLO).replace(second=0, microsecond=0)
        return slot(
            day=starts.date(), clock=starts.time(), minutes=45, fold=starts.fold, at=starts - timedelta(minutes=1)
        )


def load(now: datetime) -> bool:
    """Load it all; False when there are meetings already."""
    if Meeting.objects.exists():
        return False
    office = Office0299(now)
    _coming(office)
    _past(office)
    return True


def _coming(office: Office0299) -> None:
    day = timedelta(days=1)
    office.book(0, 0, office.soon(), Format.VIDEO, ago=day)
    coming = office.book(0, 2, office.on(1, 9), Format.IN_PERSON, ago=3 * day)
    _answer(coming, Answer.Kind.COMING, office.now - 2 * day)
    office.book(0, 1, office.on(2, 10), Format.PHONE, ago=day, text=1)
    other = office.book(0, 3, office.on(2, 12), Format.VIDEO, ago=2 * day, text=1)
    _answer(other, Answer.Kind.OTHER_TIME, office.now - day, "I work until two that day.")
    _choose_no(office.book(0, 5, office.on(3, 9), Format.VIDEO, ago=2 * day), office.now - day)
    moved = office.book(1, 6, office.on(3, 13), Format.VIDEO, ago=4 * day)
    _move(office, 1, moved, office.on(4, 9))
    cancelled = office.book(0, 7, office.on(4, 10), Format.PHONE, ago=4 * day)
    _cancel(office, 0, cancelled)
    office.book(2, 4, office.on(5, 10), Format.PHONE, ago=day)
    # A dialogue meeting is called for three weeks ahead.
    dialogue = office.book(0, 0, office.on(8, 11, length=60), Format.IN_PERSON, ago=21 * day, text=2)
    _add(office, 0, dialogue, DOCTOR)
    # Here the citizen is asked first: the employer hears nothing until they say yes.
    _add(office, 0, other, EMPLOYER)
    office.book(1, 5, office.on(7, 9), Format.VIDEO, ago=day)


def _past(office: Office0299) -> None:
    day = timedelta(days=1)
    shared = office.book(0, 6, office.on(-2, 9), Format.VIDEO, ago=14 * day)
    _conclude(shared, Status.HELD)
    _write(office, 0, shared, is_shared=True)
    drafted = office.book(0, 2, office.on(-3, 10), Format.IN_PERSON, ago=14 * day, text=1)
    _conclude(drafted, Status.HELD)
    _write(office, 0, drafted, is_shared=False)
    _conclude(office.book(0, 7, office.on(-5, 13), Format.PHONE, ago=20 * day), Status.NOT_HELD)
    _conclude(office.book(1, 0, office.on(-7, 9), Format.VIDEO, ago=20 * day), Status.HELD)


def _citizen(meeting: Meeting) -> tuple[Invitation, Actor]:
    invitation = Invitation.objects.get(participant=meeting.citizen())
    return invitation, Actor(kind=ActorKind.CITIZEN, id=meeting.citizen_id(), level=Level.SUBSTANTIAL)


def _add(office: Office0299, who: int, meeting: Meeting, partner: PartnerInput) -> None:
    by, at = office.actors[who], office.now - timedelta(hours=20)
    answers_now = asking.about_meeting(meeting.pk, by=by, at=at)
    people.add_partner(
        meeting_id=meeting.pk,
        version=Meeting.objects.get(pk=meeting.pk).version,
        partner=partner,
        citizen_contact=answers_now.contact,
        why=Why(Reason.PRACTICAL),
        can_be_told=answers_now.can_be_told,
        by=by,
        clearance=answers_now.clearance,
        at=at,
    )


def _answer(meeting: Meeting, kind: Answer.Kind, at: datetime, words: str = "") -> None:
    invitation, by = _citizen(meeting)
    answers.answer(
        invitation_id=invitation.pk, revision_number=meeting.revision_number, kind=kind, words=words, by=by, at=at
    )


def _choose_no(meeting: Meeting, at: datetime) -> None:
    invitation, by = _citizen(meeting)
    consents.choose_video(
        invitation_id=invitation.pk,
        said_yes=False,
        text_version=consents.VIDEO_VERSION,
        language="nb",
        by=by,
        at=at,
    )


def _move(office: Office0299, who: int, meeting: Meeting, to: Slot) -> None:
    by, at = office.actors[who], office.now - timedelta(hours=2)
    changes.move(
        meeting_id=meeting.pk,
        version=meeting.version,
        to=to,
        place=None,
        why=Why(Reason.STAFF_UNAVAILABLE, "Jeg er dessverre opptatt den første dagen."),
        can_be_told=True,
        by=by,
        clearance=clearance.ask(person_id=meeting.citizen_id(), by=by, at=at),
        at=at,
        overrule=WHATEVER_DAY_IT_IS,
    )


def _cancel(office: Office0299, who: int, meeting: Meeting) -> None:
    by, at = office.actors[who], office.now - timedelta(hours=1)
    changes.cancel(
        meeting_id=meeting.pk,
        version=meeting.version,
        why=Why(Reason.NO_LONGER_NEEDED, "Vi avklarte dette på telefon."),
        can_be_told=True,
        by=by,
        clearance=clearance.ask(person_id=meeting.citizen_id(), by=by, at=at),
        at=at,
    )


def _conclude(meeting: Meeting, status: Status) -> None:
    # As it is after concluding; the verb itself asks for what nobody did in these meetings.
    Meeting.objects.filter(pk=meeting.pk).update(status=status)


def _write(office: Office0299, who: int, meeting: Meeting, *, is_shared: bool) -> None:
    by, at = office.actors[who], office.now - timedelta(hours=3)
    allowed = clearance.ask(person_id=meeting.citizen_id(), by=by, at=at)
    texts = (
        Section(
            SectionCode.DISCUSSED, "Vi snakket om hvordan det har gått siden sist, og hva som er viktig for deg nå."
        ),
        Section(SectionCode.AGREED, "Du søker på to stillinger i uka. Jeg hjelper deg med søknaden."),
        Section(SectionCode.NEXT, "Vi møtes igjen om tre uker."),
    )
    draft = writing.save_draft(meeting_id=meeting.pk, sections=texts, version=0, by=by, clearance=allowed, at=at)
    if is_shared:
        sharing.share(meeting_id=meeting.pk, version=draft.version, can_be_told=True, by=by, clearance=allowed, at=at)
