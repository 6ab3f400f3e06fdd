"""Book a meeting by video in an empty database, let somebody in, set the clock to then, print the visit's alias."""

import os
from datetime import timedelta
from pathlib import Path

import django

django.setup()

from invitations import admission, lobby  # noqa: E402
from invitations.models import Invitation  # noqa: E402
from meetings.models import Role  # noqa: E402
from navmeet.accounts.actor import Actor, ActorKind  # noqa: E402
from tests import make  # noqa: E402


def main() -> None:
    """All by the verbs themselves."""
    host = make.caseworker()
    meeting = make.meeting(host, at=make.NOW)
    at = meeting.starts_at - timedelta(minutes=2)
    Path(os.environ["NAVMEET_CLOCK"]).write_text(at.isoformat(), encoding="ascii")
    invitation = Invitation.objects.get(participant__meeting=meeting, participant__role=Role.CITIZEN)
    by = Actor(kind=ActorKind.LINK, id=invitation.pk)
    visit = lobby.arrive(invitation_id=invitation.pk, name="Kari", by=by, at=at)
    admission.admit(visit_id=visit.pk, by=make.actor(host), at=at)
    print(visit.alias)


if __name__ == "__main__":
    main()
