"""The colleagues and the room of a meeting, to be chosen in a form: those of one office."""

from collections.abc import Iterable
from uuid import UUID

from django import forms

from meetings.models import Room
from navmeet.accounts.models import User

NO_ROOM = "Ikke bestill noe rom"


class RoomField(forms.ChoiceField):
    """A room of the office, or none. Hidden until `offer` says which there are."""

    widget: type[forms.Widget] | forms.Widget = forms.HiddenInput

    def offer(self, office: str, kept: UUID | None = None) -> bool:
        """The active rooms, and one that the meeting has already. False where there are none."""
        found = Room.objects.filter(office_id=office).order_by("name")
        rooms = [one for one in found if one.is_active or one.pk == kept]
        self.widget = forms.Select()
        self.choices = [("", NO_ROOM), *((str(one.pk), _of_room(one)) for one in rooms)]
        return bool(rooms)


class ColleaguesField(forms.MultipleChoiceField):
    """Caseworkers of the office. Hidden until `offer` says who they are."""

    widget: type[forms.Widget] | forms.Widget = forms.MultipleHiddenInput

    def offer(self, office: str, without: Iterable[UUID]) -> bool:
        """All who work there but `without`. False where there is nobody."""
        found = User.objects.filter(office=office, is_caseworker=True, is_active=True).exclude(pk__in=without)
        people = sorted(((str(one.pk), one.name or "") for one in found), key=lambda pair: pair[1])
        self.widget = forms.CheckboxSelectMultiple()
        self.choices = people
        return bool(people)


def _of_room(room: Room) -> str:
    offers = [
        word
        for word, is_there in (("trinnfritt", room.is_step_free), ("teleslynge", room.has_hearing_loop))
        if is_there
    ]
    return ", ".join([room.name, f"plass til {room.capacity}", *offers])
