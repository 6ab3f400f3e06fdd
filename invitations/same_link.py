"""Several who come with one link: who of them is surest known, who is in already, and who was turned away before.

A link finds, it does not prove. Beside one who has logged in, or is let in, another with the same link is a warning.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from invitations.models import Visit
from navmeet.accounts.actor import Level

State = Visit.State
# The surer the later.
SURENESS = (Level.NONE, Level.CODE, Level.SUBSTANTIAL, Level.HIGH)


@dataclass(frozen=True)
class Beside:
    """What the others with the same link mean for one visit.

    `surer` waits or is in, and is surer known; `inside` is let in already; `turned_away_at`: when somebody who was no
    surer known was turned away, before this one came.
    """

    surer: Visit | None = None
    inside: Visit | None = None
    turned_away_at: datetime | None = None

    @property
    def is_doubtful(self) -> bool:
        """Somebody else with this link is likelier to be the one it was sent to."""
        return self.surer is not None or self.inside is not None


def beside(visit: Visit, among: Iterable[Visit]) -> Beside:
    """`among`: the visits of the meeting that are open, and those turned away."""
    others = [one for one in among if one.invitation_id == visit.invitation_id and one.pk != visit.pk]
    open_ones = [one for one in others if one.state in {State.WAITING, State.ADMITTED}]
    surest = max(open_ones, key=_sureness, default=None)
    gone = [
        one.decided_at
        for one in others
        if one.state == State.TURNED_AWAY and one.decided_at is not None and _came_after(visit, one)
    ]
    is_outside = visit.state != State.ADMITTED
    return Beside(
        surer=surest if surest is not None and _sureness(surest) > _sureness(visit) else None,
        inside=next((one for one in open_ones if is_outside and one.state == State.ADMITTED), None),
        turned_away_at=max(gone, default=None),
    )


def _came_after(visit: Visit, turned_away: Visit) -> bool:
    decided = turned_away.decided_at
    return decided is not None and visit.arrived_at >= decided and _sureness(visit) <= _sureness(turned_away)


def _sureness(visit: Visit) -> int:
    return SURENESS.index(Level(visit.assurance))
