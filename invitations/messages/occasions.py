"""Which occasions belong together, said once: all rules of the ledger speak in these."""

from typing import Final

from invitations.models import MessageState, Occasion

# On Ditt NAV as an oppgave, until it is answered.
TASKS: Final = frozenset({Occasion.INVITED, Occasion.MOVED, Occasion.FORMAT_CHANGED, Occasion.REINSTATED})
CHANGES: Final = frozenset({Occasion.MOVED, Occasion.FORMAT_CHANGED, Occasion.PEOPLE_CHANGED, Occasion.DETAILS_CHANGED})
# How the meeting is, told to those who are to come.
TELL_OF_MEETING: Final = TASKS | CHANGES
# That there is no meeting, for all or for them.
CALLS_OFF: Final = frozenset({Occasion.CANCELLED, Occasion.REMOVED})
OF_MINUTES: Final = frozenset({Occasion.MINUTES_SHARED, Occasion.MINUTES_AMENDED, Occasion.MINUTES_RECALLED})
# Not about a meeting to come: a letter is soon enough for it.
ABOUT_WHAT_WAS: Final = OF_MINUTES | {Occasion.WHAT_HAPPENED}
NOT_SENT: Final = frozenset({MessageState.PLANNED, MessageState.CLAIMED})
