"""What the panel calls things, and what is filled in there. Bokmål only, as all staff pages."""

from django import forms

from invitations import bases
from invitations.door import Decision
from invitations.models import IdentityCheck, Visit
from invitations.waiting import Row
from meetings.models import Basis, Role
from navmeet.accounts.actor import Level
from navmeet.look.dates import clock

LEVELS = {
    Level.HIGH: ("success", "Logget inn på høyt nivå"),
    Level.SUBSTANTIAL: ("success", "Logget inn med ID-porten"),
    Level.CODE: ("info", "Engangskode på SMS"),
    Level.NONE: ("warning", "Ukjent: bare lenken"),
}
ROLES = {Role.CITIZEN: "Innbyggeren", Role.DOCTOR: "Legen", Role.EMPLOYER: "Arbeidsgiveren"}
# Where it is not settled that it is them.
LINK_OF = {
    Role.CITIZEN: "Har innbyggerens lenke",
    Role.DOCTOR: "Har legens lenke",
    Role.EMPLOYER: "Har arbeidsgiverens lenke",
}
WANTS = {
    Visit.Wants.CANNOT_GET_IN: "Sier at det ikke går å komme inn",
    Visit.Wants.CALL_INSTEAD: "Vil bli ringt i stedet",
}
HOWS = [
    (IdentityCheck.How.ID_SHOWN, "Viste gyldig legitimasjon"),
    (IdentityCheck.How.KNOWN, "Jeg kjenner personen"),
    (IdentityCheck.How.OTHERWISE, "Sikret på en annen måte"),
]
DOCUMENTS = [
    ("", "Velg"),
    (IdentityCheck.Document.PASSPORT, "Pass"),
    (IdentityCheck.Document.DRIVING_LICENCE, "Førerkort"),
    (IdentityCheck.Document.NATIONAL_ID, "Nasjonalt ID-kort"),
    (IdentityCheck.Document.OTHER, "Annen gyldig legitimasjon"),
]
DECISIONS = {
    Decision.OVER: "Møtet er avsluttet. Ingen kan komme inn.",
    Decision.CANCELLED: "Møtet er avlyst. Ingen kan komme inn.",
    Decision.NOT_VIDEO: "Møtet er ikke på video. Ingen skal slippes inn.",
}


_KNOWN_BY = {
    Level.HIGH: "er logget inn",
    Level.SUBSTANTIAL: "er logget inn",
    Level.CODE: "har skrevet engangskoden fra SMS",
    Level.NONE: "har bare lenken",
}


def role(row: Row) -> str:
    """Who they are in the meeting; or, where somebody else may be that, whose link they have."""
    is_unsure = row.same_link > 1 and row.level == Level.NONE
    return (LINK_OF if is_unsure else ROLES).get(Role(row.participant.role), "")


def takes_precedence(row: Row) -> bool:
    """Surer known than whoever is in with the same link."""
    inside = row.beside.inside
    return inside is not None and row.level != Level.NONE and inside.assurance == Level.NONE


def warnings(row: Row) -> list[str]:
    """What the others with the same link mean for this one. Advice never favours who is less surely known."""
    found = [_beside(row)] if row.same_link > 1 else []
    if row.beside.turned_away_at is not None:
        found.append(f"En med denne lenken ble ikke sluppet inn {clock(row.beside.turned_away_at)}.")
    if row.inside > 1:
        found.append(
            "Noen har gått inn to ganger med denne lenken, og begge er i videomøtet. Finn ut hvem de er, og steng ute "
            "hvis noen ikke skal være der."
        )
    return [one for one in found if one]


def _beside(row: Row) -> str:
    surer, inside = row.beside.surer, row.beside.inside
    if surer is not None:
        where = "venter" if surer.state == Visit.State.WAITING else "er sluppet inn"
        known = f"{surer.name or 'Deltaker'} {_KNOWN_BY[Level(surer.assurance)]} og {where}."
        if row.is_waiting:
            return f"Noen andre bruker lenken. {known} Slipp ikke inn denne før du vet hvem det er."
        return f"Noen andre bruker også lenken. {known} Finn ut hvem som skal være med."
    if inside is not None and takes_precedence(row):
        lacks = "å ha skrevet engangskoden" if row.level == Level.CODE else "å være logget inn"
        return (
            f"{inside.name or 'Deltaker'} er sluppet inn med denne lenken uten {lacks}. Finn ut hvem som skal være med."
        )
    if inside is not None:
        return f"{inside.name or 'Deltaker'} er allerede sluppet inn med denne lenken. Bare én kan være inne om gangen."
    if row.level == Level.NONE and row.is_waiting:
        return "Flere venter med denne lenken. Finn ut hvem den er til, før du slipper inn noen."
    return ""


def no_access(row: Row) -> str:
    """Why one who came may not be in the meeting; nothing where they may."""
    if row.decision != Decision.CLOSED:
        return ""
    if row.participant.removed_at is not None:
        return "Er ikke med i møtet lenger."
    last = bases.last_word(row.participant) if bases.basis_of(row.participant) == Basis.RELEASE else None
    if last is not None and not last.said_yes:
        return "Innbyggeren har sagt nei til at de er med."
    return "Har ikke tilgang til møtet lenger."


def whereabouts(row: Row) -> str:
    """Since when they wait; or whether they are in the video meeting, as far as the platform has told."""
    visit = row.visit
    if row.is_waiting:
        return f"Har ventet siden {clock(visit.arrived_at)}"
    if row.inside_since is not None:
        return f"I videomøtet siden {clock(row.inside_since)}"
    if row.left_at is not None:
        return f"Gikk ut av videomøtet {clock(row.left_at)}"
    if visit.entered_at is not None:
        return f"Gikk til videomøtet {clock(visit.entered_at)}"
    return f"Sluppet inn {clock(visit.decided_at)}, ikke gått til videomøtet ennå" if visit.decided_at else ""


class WordForm(forms.Form):
    words = forms.CharField(
        label="Beskjed",
        help_text="Skriv ikke noe om saken. Vi vet ikke alltid hvem som venter.",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "class": "nm-textarea--short"}),
    )


class IdentityForm(forms.Form):
    how = forms.ChoiceField(label="Hvordan vet du hvem det er?", choices=HOWS, widget=forms.RadioSelect)
    document = forms.ChoiceField(label="Hva slags legitimasjon?", choices=DOCUMENTS, required=False)
    words = forms.CharField(
        label="Hvordan ellers?", error_messages={"required": "Skriv hvordan du forsikret deg om hvem det er."}
    )

    def full_clean(self) -> None:
        """How else is asked only of who says so."""
        self.fields["words"].required = self.data.get("how") in {None, IdentityCheck.How.OTHERWISE}
        super().full_clean()


Form = WordForm | IdentityForm
