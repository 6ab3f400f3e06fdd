"""The table of states is whole, and the documents are drawn from it."""

from django.core.management import call_command

from meetings.models import Status
from meetings.states import TRANSITIONS
from navmeet.dev.management.commands.generated_docs import COLOURS, states


def test_every_state_has_a_row_and_a_colour() -> None:
    assert set(TRANSITIONS) == set(Status)
    assert set(COLOURS) == set(Status)


def test_every_way_leads_to_a_state_that_is_another() -> None:
    for here, there in TRANSITIONS.items():
        assert there <= set(Status)
        assert here not in there


def test_every_state_can_be_reached() -> None:
    reached = {Status.PROPOSED, Status.SCHEDULED}
    for _ in Status:
        reached |= {there for here in reached for there in TRANSITIONS[here]}
    assert reached == set(Status)


def test_the_drawing_has_every_way() -> None:
    drawn = states()
    for here, ways in TRANSITIONS.items():
        for there in ways:
            assert f"    {here.value} --> {there.value}\n" in drawn


def test_the_generated_documents_are_as_the_code_has_them() -> None:
    call_command("generated_docs", check=True)
