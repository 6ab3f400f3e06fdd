"""Django's forms come out as Aksel's markup: described, escaped, and with errors that can be found."""

from datetime import date, time
from html.parser import HTMLParser

import pytest
from django import forms
from django.template import engines
from django.utils import translation

from tests.look.living import SampleForm


class Elements(HTMLParser):
    """Every start tag of a page, as (name, attributes)."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def by_name(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for _, attributes in self.found if attributes.get("name") == name]

    def ids(self) -> list[str]:
        return [str(attributes["id"]) for _, attributes in self.found if "id" in attributes]


def shown(text: str, **context: object) -> str:
    return str(engines["django"].from_string(text).render(context))


def wrong() -> SampleForm:
    return SampleForm({"citizen_number": "123", "purpose": "x" * 501, "date": "2026-11-24", "start": "tull"})


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("citizen_number", {"class": "aksel-text-field__input", "aria-describedby": "id_citizen_number_helptext"}),
        ("meeting_type", {"class": "aksel-select__input", "aria-required": "true"}),
        ("date", {"type": "date", "class": "aksel-text-field__input"}),
        ("start", {"type": "time", "class": "aksel-text-field__input"}),
        ("purpose", {"class": "aksel-textarea__input", "aria-describedby": "id_purpose_helptext id_purpose_limit"}),
        ("format", {"type": "radio", "class": "aksel-radio__input"}),
        ("adjustments", {"type": "checkbox", "class": "aksel-checkbox__input"}),
        ("identity", {"type": "checkbox", "class": "aksel-checkbox__input"}),
    ],
)
def test_each_kind_of_field_gets_aksels_classes_and_what_describes_it(name: str, expected: dict[str, str]) -> None:
    attributes = Elements(str(SampleForm())).by_name(name)[0]
    assert str(attributes["class"]).startswith(expected.pop("class"))
    assert {key: attributes.get(key) for key in expected} == expected
    assert "required" not in attributes
    assert "maxlength" not in attributes


def test_a_field_with_an_error_says_so_and_points_to_its_text() -> None:
    page = Elements(str(wrong()))
    number = page.by_name("citizen_number")[0]
    assert number["aria-invalid"] == "true"
    assert number["aria-describedby"] == "id_citizen_number_helptext id_citizen_number_error"
    assert "id_citizen_number_error" in page.ids()
    group = next(attributes for _, attributes in page.found if attributes.get("role") == "radiogroup")
    assert group["aria-invalid"] == "true"
    assert group["aria-describedby"] == "id_format_helptext id_format_error"


def test_everything_that_describes_a_field_is_on_the_page_and_no_id_twice() -> None:
    page = Elements(str(wrong()))
    pointed = {ref for _, a in page.found for ref in str(a.get("aria-describedby") or "").split()}
    labelled = {str(a["for"]) for tag, a in page.found if tag == "label" and a.get("for")}
    assert pointed | labelled <= set(page.ids())
    assert len(page.ids()) == len(set(page.ids()))


def test_the_error_summary_leads_to_something_that_can_take_the_focus() -> None:
    form = wrong()
    summary = Elements(shown("{% error_summary form %}", form=form))
    page = Elements(str(form))
    links = [str(a["href"]) for tag, a in summary.found if tag == "a"]
    assert len(links) == len(form.errors)
    focusable = {a.get("id") for tag, a in page.found if tag in {"input", "select", "textarea"}}
    assert {link[1:] for link in links} <= focusable
    assert summary.found[0][1]["tabindex"] == "-1"


def test_there_is_no_error_summary_when_nothing_is_wrong() -> None:
    assert shown("{% error_summary form %}", form=SampleForm()).strip() == ""


def test_errors_name_the_field_in_the_language_of_the_page() -> None:
    assert wrong().errors["end"] == ["Fyll ut «Til klokken»."]
    with translation.override("nn"):
        assert wrong().errors["format"] == ["Vel noko under «Møteform»."]
    with translation.override("en"):
        assert wrong().errors["purpose"] == [
            "“Slik forbereder du deg” can have at most 500 characters. Now there are 501."
        ]


def test_a_per_cent_sign_in_a_label_survives_the_error_text() -> None:
    class Share(forms.Form):
        share = forms.CharField(label="Stilling i %", max_length=3)
        kind = forms.ChoiceField(label="100 %", choices=[("a", "A")])

    assert Share({"share": "1000", "kind": "x"}).errors == {
        "share": ["«Stilling i %» kan ha høyst 3 tegn. Nå er det 4."],
        "kind": ["Velg noe annet under «100 %»."],
    }


def test_a_form_keeps_the_error_messages_that_it_wrote_itself() -> None:
    class Own(forms.Form):
        code = forms.CharField(label="Kode", error_messages={"required": "Skriv koden fra SMS-en."})

    assert Own({}).errors["code"] == ["Skriv koden fra SMS-en."]


def test_what_people_wrote_is_escaped_everywhere() -> None:
    evil = '"><script>alert(1)</script>'

    class Evil(forms.Form):
        text = forms.CharField(label=evil, help_text=evil, initial=evil)
        area = forms.CharField(widget=forms.Textarea, initial=evil)
        pick = forms.ChoiceField(choices=[(evil, evil)], widget=forms.RadioSelect)
        many = forms.MultipleChoiceField(choices=[(evil, evil)], widget=forms.CheckboxSelectMultiple)
        list = forms.ChoiceField(choices=[(evil, evil)])

        def clean_text(self) -> str:
            raise forms.ValidationError(evil)

    form = Evil({"text": evil, "area": evil, "pick": "x", "many": ["x"], "list": "x"})
    page = shown(
        "{{ form }}{% error_summary form %}{% tag evil evil %}{% button evil name=evil %}"
        "{% alert evil %}{{ evil }}{% endalert %}",
        form=form,
        evil=evil,
    )
    assert "<script" not in page
    assert "&lt;script" in page


def test_dates_and_times_are_filled_in_as_the_browsers_picker_writes_them() -> None:
    page = Elements(str(SampleForm(initial={"date": date(2026, 11, 4), "start": time(9, 5)})))
    assert page.by_name("date")[0]["value"] == "2026-11-04"
    assert page.by_name("start")[0]["value"] == "09:05"


def test_optional_fields_are_marked_and_required_ones_are_not() -> None:
    assert "valgfritt" in SampleForm()["theme"].as_field_group()
    assert "valgfritt" not in SampleForm()["citizen_number"].as_field_group()


def test_a_hidden_field_stays_hidden_and_bare() -> None:
    class WithVersion(forms.Form):
        version = forms.IntegerField(widget=forms.HiddenInput, initial=3)

    assert str(WithVersion()) == '<input type="hidden" name="version" value="3" id="id_version">'


def test_a_button_is_a_link_when_it_leads_somewhere() -> None:
    assert shown('{% button "Avbryt" href="/" variant="tertiary" %}').startswith('<a class="aksel-button')
    button = shown('{% button "Lagre" name="act" hx_get="/x/" hidden=False %}')
    assert 'type="submit"' in button
    assert 'hx-get="/x/"' in button
    assert "hidden" not in button
