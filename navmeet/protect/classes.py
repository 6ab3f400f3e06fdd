"""Every column is classed: is it personal, and how long is it kept? A test fails on a column that is not.

A class is given beside the model, in its `COLUMNS`, so that who adds a column meets the question.
"""

from enum import StrEnum


class Kept(StrEnum):
    """How long, and from when. The values are data owned by the directorate; these are the names they go by."""

    WITH_PERSON = "as long as anything of the person is kept"
    MEETING_24_MONTHS = "24 months after the meeting"
    DOOR_90_DAYS = "90 days"
    DAY = "1 day"
    PARTNER_30_DAYS = "30 days after access ends"
    RELAYED_30_DAYS = "30 days after it was relayed"
    MINUTES_24_MONTHS = "24 months, then a link to the archive"
    RELEASE = "as long as what was shared on it"
    STAFF = "as long as the employee has access, then 24 months"
    CONFIGURATION = "no person in it"
    SESSION = "until the session ends"
    AUDIT = "10 years"


class Personal(StrEnum):
    NO = "no"
    INDIRECT = "points to a person"
    SEALED = "personal, sealed"
    STAFF = "an employee in their work"


class Columns:
    """The classes of one model's columns: one retention for the table, and each column's answer."""

    def __init__(self, kept: Kept, **columns: Personal) -> None:
        self.kept = kept
        self.columns = columns
