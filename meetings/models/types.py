"""What kinds of meetings there are, and where they belong. Data, not code."""

from django.db import models

from meetings.models.words import Basis, Duty, Role
from navmeet.protect.classes import Columns, Kept, Personal


class Office(models.Model):
    """`buffers`: minutes kept free around a meeting, by format, `{"IN_PERSON": 10}`; what is not there is a setting."""

    number = models.CharField(max_length=4, primary_key=True)
    name = models.CharField(max_length=80)
    address = models.CharField(max_length=200)
    least_notice_days = models.PositiveSmallIntegerField(default=0, db_default=0)
    buffers = models.JSONField(default=dict, db_default={})

    COLUMNS = Columns(
        Kept.CONFIGURATION,
        number=Personal.NO,
        name=Personal.NO,
        address=Personal.NO,
        least_notice_days=Personal.NO,
        buffers=Personal.NO,
    )

    def __str__(self) -> str:
        return self.number


class MeetingType(models.Model):
    """Data with an owner at the directorate: names and sentences in each language, `{"nb": …, "nn": …, "en": …}`.

    `roles`: who from outside Nav may be invited, and on which basis: `{"DOCTOR": {"basis": "LAW", "section": "…"}}`.
    """

    code = models.CharField(max_length=32, primary_key=True)
    names = models.JSONField()
    duty = models.CharField(max_length=8, choices=Duty)
    duty_sentences = models.JSONField()
    legal_basis = models.CharField(max_length=200, blank=True)
    least_notice_days = models.PositiveSmallIntegerField(default=0)
    roles = models.JSONField(default=dict, db_default={})
    is_active = models.BooleanField(default=True)

    COLUMNS = Columns(
        Kept.CONFIGURATION,
        code=Personal.NO,
        names=Personal.NO,
        duty=Personal.NO,
        duty_sentences=Personal.NO,
        legal_basis=Personal.NO,
        least_notice_days=Personal.NO,
        roles=Personal.NO,
        is_active=Personal.NO,
    )

    def __str__(self) -> str:
        return self.code

    def name_in(self, language: str) -> str:
        """The type's name, in bokmål where the language has none."""
        return str(self.names.get(language) or self.names["nb"])

    def duty_sentence_in(self, language: str) -> str:
        """Whether one must come, and what happens if one does not."""
        return str(self.duty_sentences.get(language) or self.duty_sentences["nb"])

    def basis_of(self, role: Role) -> Basis | None:
        """On what this role may take part, or None where it may not be invited."""
        found = self.roles.get(role)
        return Basis(found["basis"]) if found else None

    def section_of(self, role: Role) -> str:
        """The section of law that a basis of LAW rests on."""
        return str(self.roles.get(role, {}).get("section", ""))
