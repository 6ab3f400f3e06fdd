"""SMS to partners: every occasion, language and time fits in one SMS, and says nothing of anybody."""

from datetime import datetime

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from hypothesis import strategies as st

from invitations.messages import altinn_rules, texts
from invitations.messages.texts import sms_to_partners
from invitations.models import Occasion
from meetings.models import Format
from meetings.times import OSLO

TIMES = st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2032, 12, 31), timezones=st.just(OSLO))  # noqa: DTZ001


@trying(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    starts_at=TIMES,
    occasion=st.sampled_from(sorted(sms_to_partners.OCCASIONS)),
    language=st.sampled_from(texts.LANGUAGES),
    held=st.sampled_from(Format.values),
    time_changed=st.booleans(),
    far=st.booleans(),
)
def test_altinn_rules_take_every_text(
    starts_at: datetime, occasion: str, language: str, held: str, time_changed: bool, far: bool
) -> None:
    far = far and occasion != "REMINDER"
    facts = texts.Facts(starts_at=starts_at, held=held, time_changed=time_changed, to_partner=True, with_year=far)
    said = sms_to_partners.render(occasion, language, facts)
    assert altinn_rules.problems_with_sms("+4749000000", said.sms, 60) == []
    assert texts.when(starts_at, language, with_year=far) in said.sms
    assert "55 55 33 33" in said.sms
    assert (said.ditt_nav, said.title, said.body) == ("", "", "")


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_each_language_has_every_occasion_a_partner_can_be_told_of(language: str) -> None:
    facts = texts.Facts(starts_at=datetime(2027, 1, 21, 10, 0, tzinfo=OSLO), held="VIDEO", to_partner=True)
    said = {occasion: sms_to_partners.render(occasion, language, facts).sms for occasion in sms_to_partners.OCCASIONS}
    assert len(set(said.values())) == len(said)
    of_meetings = {Occasion.INVITED, Occasion.MOVED, Occasion.CANCELLED, Occasion.REMOVED, Occasion.REMINDER}
    assert of_meetings <= set(said)


def test_a_change_that_is_no_other_time_is_not_called_a_move() -> None:
    facts = texts.Facts(starts_at=datetime(2027, 1, 21, 10, 0, tzinfo=OSLO), held="VIDEO", time_changed=False)
    assert "flyttet" not in sms_to_partners.render(Occasion.MOVED, "nb", facts).sms
