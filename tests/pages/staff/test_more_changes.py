"""Texts, colleagues, host and a cancellation undone, by page: look first, then do; on what one has read."""

import html
import re
from typing import Any

import pytest
from django.test import Client

from invitations.models import Message, Occasion
from meetings import starting_types
from meetings.models import Meeting, Participant, Role, Status, Task
from navmeet.accounts.models import User
from navmeet.dev.personas import CITIZENS
from navmeet.dev.registers import RunningRegisters
from navmeet.pages.staff import read_then
from navmeet.people.models import Person
from tests import make
from tests.pages.staff.setting import AMINA, INGRID, JONAS, KARI, Clock, actor, log_in, person, user

pytestmark = pytest.mark.django_db(transaction=True)
TO_JONAS = {"colleague": JONAS.nav_ident, "reason": "PRACTICAL", "sentence": "Jonas kjenner saken."}
TEXTS = {"theme": "Veien videre", "purpose": "Vi ser på kurset.", "preparations": "Ta med planen.", "language": "nb"}
PAGES = {
    "details/": TEXTS,
    "staff/new/": TO_JONAS,
    "hand-over/": TO_JONAS,
    "reinstate/": {"reason": "MISTAKE", "sentence": "Det var en feil."},
}


@pytest.fixture
def kari(client: Client) -> Person:
    return person(KARI.number)


@pytest.fixture
def meeting(kari: Person) -> Meeting:
    user(JONAS)
    return make.meeting(user(INGRID), kari)


def send(client: Client, meeting: Meeting, page: str, **form: str) -> Any:
    meeting.refresh_from_db()
    values = PAGES.get(page, {}) | {"version": str(meeting.version), "act": "do"} | form
    return client.post(f"/meetings/{meeting.pk}/{page}", values)


def ready(client: Client, meeting: Meeting, page: str) -> None:
    if page == "reinstate/":
        send(client, meeting, "cancel/", reason="PRACTICAL", sentence="")


def after(client: Client, answer: Any) -> str:
    assert answer.status_code == 302, re.sub(r"<[^>]+>", " ", answer.content.decode())[-2000:]
    return html.unescape(client.get(answer["Location"]).content.decode())


@pytest.mark.parametrize("page", PAGES)
def test_each_page_opens_looks_and_then_does(client: Client, meeting: Meeting, page: str) -> None:
    ready(client, meeting, page)
    opened = client.get(f"/meetings/{meeting.pk}/{page}")
    assert opened.status_code == 200
    assert 'name="read"' in opened.content.decode()
    meeting.refresh_from_db()
    version, told = meeting.version, Message.objects.count()

    looked = send(client, meeting, page, act="rehearse")
    assert looked.status_code == 200
    assert "Ingenting er sendt eller lagret ennå." in looked.content.decode()
    meeting.refresh_from_db()
    assert (meeting.version, Message.objects.count()) == (version, told)

    assert send(client, meeting, page).status_code == 302
    meeting.refresh_from_db()
    assert meeting.version == version + 1


def test_the_texts_are_those_that_stand_and_a_correction_tells_nobody(client: Client, meeting: Meeting) -> None:
    page = client.get(f"/meetings/{meeting.pk}/details/").content.decode()
    assert "Vi ser på planen din." in page
    shown = after(client, send(client, meeting, "details/", is_correction="on"))
    assert "Vi ser på kurset." in shown
    assert "Skrivemåten i teksten til innbyggeren" in shown
    assert not Message.objects.filter(occasion=Occasion.DETAILS_CHANGED).exists()


def test_a_colleague_stands_on_the_meetings_page_and_can_be_taken_out(client: Client, meeting: Meeting) -> None:
    shown = after(client, send(client, meeting, "staff/new/"))
    assert "Jonas Fjelltest" in shown
    jonas = Participant.objects.get(meeting=meeting, role=Role.STAFF)
    out = f"staff/{jonas.pk}/remove/"
    assert client.get(f"/meetings/{meeting.pk}/{out}").status_code == 200
    shown = after(client, send(client, meeting, out, reason="PRACTICAL", sentence=""))
    assert f"{JONAS.name} ble tatt ut" in shown
    jonas.refresh_from_db()
    assert jonas.removed_at is not None


def test_handing_over_by_nav_ident_and_by_name(client: Client, meeting: Meeting) -> None:
    shown = after(client, send(client, meeting, "hand-over/", colleague="", nav_ident=JONAS.nav_ident.lower()))
    assert "Møtet er overført." in shown
    assert "Overført til en ny møteleder" in shown
    assert Task.objects.filter(kind=Task.Kind.HANDED_OVER, done_at=None).count() == 1
    meeting.refresh_from_db()
    assert meeting.host.nav_ident == JONAS.nav_ident
    assert INGRID.name in client.get(f"/meetings/{meeting.pk}/hand-over/").content.decode()


@pytest.mark.parametrize("page", ["staff/new/", "hand-over/"])
@pytest.mark.parametrize(
    ("form", "told", "status"),
    [
        ({"colleague": ""}, "Velg en kollega, eller skriv Nav-identen.", 400),
        ({"nav_ident": "Z990003"}, "Velg en kollega, eller skriv Nav-identen.", 400),
        ({"colleague": "", "nav_ident": "Z999999"}, 'href="#id_nav_ident">Vi finner ingen kollega', 400),
        ({"colleague": "", "nav_ident": "'; --"}, "Vi finner ingen kollega", 400),
        ({"colleague": "Z123456"}, "Kollega ved enheten", 400),
        ({"reason": ""}, "Velg en grunn.", 400),
    ],
)
def test_whom_one_did_not_choose_or_cannot(
    client: Client, meeting: Meeting, page: str, form: dict[str, str], told: str, status: int
) -> None:
    answer = send(client, meeting, page, **form)
    assert answer.status_code == status
    assert told in html.unescape(answer.content.decode())
    assert "Jonas kjenner saken." in answer.content.decode()
    meeting.refresh_from_db()
    assert meeting.version == 1


@pytest.mark.parametrize("page", ["staff/new/", "hand-over/"])
def test_who_has_left_nav_is_not_offered_and_not_taken(client: Client, meeting: Meeting, page: str) -> None:
    User.objects.filter(nav_ident=JONAS.nav_ident).update(is_active=False)
    assert JONAS.name not in client.get(f"/meetings/{meeting.pk}/{page}").content.decode()
    answer = send(client, meeting, page, colleague="", nav_ident=JONAS.nav_ident)
    assert answer.status_code == 400
    assert "har sluttet i Nav" in answer.content.decode()


@pytest.mark.parametrize("page", ["staff/new/", "hand-over/"])
def test_who_may_not_open_the_citizen_is_not_taken(client: Client, page: str, clock: Clock) -> None:
    """A strictly confidential address: Amina has the group for it, and Jonas has not."""
    number = next(one.number for one in CITIZENS if one.protection == "STRENGT_FORTROLIG")
    user(JONAS)
    meeting = make.meeting(user(AMINA), person(number))
    amina = log_in(actor(AMINA), AMINA.name)
    answer = send(amina, meeting, page)
    assert answer.status_code == 409
    assert "har ikke tilgang til denne innbyggeren" in answer.content.decode()
    meeting.refresh_from_db()
    assert meeting.version == 1


def test_a_cancelled_meeting_is_taken_up_again_and_the_history_says_so(client: Client, meeting: Meeting) -> None:
    ready(client, meeting, "reinstate/")
    page = client.get(f"/meetings/{meeting.pk}/").content.decode()
    assert "Ta opp igjen" in page
    shown = after(client, send(client, meeting, "reinstate/"))
    assert "Tatt opp igjen" in shown
    assert "Grunn: Møtet ble avlyst ved en feil" in shown
    assert "Det var en feil." in shown
    assert "Avlyst" in shown
    assert Meeting.objects.get().status == Status.SCHEDULED
    assert "Møtet er ikke avlyst." in after(client, send(client, meeting, "reinstate/"))


def test_a_time_that_was_taken_since_is_named_to_who_may_know(client: Client, meeting: Meeting, kari: Person) -> None:
    ready(client, meeting, "reinstate/")
    other = make.meeting(user(INGRID), make.citizen())
    answer = send(client, meeting, "reinstate/")
    assert answer.status_code == 409
    assert f"/meetings/{other.pk}/" in answer.content.decode()


@pytest.mark.parametrize("page", ["details/", "staff/new/", "hand-over/", "move/", "cancel/", "format/"])
def test_on_an_old_version_both_stand_side_by_side_and_nothing_typed_is_lost(
    client: Client, meeting: Meeting, page: str
) -> None:
    opened = client.get(f"/meetings/{meeting.pk}/{page}").content.decode()
    read = html.unescape(re.search(r'name="read" value="([^"]+)"', opened)[1])  # type: ignore[index]
    send(client, meeting, "details/", theme="Noe annet nå")
    why = {"reason": "PRACTICAL", "sentence": "Skrevet"}
    forms = {
        "move/": {"day": "2027-01-22", "time": "13:00", "minutes": "60"} | why,
        "cancel/": why,
        "format/": {"format": "PHONE", "caller": "NAV", "phone": "99112233"} | why,
        "details/": TEXTS | {"purpose": "Skrevet"},
        "staff/new/": TO_JONAS | {"sentence": "Skrevet"},
        "hand-over/": TO_JONAS | {"sentence": "Skrevet"},
    }
    stale = send(client, meeting, page, **forms[page], read=read, version="1")
    shown = html.unescape(stale.content.decode())
    assert stale.status_code == 412
    table = shown[shown.index("Det du hadde lest") : shown.index("</table>")]
    row = next(one for one in table.split("<tbody") if "Hva møtet handler om" in one)
    assert "Veien videre" in row
    assert "Noe annet nå" in row
    assert "Endret" in row
    # The theme and the purpose, and nothing else.
    assert sum("Endret" in one for one in table.split("<tbody")) == 2
    assert "Skrevet" in shown
    assert 'name="version" value="2"' in shown
    assert send(client, meeting, page, **forms[page], version="2").status_code == 302


@pytest.mark.parametrize("read", ["", "x", "eyJhIjoxfQ:1tABCD:" + "0" * 43, "\x00"])
def test_what_was_read_is_left_out_where_the_page_did_not_bring_it(client: Client, meeting: Meeting, read: str) -> None:
    send(client, meeting, "details/", theme="Noe annet nå")
    stale = send(client, meeting, "cancel/", reason="PRACTICAL", sentence="", version="1", read=read)
    assert stale.status_code == 412
    assert "Det du hadde lest" not in stale.content.decode()


def test_the_facts_name_everybody_in_it(client: Client, meeting: Meeting) -> None:
    make.partner(meeting)
    send(client, meeting, "staff/new/")
    meeting.refresh_from_db()
    facts = read_then.facts(meeting)
    assert facts["Møteleder"] == INGRID.name
    assert facts["Andre fra Nav"] == JONAS.name
    assert "Lise Legesen" in facts["Deltakere utenfor Nav"]


def test_each_outside_nav_gets_a_sentence_of_their_own(client: Client, meeting: Meeting) -> None:
    doctor = make.partner(meeting)
    name = f"sentence_{doctor.pk.hex}"
    assert f'name="{name}"' in client.get(f"/meetings/{meeting.pk}/cancel/").content.decode()
    form = {"reason": "PRACTICAL", "sentence": "Til Kari.", name: "Til legen."}
    too_long = send(client, meeting, "cancel/", **(form | {name: "x" * 301}))
    assert too_long.status_code == 400
    assert "Til legen." in send(client, meeting, "cancel/", **form, act="rehearse").content.decode()
    assert send(client, meeting, "cancel/", **form).status_code == 302
    assert {one.sentence for one in doctor.reasons.all()} == {"Til legen."}


def test_what_speaks_against_a_time_can_be_overruled_with_a_reason(client: Client, meeting: Meeting) -> None:
    good_friday = {"day": "2027-03-26", "time": "12:00", "minutes": "45", "reason": "CITIZEN_ASKED", "sentence": ""}
    refused = send(client, meeting, "move/", **good_friday)
    shown = refused.content.decode()
    assert refused.status_code == 409
    codes = re.search(r'name="overrule" value="([^"]+)"', shown)
    assert codes is not None
    assert 'name="overrule_why"' in shown
    again = {"overrule": codes[1]}
    assert send(client, meeting, "move/", **good_friday, **again).status_code == 409
    done = after(client, send(client, meeting, "move/", **good_friday, **again, overrule_why="URGENT"))
    assert "Gjort likevel: det haster" in done


@pytest.mark.parametrize("codes", ["OCCUPIED", "HOLIDAY x", "<script>"])
def test_what_nobody_can_overrule_is_not(client: Client, meeting: Meeting, codes: str) -> None:
    form = {"day": "2027-01-22", "time": "12:00", "minutes": "45", "reason": "PRACTICAL", "sentence": ""}
    answer = send(client, meeting, "move/", **form, overrule=codes, overrule_why="URGENT")
    assert answer.status_code in {302, 400}


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("register", ["pdl", "krr"])
def test_a_register_that_is_down_keeps_the_form_and_changes_nothing(
    client: Client, meeting: Meeting, registers: RunningRegisters, page: str, register: str
) -> None:
    ready(client, meeting, page)
    registers.state.control({"down": [register]})
    answer = send(client, meeting, page)
    assert answer.status_code == 503
    assert next(word for word in PAGES[page].values() if " " in word) in answer.content.decode()


def test_a_stranger_does_not_learn_that_it_exists(meeting: Meeting, clock: Clock) -> None:
    starting_types.load()
    stranger = log_in(actor(JONAS, office="0298"), JONAS.name)
    for page in PAGES:
        assert stranger.get(f"/meetings/{meeting.pk}/{page}").status_code == 404
        assert send(stranger, meeting, page).status_code == 404


def test_changes_of_a_meeting_that_is_over_say_so(client: Client, meeting: Meeting, clock: Clock) -> None:
    clock.set(meeting.ends_at)
    client = log_in(actor(INGRID), INGRID.name, at=meeting.ends_at)
    for page in ("details/", "staff/new/"):
        assert "passert" in after(client, client.get(f"/meetings/{meeting.pk}/{page}"))
    assert client.get(f"/meetings/{meeting.pk}/hand-over/").status_code == 200
