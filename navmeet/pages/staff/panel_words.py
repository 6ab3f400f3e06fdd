"""What the panel calls things, and what is filled in there. Bokmål only, as all staff pages."""

from django import forms

from invitations.door import Decision
from invitations.models import IdentityCheck, Visit
from meetings.models import Role
from navmeet.accounts.actor import Level

LEVELS = {
    Level.HIGH: ("success", "Logget inn på høyt nivå"),
    Level.SUBSTANTIAL: ("success", "Logget inn med ID-porten"),
    Level.CODE: ("info", "Engangskode på SMS"),
    Level.NONE: ("warning", "Ukjent: bare lenken"),
}
ROLES = {Role.CITIZEN: "Innbyggeren", Role.DOCTOR: "Legen", Role.EMPLOYER: "Arbeidsgiveren"}
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


class WordForm(forms.Form):
    words = forms.CharField(
        label="Beskjed",
        help_text="Skriv ikke noe om saken. Vi vet ikke alltid hvem som venter.",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "class": "nm-textarea--short"}),
    )


class IdentityForm(forms.Form):
    how = forms.ChoiceField(label="Hvordan vet du hvem det er?", choices=HOWS, widget=forms.RadioSelect)
    document = forms.ChoiceField(
        label="Hva slags legitimasjon?", help_text="Bare hvis du så legitimasjon.", choices=DOCUMENTS, required=False
    )
    words = forms.CharField(
        label="Hvordan ellers?", help_text="Bare hvis du sikret det på en annen måte.", required=False
    )


Form = WordForm | IdentityForm
