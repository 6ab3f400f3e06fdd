"""What speaks against a time, asked about in a form: whoever takes it all the same says why."""

from collections.abc import Sequence
from typing import Any

from django import forms

from meetings.overruling import NotSuitable, Overrule
from navmeet.pages.staff import words


class OverruleForm(forms.Form):
    """`objections` are what spoke against it when it was sent; sent again with `overrule_why`, they are overruled.

    `overrule` holds the codes of what was shown, and nothing else is overruled.
    """

    objections: Sequence[str] = ()

    overrule = forms.CharField(widget=forms.HiddenInput, required=False)
    overrule_why = forms.ChoiceField(
        label="Hvorfor gjør du det likevel?",
        help_text="Grunnen blir stående i historikken.",
        choices=[("", "Velg en grunn"), *words.OVERRULED.items()],
        required=False,
    )

    @property
    def is_objected_to(self) -> bool:
        return bool(self.objections or self["overrule"].value())

    def overruled(self) -> Overrule | None:
        """Of a valid form: what was objected to before and is wanted all the same; None without a reason."""
        codes, why = self.cleaned_data["overrule"].split(), self.cleaned_data["overrule_why"]
        return Overrule(codes=frozenset(codes), why=why) if codes and why else None

    def object(self, error: NotSuitable) -> None:
        """Ask whether it is wanted all the same, and keep what was answered before."""
        self.objections = list(dict.fromkeys(one.message for one in error.objections))
        data: Any = self.data
        self.data = data.copy()
        seen = [*str(data.get("overrule", "")).split(), *error.extra["can_be_overruled"]]
        self.data["overrule"] = " ".join(dict.fromkeys(seen))  # type: ignore[index]
