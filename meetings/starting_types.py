"""The meeting types navmeet starts with. Data with an owner at the directorate: these values are to be confirmed."""

from meetings.models import Duty, MeetingType

STARTING_TYPES: dict[str, dict[str, object]] = {
    "FOLLOW_UP": {
        "names": {"nb": "Oppfølgingssamtale", "nn": "Oppfølgingssamtale", "en": "Follow-up meeting"},
        "duty": Duty.AGREED,
        "duty_sentences": {
            "nb": "Vi har avtalt dette møtet sammen. Gi oss beskjed hvis du ikke kan komme.",
            "nn": "Vi har avtalt dette møtet saman. Gi oss beskjed om du ikkje kan kome.",
            "en": "We have agreed on this meeting together. Please let us know if you cannot come.",
        },
        "legal_basis": "",
        "least_notice_days": 0,
        "roles": {"DOCTOR": {"basis": "RELEASE"}, "EMPLOYER": {"basis": "RELEASE"}},
    },
    "COOPERATION": {
        "names": {"nb": "Samarbeidsmøte", "nn": "Samarbeidsmøte", "en": "Cooperation meeting"},
        "duty": Duty.AGREED,
        "duty_sentences": {
            "nb": "Møtet er frivillig. Gi oss beskjed hvis du ikke kan komme.",
            "nn": "Møtet er frivillig. Gi oss beskjed om du ikkje kan kome.",
            "en": "The meeting is voluntary. Please let us know if you cannot come.",
        },
        "legal_basis": "",
        "least_notice_days": 0,
        "roles": {"DOCTOR": {"basis": "RELEASE"}, "EMPLOYER": {"basis": "RELEASE"}},
    },
    "DIALOGUE": {
        "names": {"nb": "Dialogmøte", "nn": "Dialogmøte", "en": "Dialogue meeting"},
        "duty": Duty.DUTY,
        "duty_sentences": {
            "nb": "Du har plikt til å komme. Uten god grunn til ikke å komme kan sykepengene dine bli stanset.",
            "nn": "Du har plikt til å kome. Utan god grunn til ikkje å kome kan sjukepengane dine bli stansa.",
            "en": "You must come. If you do not come and have no good reason, your sickness benefit may be stopped.",
        },
        "legal_basis": "folketrygdloven § 8-7 a",
        "least_notice_days": 21,
        "roles": {
            "DOCTOR": {"basis": "LAW", "section": "folketrygdloven § 8-7 a"},
            "EMPLOYER": {"basis": "LAW", "section": "folketrygdloven § 8-7 a"},
        },
    },
}


def load() -> None:
    """Store the types that are not there; what the directorate has changed since is left alone."""
    for code, values in STARTING_TYPES.items():
        MeetingType.objects.get_or_create(code=code, defaults=values)
