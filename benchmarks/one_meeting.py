"""Book one meeting by phone in an empty database, and print its link's token."""

import django

django.setup()

from invitations import links  # noqa: E402
from invitations.models import Invitation  # noqa: E402
from tests import make  # noqa: E402


def main() -> None:
    """The meeting is made by the verb itself."""
    meeting = make.meeting(at=make.NOW)
    print(links.sign(Invitation.objects.get(participant__meeting=meeting).pk))


if __name__ == "__main__":
    main()
