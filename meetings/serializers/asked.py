"""What the API reads about meetings: strictly, each change by an input of its own."""

from typing import Any

from rest_framework import serializers

from meetings import colleagues, partners
from meetings.contacts import LONGEST_ADDRESS, NAME
from meetings.models import PARTNERS, Caller, Format, Outcome, Reason, WhyCorrected, WhyOverruled
from meetings.overruling import Code
from meetings.texts import PREPARATIONS, PURPOSE, SENTENCE, THEME
from meetings.times import LENGTH
from navmeet.api.serializers import Choice, Clock, Day, Id, Number, Several, Strict, Text, YesNo

REASONS = [choice for choice in Reason.choices if choice[0] != Reason.BOOKED]
PARTNER_ROLES = [(role.value, role.label) for role in sorted(PARTNERS)]
LANGUAGES = [("nb", "Bokmål"), ("nn", "Nynorsk"), ("en", "English")]
LEAST_MINUTES, MINUTES = 15, 450
LIMITS = ("min_value", "max_value")


class FindPersonInput(Strict):
    number = Text(max_length=20)


class WhenInput(Strict):
    """`fold` (0 first, 1 second) only for the hour that comes twice when the clocks go back."""

    day = Day()
    time = Clock()
    minutes = Number(min_value=LEAST_MINUTES, max_value=MINUTES, error_messages=dict.fromkeys(LIMITS, LENGTH))
    fold = Number(min_value=0, max_value=1, required=False)


class PlaceInput(Strict):
    address = Text(max_length=200, required=False, allow_blank=True, default="")
    room = Text(max_length=80, required=False, allow_blank=True, default="")
    directions = Text(max_length=300, required=False, allow_blank=True, default="", lines=True)
    caller = Choice(choices=Caller.choices, required=False, allow_blank=True, default="")
    phone = Text(max_length=30, required=False, allow_blank=True, default="")
    room_id = Id(required=False, allow_null=True)


class ToRecipientInput(Strict):
    """What one participant outside Nav reads of why, and nobody else."""

    participant_id = Id()
    sentence = Text(max_length=SENTENCE, lines=True)


class WhyInput(Strict):
    """`sentence` is the citizen's; `sentences` are others'."""

    reason = Choice(choices=REASONS)
    sentence = Text(max_length=SENTENCE, required=False, allow_blank=True, default="", lines=True)
    sentences = Several(child=ToRecipientInput(), max_length=partners.MOST, required=False)


class OwnInput(Strict):
    """What may be said of a partner: all of it optional. `part_*` in minutes from the start, null for all the time."""

    organisation = Text(max_length=NAME, required=False, allow_blank=True)
    way_in = Choice(choices=Format.choices, required=False, allow_blank=True)
    part_offset = Number(min_value=0, max_value=MINUTES, required=False, allow_null=True)
    part_minutes = Number(min_value=partners.SHORTEST_PART, max_value=MINUTES, required=False, allow_null=True)
    theme = Text(max_length=THEME, required=False, allow_blank=True)
    purpose = Text(max_length=PURPOSE, required=False, allow_blank=True, lines=True)
    preparations = Text(max_length=PREPARATIONS, required=False, allow_blank=True, lines=True)
    language = Choice(choices=LANGUAGES, required=False)


class PartnerInput(OwnInput):
    """A doctor or an employer. `way_in` blank is the meeting's own format; texts are theirs alone."""

    role = Choice(choices=PARTNER_ROLES)
    name = Text(max_length=NAME)
    email = Text(max_length=LONGEST_ADDRESS)
    phone = Text(max_length=40)


class AddPartnerInput(PartnerInput, WhyInput):
    """As when booking, and why."""


class ChangePartnerInput(OwnInput, WhyInput):
    """Only what is to be another, and why; what is not sent stays."""

    name = Text(max_length=NAME, required=False)
    email = Text(max_length=LONGEST_ADDRESS, required=False)
    phone = Text(max_length=40, required=False)


class NothingInput(Strict):
    """Nothing more needs to be said."""


class OverruleInput(Strict):
    """What speaks against it and is taken all the same: the codes that were refused, and why."""

    codes = Several(child=Choice(choices=Code.choices), min_length=1, max_length=len(Code.values))
    why = Choice(choices=WhyOverruled.choices)


class BookingInput(WhenInput):
    """`staff` are the Nav idents of colleagues who come besides the host.

    `language` is the one the citizen is written to in; not sent, it is what they have chosen, else bokmål.
    """

    person_id = Id()
    type = Text(max_length=32)
    format = Choice(choices=Format.choices)
    place = PlaceInput(required=False)
    theme = Text(max_length=THEME)
    purpose = Text(max_length=PURPOSE, required=False, allow_blank=True, default="", lines=True)
    preparations = Text(max_length=PREPARATIONS, required=False, allow_blank=True, default="", lines=True)
    check_identity = YesNo(required=False, default=False)
    language = Choice(choices=LANGUAGES, required=False)
    partners = Several(child=PartnerInput(), max_length=partners.MOST, required=False)
    staff = Several(child=Text(max_length=7), max_length=colleagues.MOST, required=False)
    overrule = OverruleInput(required=False)


class ReinstateInput(WhyInput):
    """The time, format and place are those it had."""

    overrule = OverruleInput(required=False)


class AddStaffInput(ReinstateInput):
    """A colleague, by their Nav ident."""

    nav_ident = Text(max_length=7)


class HandOverInput(AddStaffInput):
    """`stays`: the host until now takes part as a colleague."""

    stays = YesNo(required=False, default=False)


class ChangeDetailsInput(Strict):
    """Only what is to be another; what is not sent stays. `is_correction`: the texts say the same, written right."""

    theme = Text(max_length=THEME, required=False)
    purpose = Text(max_length=PURPOSE, required=False, allow_blank=True, lines=True)
    preparations = Text(max_length=PREPARATIONS, required=False, allow_blank=True, lines=True)
    language = Choice(choices=LANGUAGES, required=False)
    check_identity = YesNo(required=False)
    is_correction = YesNo(required=False, default=False)


class MoveInput(WhenInput, WhyInput):
    place = PlaceInput(required=False)
    overrule = OverruleInput(required=False)


class ChangeFormatInput(WhyInput):
    """`place` as the new format needs it: an address, or who rings whom and where."""

    format = Choice(choices=Format.choices)
    place = PlaceInput(required=False)
    overrule = OverruleInput(required=False)


class ChangeWayInInput(WhyInput):
    """`way_in` blank is the meeting's own format."""

    way_in = Choice(choices=Format.choices, allow_blank=True)


class ConcludeInput(Strict):
    held = YesNo()


class CorrectConclusionInput(ConcludeInput):
    """What is to hold instead, and why."""

    why = Choice(choices=WhyCorrected.choices)


class OutcomeInput(Strict):
    """`why` where something else stands and the meeting is concluded."""

    outcome = Choice(choices=Outcome.choices)
    why = Choice(choices=WhyCorrected.choices, required=False)


class OfPartnerInput(Strict):
    """Which participant is meant, where the address does not say it."""

    participant_id = Id()


class RehearsedPartnerInput(OfPartnerInput, ChangePartnerInput):
    """As changing a partner."""


class RehearsedWayInInput(OfPartnerInput, ChangeWayInInput):
    """As changing one participant's way in."""


class RehearsedOutcomeInput(OfPartnerInput, OutcomeInput):
    """As saying what became of one participant."""


class RehearsedRemovalInput(OfPartnerInput, WhyInput):
    """As taking out a colleague, a doctor or an employer."""


class RehearsalInput(Strict):
    """Exactly one of them: what is to be tried out."""

    move = MoveInput(required=False)
    cancel = WhyInput(required=False)
    change_format = ChangeFormatInput(required=False)
    add_partner = AddPartnerInput(required=False)
    change_partner = RehearsedPartnerInput(required=False)
    remove_partner = RehearsedRemovalInput(required=False)
    change_way_in = RehearsedWayInInput(required=False)
    end = NothingInput(required=False)
    conclude = ConcludeInput(required=False)
    correct_conclusion = CorrectConclusionInput(required=False)
    outcome = RehearsedOutcomeInput(required=False)
    call = OfPartnerInput(required=False)
    change_details = ChangeDetailsInput(required=False)
    add_staff = AddStaffInput(required=False)
    remove_staff = RehearsedRemovalInput(required=False)
    hand_over = HandOverInput(required=False)
    reinstate = ReinstateInput(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if len(attrs) != 1:
            raise serializers.ValidationError("Send nøyaktig én endring å prøve ut.", code="one_of")
        return attrs
