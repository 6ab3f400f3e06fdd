"""A partner, after the code, asks for another time or way of their own part, and takes it back."""

from typing import Any

from django.test import Client

from invitations import suggesting, wishes
from invitations.models import Answer, Reply
from meetings.models import Task
from tests import make
from tests.invitations.test_wishes import replying
from tests.pages.citizen.setting import text
from tests.pages.partner.setting import Partnership


def asks(visit: Partnership, client: Any, what: str, **fields: Any) -> Any:
    return client.post(visit.link(f"read/wish/{what}/"), {"revision": 1, "words": "", **fields})


def test_times_are_offered_without_anybodys_name_and_what_is_picked_is_theirs(visit: Partnership) -> None:
    client = visit.reader()
    page = text(client.get(visit.link("read/wish/time/")))
    assert "torsdag 21. januar kl. 08.00" in page
    assert "Kari" not in page
    start = suggesting.offered(visit.meeting, at=make.NOW)[0]
    assert asks(visit, client, "time", suggests=[start.isoformat()]).status_code == 302
    assert "Dette har du foreslått:" in text(client.get(visit.link("read/")))
    assert Task.objects.get(kind="OTHER_TIME").about.startswith("partner-answer:")


def test_a_partner_takes_a_wish_back_and_reads_an_answer_to_another(visit: Partnership) -> None:
    client = visit.reader()
    asks(visit, client, "way", wants="PHONE", words="Kan ringes.")
    client.post(visit.link("read/wish/withdraw/"))
    assert Reply.objects.get().kind == "WITHDRAWN"
    asks(visit, client, "time", words="Etter klokka to.")
    wishes.stands(**replying(Answer.objects.get(reply=None)))
    read = text(client.get(visit.link("read/")))
    assert "Svar fra Nav Du ba om et annet tidspunkt. Møtet gjelder som det er. Legen kan bare denne dagen." in read


def test_without_the_code_there_is_no_such_page(visit: Partnership) -> None:
    assert Client().get(visit.link("read/wish/time/")).status_code == 302
    assert Client().post(visit.link("read/wish/withdraw/")).status_code == 401


def test_a_wish_from_a_tab_that_was_open_before_another_is_not_put_in_its_place(visit: Partnership) -> None:
    client = visit.reader()
    form = client.get(visit.link("read/wish/way/")).context["form"]
    opened = {"after": form["after"].value()}
    asks(visit, client, "time", words="Etter klokka to.", **opened)
    assert asks(visit, client, "way", wants="PHONE", **opened).status_code == 412
    assert Answer.objects.get().kind == "OTHER_TIME"
