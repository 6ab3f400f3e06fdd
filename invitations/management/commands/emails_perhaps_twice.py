"""`manage.py emails_perhaps_twice`: which e-mails may have gone out more than once, for those who run this."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from invitations.messages import perhaps_twice
from invitations.messages.mail import message_id


class Command(BaseCommand):
    help = "Lists e-mails that a dead or cut-off sender may have sent before too: when, of which meeting, how often."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--most", type=int, default=200, metavar="ROWS", help="(200)")

    def handle(self, *_: Any, most: int, **__: Any) -> None:
        """Of each: when it surely went out, the meeting, the occasion, its Message-ID, and how many times too many."""
        for one in perhaps_twice.sent()[:most]:
            when = one.sent_at.isoformat(timespec="seconds") if one.sent_at else ""
            self.stdout.write(
                f"{when} meeting {one.meeting_id} {one.occasion} {message_id(one.key)} +{one.unsure_attempts}"
            )
        self.stdout.write(f"{perhaps_twice.sent().count()} in all")
