from typing import Any

import pytest
from django.utils import timezone

from meetings.models import Meeting, Status, Task
from navmeet.dev import demo_data
from tests.stand_ins import registers, registers_server

__all__ = ["registers", "registers_server"]


@pytest.mark.django_db
def test_the_demo_office_has_meetings_in_every_state_that_one_can_come_to_and_is_loaded_once(registers: Any) -> None:
    now = timezone.now()
    assert demo_data.load(now)
    assert set(Meeting.objects.values_list("status", flat=True)) == set(Status.values) - {Status.PROPOSED}
    assert {"SEND_LETTER", "NO_TO_VIDEO", "OTHER_TIME"} <= set(Task.objects.values_list("kind", flat=True))
    assert not demo_data.load(now)
