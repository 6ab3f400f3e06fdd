"""A code works once, for ten minutes, for one invitation, and cannot be guessed; then a partner reads theirs alone."""

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from structlog.testing import capture_logs

from invitations import answers, codes, partners, permissions
from invitations.codes import Asking
from invitations.messages import partner_channel
from invitations.messages.outcomes import Forbidden, Refused, Sent, Throttled, Unavailable
from invitations.models import Answer, Invitation, PartnerCode
from invitations.models.credentials import MOST_TRIES, WhyNot
from meetings.models import Format, Task
from navmeet.accounts.actor import Actor, ActorKind, Level
from navmeet.audit.models import AuditEvent
from navmeet.exceptions import NotFound, NotPermitted
from navmeet.pages.staff import words
from navmeet.people.models import Protection
from tests import make
from tests.pages.partner.setting import DOCTOR, EMPLOYER, OTHERS, PHONE, Phones, add, release

pytestmark = pytest.mark.django_db(transaction=True)
AT = make.NOW


@pytest.fixture
def phones(monkeypatch: pytest.MonkeyPatch) -> Phones:
    phones = Phones()
    monkeypatch.setattr(partner_channel, "send_code", phones.send)
    return phones


@pytest.fixture
def invitation(phones: Phones) -> Invitation:
    return Invitation.objects.get(participant=add(make.meeting(), DOCTOR))


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_a_code_goes_by_sms_to_the_registered_number_and_only_its_end_is_told(
    invitation: Invitation, phones: Phones
) -> None:
    asked = codes.ask_code(invitation.pk, at=AT)
    assert asked == codes.Asked(Asking.SENT, last_digits="12")
    assert phones.sent[0][0] == PHONE
    assert len(phones.sent[0][1]) <= 160
    device = PartnerCode.objects.get()
    assert phones.code().encode() not in bytes(device.code_mac or b"")
    assert device.valid_until == AT + timedelta(minutes=10)


def test_the_code_lets_in_once(invitation: Invitation, phones: Phones) -> None:
    codes.ask_code(invitation.pk, at=AT)
    first = codes.check_code(invitation.pk, phones.code(), at=AT)
    again = codes.check_code(invitation.pk, phones.code(), at=AT)
    assert first.ok
    assert first.by == Actor(ActorKind.PARTNER, invitation.pk, level=Level.CODE)
    assert (again.ok, again.why) == (False, WhyNot.NO_CODE)
    invitation.refresh_from_db()
    assert invitation.first_read_at == AT


@pytest.mark.parametrize("typed", ["{a} {b}", " {a}{b} ", "{a}-{b}", "{a}\u00a0{b}"])
def test_a_code_may_be_typed_as_it_is_read(invitation: Invitation, phones: Phones, typed: str) -> None:
    codes.ask_code(invitation.pk, at=AT)
    code = phones.code()
    assert codes.check_code(invitation.pk, typed.format(a=code[:3], b=code[3:]), at=AT).ok


@pytest.mark.parametrize(
    "typed", ["", "12345", "1234567", "abcdef", "🙂🙂🙂🙂🙂🙂", "1" * 10_000, "١٢٣٤٥٦", "12345\x00"]
)
def test_what_is_no_code_is_said_and_costs_no_try(invitation: Invitation, phones: Phones, typed: str) -> None:
    codes.ask_code(invitation.pk, at=AT)
    assert codes.check_code(invitation.pk, typed, at=AT).why == WhyNot.NOT_SIX_DIGITS
    assert PartnerCode.objects.get().tries == 0


@pytest.mark.parametrize(("seconds", "ok"), [(599, True), (600, False), (3600, False)])
def test_a_code_holds_for_ten_minutes(invitation: Invitation, phones: Phones, seconds: int, ok: bool) -> None:
    codes.ask_code(invitation.pk, at=AT)
    checked = codes.check_code(invitation.pk, phones.code(), at=AT + timedelta(seconds=seconds))
    assert checked.ok == ok
    assert checked.why == (WhyNot.ACCEPTED if ok else WhyNot.TOO_LATE)


def test_a_code_of_another_meeting_opens_nothing(invitation: Invitation, phones: Phones) -> None:
    other = Invitation.objects.get(participant=add(make.meeting(make.caseworker(), make.citizen("Per Annen")), DOCTOR))
    codes.ask_code(invitation.pk, at=AT)
    code = phones.code()
    codes.ask_code(other.pk, at=AT)
    if phones.code() != code:
        assert codes.check_code(other.pk, code, at=AT).why == WhyNot.WRONG
    assert codes.check_code(invitation.pk, code, at=AT).ok


def test_the_same_digits_are_another_code_for_another_invitation(invitation: Invitation, phones: Phones) -> None:
    """Negative control of the binding: what is kept differs although the digits are the same."""
    other = Invitation.objects.get(participant=add(make.meeting(make.caseworker(), make.citizen("Per Annen")), DOCTOR))
    kept = []
    for one in (invitation, other):
        codes.ask_code(one.pk, at=AT)
        device = PartnerCode.objects.get(invitation=one)
        device.set_challenge("123456", valid_until=AT + codes.GOOD_FOR)
        kept.append(bytes(device.code_mac or b""))
    assert kept[0] != kept[1]


def test_a_newer_code_takes_the_place_of_the_older(invitation: Invitation, phones: Phones) -> None:
    codes.ask_code(invitation.pk, at=AT)
    old = phones.code()
    later = AT + timedelta(minutes=2)
    codes.ask_code(invitation.pk, at=later)
    if phones.code() != old:
        assert not codes.check_code(invitation.pk, old, at=later).ok
    assert codes.check_code(invitation.pk, phones.code(), at=later + timedelta(seconds=2)).ok


def test_wrong_codes_slow_down_then_lock_and_a_new_code_lets_the_owner_in(
    invitation: Invitation, phones: Phones
) -> None:
    codes.ask_code(invitation.pk, at=AT)
    code, at = phones.code(), AT
    said = []
    for _ in range(MOST_TRIES):
        said.append(codes.check_code(invitation.pk, wrong(code), at=at).why)
        waits = codes.check_code(invitation.pk, code, at=at)
        if waits.why == WhyNot.TOO_FAST:
            at += timedelta(seconds=waits.wait_seconds)
    assert said == [WhyNot.WRONG] * 4 + [WhyNot.LOCKED]
    assert codes.check_code(invitation.pk, code, at=at + timedelta(minutes=1)).why == WhyNot.LOCKED
    codes.ask_code(invitation.pk, at=at + timedelta(minutes=1))
    assert codes.check_code(invitation.pk, phones.code(), at=at + timedelta(minutes=1)).ok


def test_of_hundreds_of_guesses_five_are_looked_at_for_each_code(invitation: Invitation, phones: Phones) -> None:
    """Serial, in time, across resends: every other is refused unseen."""
    guesses, at, evaluated = 0, AT, []
    while guesses < 300:
        asked = codes.ask_code(invitation.pk, at=at)
        if asked.outcome == Asking.TOO_SOON:
            at += timedelta(seconds=asked.wait_seconds)
            continue
        code = phones.code()
        for _ in range(60):
            codes.check_code(invitation.pk, wrong(code), at=at)
            guesses, at = guesses + 1, at + timedelta(seconds=1)
        evaluated.append(PartnerCode.objects.get().tries)
    assert max(evaluated) == MOST_TRIES
    assert len(phones.sent) == len(evaluated) == 5
    at += timedelta(hours=1)
    codes.ask_code(invitation.pk, at=at)
    assert codes.check_code(invitation.pk, phones.code(), at=at).ok, "the owner can still get in"


def test_codes_are_sent_once_a_minute_and_five_an_hour(invitation: Invitation, phones: Phones) -> None:
    at = AT
    assert codes.ask_code(invitation.pk, at=at).outcome == Asking.SENT
    soon = codes.ask_code(invitation.pk, at=at + timedelta(seconds=20))
    assert (soon.outcome, soon.last_digits) == (Asking.TOO_SOON, "")
    assert soon.wait_seconds == 40
    for minute in range(1, 5):
        assert codes.ask_code(invitation.pk, at=at + timedelta(minutes=minute)).outcome == Asking.SENT
    assert codes.ask_code(invitation.pk, at=at + timedelta(minutes=6)).outcome == Asking.TOO_SOON
    assert codes.ask_code(invitation.pk, at=at + timedelta(minutes=65)).outcome == Asking.SENT
    assert len(phones.sent) == 6


@pytest.mark.parametrize(
    "answer", [Unavailable("status_503"), Refused("rules"), Forbidden("status_403"), Throttled("status_429", 30)]
)
def test_a_code_that_could_not_be_sent_says_try_again_and_does_not_count(
    invitation: Invitation, phones: Phones, answer: Sent
) -> None:
    good, phones.answer = phones.answer, answer
    for _ in range(7):
        assert codes.ask_code(invitation.pk, at=AT) == codes.Asked(Asking.NOT_SENT)
    assert codes.check_code(invitation.pk, phones.code(), at=AT).why == WhyNot.NO_CODE
    phones.answer = good
    assert codes.ask_code(invitation.pk, at=AT).outcome == Asking.SENT


def closed(invitation: Invitation) -> UUID:
    Invitation.objects.filter(pk=invitation.pk).update(closed_at=AT)
    return invitation.pk


def withdrawn(invitation: Invitation) -> UUID:
    release(invitation.participant, said_yes=False, at=AT + timedelta(seconds=1))
    return invitation.pk


def removed(invitation: Invitation) -> UUID:
    participant = invitation.participant
    participant.removed_at = AT
    participant.save(update_fields=["removed_at"])
    return invitation.pk


def unknown(_: Invitation) -> UUID:
    return uuid4()


def the_citizens(invitation: Invitation) -> UUID:
    meeting = invitation.participant.meeting
    return Invitation.objects.get(participant__meeting=meeting, participant__role="CITIZEN").pk


@pytest.mark.parametrize("which", [closed, withdrawn, removed, unknown, the_citizens], ids=lambda one: one.__name__)
def test_without_access_there_is_one_answer_whatever_the_reason(
    invitation: Invitation, phones: Phones, which: object
) -> None:
    codes.ask_code(invitation.pk, at=AT)
    code = phones.code()
    found: UUID = which(invitation)  # type: ignore[operator]
    assert codes.ask_code(found, at=AT + timedelta(minutes=2)) == codes.Asked(Asking.NO_ACCESS)
    assert codes.check_code(found, code, at=AT) == codes.Checked(WhyNot.NO_ACCESS)
    with pytest.raises(NotFound):
        partners.glimpse(found, by=partners.holder(found), at=AT)
    with pytest.raises(NotFound):
        partners.read_as_partner(found, by=partners.reader(found), at=AT)
    assert len(phones.sent) == 1


def test_access_ends_a_day_after_the_meeting(invitation: Invitation) -> None:
    ends = invitation.participant.meeting.ends_at
    by = partners.reader(invitation.pk)
    assert partners.read_as_partner(invitation.pk, by=by, at=ends + timedelta(hours=23))
    with pytest.raises(NotFound):
        partners.read_as_partner(invitation.pk, by=by, at=ends + timedelta(hours=24))
    assert codes.ask_code(invitation.pk, at=ends + timedelta(hours=24)).outcome == Asking.NO_ACCESS


def test_neither_log_nor_ledger_holds_a_code_or_a_number(
    invitation: Invitation, phones: Phones, caplog: pytest.LogCaptureFixture
) -> None:
    with capture_logs() as lines, caplog.at_level(logging.DEBUG):
        codes.ask_code(invitation.pk, at=AT)
        code = phones.code()
        at = AT
        for _ in range(MOST_TRIES):
            codes.check_code(invitation.pk, wrong(code), at=at)
            at += timedelta(seconds=30)
        codes.ask_code(invitation.pk, at=at)
        codes.check_code(invitation.pk, phones.code(), at=at)
        print_of = [repr(one) for one in (codes.Challenge(1, uuid4(), PHONE, f"Koden din er {code}.", (None, 0)),)]
    written = repr(lines) + caplog.text + repr(print_of) + repr(list(AuditEvent.objects.values()))
    for secret in (code, wrong(code), phones.code(), PHONE, PHONE[3:]):
        assert secret not in written
    assert any(line["event"] == "partner_code_locked" for line in lines)


def test_the_registered_number_is_used_also_when_it_was_corrected(invitation: Invitation, phones: Phones) -> None:
    contact = invitation.participant.contact
    contact.phone = "+4749000099"
    contact.save(update_fields=["phone"])
    assert codes.ask_code(invitation.pk, at=AT).last_digits == "99"
    assert phones.sent[-1][0] == "+4749000099"


@pytest.mark.parametrize(("language", "word"), [("nb", "Koden din"), ("nn", "Han verkar"), ("en", "Your code")])
def test_the_sms_is_in_their_language(phones: Phones, language: str, word: str) -> None:
    invitation = Invitation.objects.get(participant=add(make.meeting(), replace(DOCTOR, language=language)))
    codes.ask_code(invitation.pk, at=AT)
    assert word in phones.sent[0][1]


# --- what they read


def read(invitation: Invitation, at: datetime = AT) -> partners.PartnerRead:
    return partners.read_as_partner(invitation.pk, by=partners.reader(invitation.pk), at=at)


def test_only_the_code_for_this_invitation_reads_it(invitation: Invitation) -> None:
    other = Invitation.objects.get(participant=add(make.meeting(make.caseworker(), make.citizen("Per Annen")), DOCTOR))
    strangers = [
        partners.holder(invitation.pk),
        partners.reader(other.pk),
        Actor(ActorKind.PARTNER, invitation.pk),
        make.citizen_actor(make.citizen("Ola Annen")),
        make.actor(make.caseworker()),
    ]
    for by in strangers:
        with pytest.raises(NotFound):
            partners.read_as_partner(invitation.pk, by=by, at=AT)
    assert read(invitation).patient == "Kari Testperson"


def test_an_employer_does_not_read_who_it_is_about(phones: Phones) -> None:
    employers = Invitation.objects.get(participant=add(make.meeting(), EMPLOYER))
    assert (read(employers).patient, read(employers).born) == ("", None)


def test_they_read_their_own_part_and_way_in(phones: Phones) -> None:
    partner = replace(DOCTOR, way_in=Format.PHONE, part_offset=10, part_minutes=10)
    meeting = make.meeting()
    theirs = read(Invitation.objects.get(participant=add(meeting, partner)))
    assert (theirs.starts_at, theirs.ends_at) == (
        meeting.starts_at + timedelta(minutes=10),
        meeting.starts_at + timedelta(minutes=20),
    )
    assert (theirs.held, theirs.is_called, theirs.has_own_part, theirs.may_enter) == (Format.PHONE, True, True, False)


@pytest.mark.parametrize("protection", list(Protection))
def test_a_protected_address_is_told_to_no_partner(phones: Phones, protection: Protection) -> None:
    from tests.pages.citizen.setting import PLACES

    citizen = make.citizen("Skjult Person", protection=protection)
    meeting = make.meeting(None, citizen, format=Format.IN_PERSON, place=PLACES[Format.IN_PERSON])
    invitation = Invitation.objects.get(participant=add(meeting, DOCTOR))
    Invitation.objects.filter(participant__meeting=meeting, participant__role="CITIZEN").update(protected_at=AT)
    theirs = read(invitation)
    seen = partners.glimpse(invitation.pk, by=partners.holder(invitation.pk), at=AT)
    is_open = protection == Protection.UNGRADED
    assert bool(theirs.place) == is_open
    assert bool(seen.office_address) == is_open
    assert bool(theirs.from_nav) == (protection in {Protection.UNGRADED, Protection.CONFIDENTIAL})


def test_nothing_of_others_is_in_what_they_read(phones: Phones) -> None:
    from tests.pages.citizen.setting import PLACES

    meeting = make.meeting(format=Format.PHONE, place=PLACES[Format.PHONE])
    doctors = Invitation.objects.get(participant=add(meeting, DOCTOR))
    add(meeting, EMPLOYER)
    theirs = read(doctors)
    told = [value for name, value in vars(theirs).items() if name != "invitation"]
    assert [one for one in (*OTHERS, "Arne", "arne@", "Arbeidsoppgavene") if one in repr(told)] == []


# --- what they answer


@pytest.mark.parametrize("kind", list(Answer.Kind))
def test_they_answer_for_themselves_and_the_office_sees_whose_it_is(invitation: Invitation, kind: Answer.Kind) -> None:
    answers.answer(
        invitation_id=invitation.pk,
        revision_number=1,
        kind=kind,
        words="Jeg har en annen avtale.",
        by=partners.reader(invitation.pk),
        at=AT,
    )
    theirs = read(invitation)
    assert theirs.answer is not None
    assert (theirs.answer.kind, theirs.answer.given_by) == (kind, invitation.pk)
    tasks = list(Task.objects.all())
    assert len(tasks) == (0 if kind == Answer.Kind.COMING else 1)
    assert all(task.about == f"partner-answer:DOCTOR:{invitation.pk.hex}" for task in tasks)
    assert all(words.task(task).startswith("Legen ") and "innbygger" not in words.task(task) for task in tasks)


def test_the_link_alone_and_others_may_not_answer(invitation: Invitation) -> None:
    for by, error in (
        (partners.holder(invitation.pk), NotPermitted),
        (Actor(ActorKind.PARTNER, invitation.pk), NotPermitted),
        (partners.reader(uuid4()), NotFound),
    ):
        with pytest.raises(error):
            answers.answer(
                invitation_id=invitation.pk, revision_number=1, kind=Answer.Kind.COMING, words="", by=by, at=AT
            )
    # To say that one cannot come proves nothing, changes nothing, and needs no code.
    asked = answers.ask_unknown(
        invitation_id=invitation.pk, kind=Answer.Kind.NOT_COMING, by=partners.holder(invitation.pk), at=AT
    )
    assert words.task(asked) == (
        "Noen har åpnet lenken til legen uten kode, og sier at legen ikke kan komme. Snakk med legen før du gjør noe."
    )
    assert read(invitation).answer is None


def test_a_partner_neither_chooses_nor_releases_for_the_citizen(invitation: Invitation) -> None:
    by = partners.reader(invitation.pk)
    assert permissions.can_answer(by, invitation)
    assert not permissions.can_choose(by, invitation)
    assert not permissions.can_release(by, invitation)


@pytest.fixture(autouse=True)
def _real_time_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """django-otp counts by the machine's clock where it is let to; here the time is given."""

    def never() -> datetime:
        raise AssertionError("the time is given")

    from django_otp import models

    monkeypatch.setattr(models, "timezone", type("Clockless", (), {"now": staticmethod(never)}))
