"""Django's forms in Aksel's markup: `{{ form }}` and `{{ form.field.as_field_group }}` need nothing more.

Texts say what is asked and what is wrong; the browser's own bubbles are switched off by leaving `required` out, so
that everybody meets the same error summary. Optional fields are marked, required ones are the rule.
"""

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.forms.widgets import Widget

from navmeet.look.wording import speak_plainly

INPUT = "aksel-text-field__input aksel-body-short aksel-body-short--medium"
TEXTAREA = "aksel-textarea__input aksel-body-short aksel-body-short--medium"
SELECT = "aksel-select__input aksel-body-short aksel-body-short--medium"
ISO_DATE, ISO_TIME, ISO_BOTH = "%Y-%m-%d", "%H:%M", "%Y-%m-%dT%H:%M"
CHOICE_LISTS = (forms.RadioSelect, forms.CheckboxSelectMultiple)


class AkselField(BoundField):
    """A field as a page shows it: Aksel's classes, what describes it, where its error points."""

    def __init__(self, form: forms.BaseForm, field: forms.Field, name: str) -> None:
        super().__init__(form, field, name)
        speak_plainly(field, self.label)

    @property
    def kind(self) -> str:
        """Which of the layouts in components/field.html fits: choices, checkbox, textarea, select or input."""
        widget = self.field.widget
        if isinstance(widget, CHOICE_LISTS):
            return "choices"
        if isinstance(widget, forms.CheckboxInput):
            return "checkbox"
        if isinstance(widget, forms.Textarea):
            return "textarea"
        if isinstance(widget, forms.Select):
            return "select"
        return "group" if self.use_fieldset else "input"

    @property
    def is_optional(self) -> bool:
        """Whether the label says "(valgfritt)": not where leaving it alone is an answer in itself."""
        if self.kind == "choices" and any(value == "" for value, _ in getattr(self.field, "choices", ())):
            # One of the choices is to leave it as it is: one of them is always made.
            return False
        return not self.field.required and self.kind in {"input", "textarea", "choices", "group"}

    @property
    def max_length(self) -> int | None:
        """How many characters a long text may have, said under the field."""
        return getattr(self.field, "max_length", None) if self.kind == "textarea" else None

    @property
    def error_target(self) -> str:
        """The id that a link in the error summary leads to: something that can take the focus."""
        if self.kind == "choices":
            return f"{self.auto_id}_0"
        return self.id_for_label or self.auto_id

    @property
    def aria_describedby(self) -> str | None:
        """The ids of help text, counter and error that exist, in the order they are read."""
        described = super().aria_describedby
        if described is None or not self.max_length or self.is_hidden:
            return described
        return " ".join(filter(None, [described, f"{self.auto_id}_limit"]))

    def build_widget_attrs(self, attrs: dict[str, Any], widget: Widget | None = None) -> dict[str, Any]:
        """Django's attributes and Aksel's class; without `required` (see above)."""
        widget = widget or self.field.widget
        built = super().build_widget_attrs(attrs, widget)
        if built.pop("required", False) and self.kind in {"input", "textarea", "select"}:
            built["aria-required"] = "true"
        if isinstance(widget, forms.RadioSelect):
            # What is wrong is the choice, not any one of its buttons: the group says it.
            built.pop("aria-invalid", None)
        if not widget.is_hidden and not isinstance(widget, CHOICE_LISTS):
            own = str(widget.attrs.get("class", ""))
            built["class"] = f"{self._aksel_class(widget)} {own}".strip()
        for limit in ("maxlength", "minlength"):
            # The browser would cut a pasted text without a word; the server says that it is too long.
            widget.attrs.pop(limit, None)
        self._use_native_picker(widget)
        return built

    def _aksel_class(self, widget: Widget) -> str:
        if isinstance(widget, forms.CheckboxInput):
            return "aksel-checkbox__input"
        if isinstance(widget, forms.Textarea):
            return TEXTAREA
        return SELECT if isinstance(widget, forms.Select) else INPUT

    def _use_native_picker(self, widget: Widget) -> None:
        """Dates and times get the browser's own picker, which speaks ISO 8601 whatever the language."""
        if type(widget) is forms.DateInput:
            widget.input_type, widget.format = "date", widget.format or ISO_DATE
        elif type(widget) is forms.TimeInput:
            widget.input_type, widget.format = "time", widget.format or ISO_TIME
        elif type(widget) is forms.DateTimeInput:
            widget.input_type, widget.format = "datetime-local", widget.format or ISO_BOTH


class AkselRenderer(TemplatesSetting):
    """The setting FORM_RENDERER: our templates for forms, fields and widgets."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"
    bound_field_class = AkselField
