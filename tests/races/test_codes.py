"""One code, many at once: accepted once, by whoever came first; and the negative control, which shows what guards it.

CODE_ROUNDS=50 for the long form.
"""

import os
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection, connections

from invitations import codes
from invitations.codes import Asking
from invitations.messages import partner_channel
from invitations.models import Invitation, PartnerCode
from invitations.models.credentials import MOST_TRIES, Attempt, WhyNot
from navmeet.exceptions import Unavailable
from tests import make
from tests.pages.partner.setting import DOCTOR, Phones, add

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("races")]
ROUNDS = int(os.environ.get("CODE_ROUNDS", "3"))
AT_ONCE = 40


@pytest.fixture
def phones(monkeypatch: pytest.MonkeyPatch) -> Phones:
    phones = Phones()
    monkeypatch.setattr(partner_channel, "send_code", phones.send)
    return phones


@pytest.fixture
def invitation(phones: Phones) -> Invitation:
    return Invitation.objects.get(participant=add(make.meeting(), DOCTOR))


def together(count: int, act: Callable[[int], object]) -> list[object]:
    """`act(number)` in as many threads, each with a connection of its own, begun in the same moment."""
    gate = Barrier(count)

    def run(number: int) -> object:
        try:
            connection.ensure_connection()
            gate.wait(timeout=60)
            return act(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def test_forty_at_once_with_the_right_code_let_one_in(invitation: Invitation, phones: Phones) -> None:
    for number in range(ROUNDS):
        at = make.NOW + timedelta(hours=2 * number) if number < 50 else make.NOW
        assert codes.ask_code(invitation.pk, at=at).outcome == Asking.SENT
        code = phones.code()

        def tries(_: int, code: str = code, at: object = at) -> str:
            try:
                return codes.check_code(invitation.pk, code, at=at).why  # type: ignore[arg-type]
            except Unavailable:
                return "BUSY"

        said = Counter(together(AT_ONCE, tries))
        assert said[WhyNot.ACCEPTED] == 1, said
        assert set(said) <= {WhyNot.ACCEPTED, WhyNot.NO_CODE, "BUSY"}


def test_a_hundred_guesses_at_once_are_looked_at_five_times_at_the_most(invitation: Invitation, phones: Phones) -> None:
    codes.ask_code(invitation.pk, at=make.NOW)
    right = int(phones.code())
    guesses = [f"{(right + 1 + number) % 1_000_000:06d}" for number in range(100)]

    def guess(number: int) -> str:
        try:
            at = make.NOW + timedelta(seconds=number)
            return codes.check_code(invitation.pk, guesses[number], at=at).why
        except Unavailable:
            return "BUSY"

    said = Counter(answer for part in range(0, 100, 50) for answer in together(50, lambda n, p=part: guess(p + n)))  # type: ignore[misc]
    assert WhyNot.ACCEPTED not in said
    assert PartnerCode.objects.get().tries <= MOST_TRIES
    assert said[WhyNot.WRONG] + said[WhyNot.LOCKED] <= 100
    later = make.NOW + timedelta(hours=2)
    codes.ask_code(invitation.pk, at=later)
    assert codes.check_code(invitation.pk, phones.code(), at=later).ok, "the owner can still get in"


def test_many_asking_at_once_get_one_code(invitation: Invitation, phones: Phones) -> None:
    said = Counter(together(20, lambda _: codes.ask_code(invitation.pk, at=make.NOW).outcome))
    assert said[Asking.SENT] == 1
    assert len(phones.sent) == 1
    assert PartnerCode.objects.count() == 1


def test_without_the_lock_one_code_is_taken_more_than_once(invitation: Invitation, phones: Phones) -> None:
    """Negative control: the device asked directly, as django-otp warns against."""
    taken = 0
    for number in range(20):
        at = make.NOW + timedelta(hours=2 * number)
        codes.ask_code(invitation.pk, at=at)
        code = phones.code()

        def directly(_: int, code: str = code, at: object = at) -> bool:
            return PartnerCode.objects.get().verify_token(Attempt(code, at))  # type: ignore[arg-type]

        taken = max(taken, sum(bool(one) for one in together(20, directly)))
        if taken > 1:
            break
    assert taken > 1
