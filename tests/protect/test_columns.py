"""Sealed columns: what a dump shows, what a moved or altered value does, and what cannot be done by accident."""

from uuid import UUID

import pytest
from django.db import connection
from pytest_django import Settings

from navmeet.people.models import Identity, Person
from navmeet.protect.columns import CannotOpen, Sealed, blind_index, open_sealed, seal
from navmeet.protect.keys import KeysWrong, sealing_keys
from tests import make

NAME = "Kari Hemmelig Testperson"
KEY_A = "a:" + "QUFB" * 10 + "QUE="
KEY_B = "b:" + "QkJC" * 10 + "QkI="
ROW = UUID("01890000-0000-7000-8000-000000000001")
OTHER_ROW = UUID("01890000-0000-7000-8000-000000000002")


def _seal(text: str = NAME) -> Sealed:
    return seal(text, table="people_person", column="name", row=ROW)


def test_what_was_sealed_opens_in_its_own_place() -> None:
    assert open_sealed(_seal("æøå 😀"), table="people_person", column="name", row=ROW) == "æøå 😀"


@pytest.mark.parametrize(
    ("table", "column", "row"),
    [("people_person", "name", OTHER_ROW), ("people_person", "number", ROW), ("people_identity", "name", ROW)],
    ids=["another row", "another column", "another table"],
)
def test_a_value_moved_elsewhere_does_not_open(table: str, column: str, row: UUID) -> None:
    with pytest.raises(CannotOpen):
        open_sealed(_seal(), table=table, column=column, row=row)


def test_no_single_flipped_bit_opens() -> None:
    sealed = _seal()
    for position in range(len(sealed)):
        for bit in range(8):
            altered = bytearray(sealed)
            altered[position] ^= 1 << bit
            with pytest.raises(CannotOpen):
                open_sealed(bytes(altered), table="people_person", column="name", row=ROW)


@pytest.mark.parametrize("length", [0, 1, 2, 5, 20, 30])
def test_what_was_cut_off_does_not_open(length: int) -> None:
    with pytest.raises(CannotOpen):
        open_sealed(_seal()[:length], table="people_person", column="name", row=ROW)


def test_an_error_says_where_and_never_what() -> None:
    with pytest.raises(CannotOpen) as caught:
        open_sealed(_seal(), table="people_person", column="name", row=OTHER_ROW)
    assert "people_person.name" in str(caught.value)
    assert NAME not in str(caught.value)
    assert caught.value.__suppress_context__


def test_the_same_text_is_never_sealed_the_same_way_twice() -> None:
    assert len({bytes(_seal()) for _ in range(100)}) == 100


def test_nothing_is_shown_by_accident() -> None:
    assert f"{_seal()!r} {_seal()}" == "<sealed> <sealed>"


def test_a_new_key_seals_and_the_old_still_opens(settings: Settings) -> None:
    settings.PROTECT_KEYS = KEY_A
    old = _seal()
    settings.PROTECT_KEYS = f"{KEY_B},{KEY_A}"
    new = _seal()
    assert new[2:3] == b"b"
    for value in (old, new):
        assert open_sealed(value, table="people_person", column="name", row=ROW) == NAME


def test_without_its_key_a_value_stays_shut(settings: Settings) -> None:
    settings.PROTECT_KEYS = KEY_A
    old = _seal()
    settings.PROTECT_KEYS = KEY_B
    with pytest.raises(CannotOpen, match="not here"):
        open_sealed(old, table="people_person", column="name", row=ROW)


@pytest.mark.parametrize("wrong", ["a:short", "a:QUFB", ":" + KEY_A[2:], "æ:" + KEY_A[2:], KEY_A[2:], ""])
def test_keys_that_cannot_be_used_are_named_and_not_shown(settings: Settings, wrong: str) -> None:
    settings.PROTECT_KEYS = wrong
    with pytest.raises(KeysWrong) as caught:
        sealing_keys()
    assert KEY_A[2:] not in str(caught.value)


def test_the_blind_index_needs_its_key(settings: Settings) -> None:
    first = blind_index("01819012345")
    assert first == blind_index("01819012345")
    settings.PROTECT_INDEX_KEY = KEY_A[2:]
    assert first != blind_index("01819012345")


@pytest.mark.django_db
def test_a_row_comes_back_as_it_was_and_a_dump_shows_nothing() -> None:
    person = make.citizen(NAME)
    with connection.cursor() as cursor:
        cursor.execute("SELECT p.*, i.* FROM people_person p JOIN people_identity i ON i.person_id = p.id")
        dumped = repr([bytes(value) if isinstance(value, memoryview) else value for value in cursor.fetchone()])
    assert NAME not in dumped
    assert Person.objects.get(pk=person.pk).name == NAME
    assert NAME not in repr(Person.objects.get(pk=person.pk).__dict__)


@pytest.mark.django_db
def test_values_swapped_between_two_rows_open_for_neither() -> None:
    one, other = make.citizen(NAME), make.citizen("Ola Testperson")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE people_person p SET name = q.name FROM people_person q WHERE p.id <> q.id AND p.id IN (%s, %s)",
            [one.pk, other.pk],
        )
    for pk in (one.pk, other.pk):
        with pytest.raises(CannotOpen):
            _ = Person.objects.get(pk=pk).name


@pytest.mark.django_db
def test_text_cannot_reach_the_column_past_the_seal() -> None:
    person = make.citizen(NAME)
    with pytest.raises(TypeError):
        Person.objects.filter(pk=person.pk).update(name="x")
    with pytest.raises(TypeError):
        Person.objects.filter(name=NAME).first()
    with pytest.raises(TypeError):
        Identity.objects.filter(number__in=["01819012345"]).first()


@pytest.mark.django_db
def test_a_list_of_values_shows_sealed_values_only() -> None:
    make.citizen(NAME)
    assert NAME not in repr(list(Person.objects.values("name")))


@pytest.mark.django_db
def test_a_deferred_column_is_fetched_when_it_is_read() -> None:
    person = make.citizen(NAME)
    assert Person.objects.defer("name").get(pk=person.pk).name == NAME
