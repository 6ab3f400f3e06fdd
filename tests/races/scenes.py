"""What is raced for. Each scene gives a round's acts, is sent their answers, and says what must be true of them.

A client that wins gets 200, one that comes too late 409, or 412 for a meeting that is another since it was read; one
that waited too long for its turn 503 with Retry-After.
"""

from collections import Counter
from collections.abc import Callable, Generator, Sequence

from meetings.models import Meeting, Status
from meetings.times import Slot
from tests.races.cast import Cast, cancel, hand_over, hour, is_taken, move, place, reinstate
from tests.races.crowd import Act, Answer

Round = Generator[list[Act], list[Answer], None]
Scene = Callable[[Cast, int, int], Round]


def same_slot(cast: Cast, number: int, clients: int) -> Round:
    """All want one caseworker, one citizen or one room, in turn of rounds, at the same time."""
    when = hour(0, day=number)
    if number % 3 == 0:
        acts = [cast.book(0, client, when) for client in range(clients)]
    elif number % 3 == 1:
        acts = [cast.book(client, 0, when) for client in range(clients)]
    else:
        acts = [cast.book(client, client, when, room=cast.rooms[0]) for client in range(clients)]
    answers = yield acts
    assert won(answers) == 1, said(answers)


def overlapping_starts(cast: Cast, number: int, clients: int) -> Round:
    """Starts five minutes apart, meetings of 45: a few fit, and only those are refused that overlap one of them."""
    slots = [hour(0, day=number, past=5 * (client * 7 % clients)) for client in range(clients)]
    answers = yield [cast.book(0, client, when) for client, when in enumerate(slots)]
    held = [when for when, answer in zip(slots, answers, strict=True) if answer.is_won]
    assert held
    for when, answer in zip(slots, answers, strict=True):
        if answer.status == 409:
            assert any(_overlap(when, other) for other in held), "refused for nothing"


def chains(cast: Cast, number: int, clients: int) -> Round:
    """Caseworker 0 with citizen 0, 1 with 0, 1 with 1, 2 with 1 …: each clashes with its neighbours, and no others."""
    when = hour(0, day=number)
    answers = yield [cast.book((client + 1) // 2, client // 2, when) for client in range(clients)]
    for client, answer in enumerate(answers):
        beside = answers[max(client - 1, 0) : client + 2]
        if answer.status == 409:
            assert any(one.is_won for one in beside), "refused for nothing"


def move_against_book(cast: Cast, number: int, clients: int) -> Round:
    """Six meetings are moved to an hour that all others book."""
    to = hour(8, day=number)
    meetings = [cast.booked(0, citizen, hour(citizen, day=number)) for citizen in range(6)]
    books = [cast.book(0, citizen, to) for citizen in range(6, clients)]
    answers = yield _mixed([move(meeting, to) for meeting in meetings], books)
    assert won(answers) == 1, said(answers)
    for meeting in meetings:
        before = meeting.starts_at
        meeting.refresh_from_db()
        assert is_taken(cast.hosts[0].pk, hour(meetings.index(meeting), day=number)) == (meeting.starts_at == before)


def crosswise_moves(cast: Cast, number: int, clients: int) -> Round:
    """Of five meetings of a caseworker two want each other's time: both lose. Three want that of the next; one is free.

    The same meetings round for round: what moved goes on from where it is.
    """
    few = clients // 5
    if number == 0:
        for host in range(few):
            for one, at in enumerate((0, 1, 24, 25, 26)):
                cast.booked(host, 5 * host + one, hour(at))
    acts: list[Act] = []
    for host in range(few):
        first, second, *others = Meeting.objects.filter(host=cast.hosts[host]).order_by("starts_at")
        acts += [move(first, hour(place(second))), move(second, hour(place(first)))]
        wanted = [*map(place, others[1:]), place(others[-1]) + 1]
        acts += [move(one, hour(to)) for one, to in zip(others, wanted, strict=True)]
    answers = yield acts
    for at in range(0, len(acts), 5):
        assert not any(one.is_won for one in answers[at : at + 2]), said(answers)
        assert answers[at + 4].status in (200, 503), "its hour was free"


def cancel_move_and_book(cast: Cast, number: int, clients: int) -> Round:
    """A meeting is cancelled and moved at once, while others book the hour it has and the hour it is to have."""
    old, new = hour(0, day=number), hour(1, day=number)
    meeting = cast.booked(0, 0, old)
    changes = [cancel(meeting), move(meeting, new)] * 3
    books = [cast.book(0, citizen, old if citizen % 2 else new) for citizen in range(1, clients - 5)]
    answers = yield _mixed(changes, books)
    meeting.refresh_from_db()
    changed = [one for one in answers if one.is_won and one.result.pk == meeting.pk]
    assert len(changed) == 1, said(answers)
    booked = Counter(one.result.starts_at for one in answers if one.is_won and one.result.pk != meeting.pk)
    assert booked[old.starts_at] <= 1
    taken_by_move = meeting.status == Status.SCHEDULED
    assert booked[new.starts_at] + taken_by_move == 1 or _some_waited(answers), said(answers)


def hand_over_against_move(cast: Cast, number: int, clients: int) -> Round:
    """A meeting is handed over and moved at once, while others book its new host at the hour it has."""
    old, new = hour(0, day=number), hour(1, day=number)
    meeting = cast.booked(0, 0, old)
    to = cast.colleague(meeting, 1)
    books = [cast.book(1, citizen, old) for citizen in range(1, clients - 5)]
    answers = yield _mixed([hand_over(meeting, to), move(meeting, new)] * 3, books)
    meeting.refresh_from_db()
    assert meeting.version == 2 or _some_waited(answers), said(answers)
    booked = sum(one.is_won and one.result.pk != meeting.pk for one in answers)
    is_handed = meeting.host_id == cast.hosts[1].pk
    assert booked + is_handed == 1 or _some_waited(answers), said(answers)


def reinstate_against_book(cast: Cast, number: int, clients: int) -> Round:
    """A cancelled meeting is to be held after all, while others book its hour."""
    when = hour(0, day=number)
    meeting = cast.booked(0, 0, when)
    cancel(meeting)()
    books = [cast.book(0, citizen, when) for citizen in range(1, clients - 2)]
    answers = yield _mixed([reinstate(meeting)] * 3, books)
    assert won(answers) == 1, said(answers)


SCENES: tuple[Scene, ...] = (
    same_slot,
    overlapping_starts,
    chains,
    move_against_book,
    crosswise_moves,
    cancel_move_and_book,
    hand_over_against_move,
    reinstate_against_book,
)


def won(answers: Sequence[Answer]) -> int:
    return sum(one.is_won for one in answers)


def said(answers: Sequence[Answer]) -> Counter[str]:
    return Counter(f"{one.status} {one.code}".strip() for one in answers)


def _some_waited(answers: Sequence[Answer]) -> bool:
    return any(one.status == 503 for one in answers)


def _mixed(few: list[Act], many: list[Act]) -> list[Act]:
    """The few spread among the many: threads begin in order, and nobody is to be first for that."""
    mixed = list(many)
    step = max(1, len(many) // (len(few) + 1))
    for number, act in enumerate(few):
        mixed.insert((number + 1) * step + number, act)
    return mixed


def _overlap(one: Slot, other: Slot) -> bool:
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at
