"""What a partner's number and address must be."""

import pytest

from meetings import contacts
from navmeet.exceptions import Invalid


@pytest.mark.parametrize(
    "written",
    [
        *("41000001", "410 00 001", " +47 410 00 001 ", "0047 41000001", "4741000001", "(+47) 41-00-00-01"),
        *("410\u00a000\u00a0001", "41.00.00.01"),
    ],
)
def test_a_norwegian_mobile_number_is_one_however_it_is_written(written: str) -> None:
    assert contacts.mobile_number(written) == "+4741000001"


def test_a_number_abroad_needs_its_country_code() -> None:
    assert contacts.mobile_number("+46 70 123 45 67") == "+46701234567"
    assert contacts.mobile_number("0046701234567") == "+46701234567"


@pytest.mark.parametrize(
    "written",
    [
        *("22001122", "+4722001122", "55553333", "4100000", "410000011", "+47", "", "ring meg", "+0701234567"),
        *("41000001 l.2", "+1234567890123456", "٤١٠٠٠٠٠١", "４１０００００１", "4" * 100_000, "tel:41000001"),
    ],
)
def test_a_number_that_gets_no_sms_is_refused_with_what_to_write(written: str) -> None:
    with pytest.raises(Invalid) as refused:
        contacts.mobile_number(written)
    assert (refused.value.field, refused.value.code) == ("phone", "phone_not_mobile")
    assert "mobilnummer" in refused.value.message
    assert not written or written not in refused.value.message


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("lise@legesenter.example", "lise@legesenter.example"),
        (" Lise.Legesen+nav@legesenter.example ", "Lise.Legesen+nav@legesenter.example"),
        ("lise@blåbær.example", "lise@xn--blbr-roah.example"),
    ],
)
def test_an_address_is_kept_as_mail_servers_write_it(written: str, kept: str) -> None:
    assert contacts.email_address(written) == kept


@pytest.mark.parametrize(
    "written",
    [
        *("", "lise", "@legesenter.example", "lise@", "lise@localhost", "lise@@legesenter.example", "a b@c.example"),
        *("lise@legesenter..example", "lise@legesenter.example\nbcc: x@y.example", "<lise@legesenter.example>"),
        *("a" * 65 + "@legesenter.example", "lise@" + "a." * 200 + "example", "lise@" + "æ" * 100_000 + ".example"),
        *("a@b.example,c@d.example", "lise@\ud800.example"),
    ],
)
def test_what_is_no_address_is_refused_at_its_field(written: str) -> None:
    with pytest.raises(Invalid) as refused:
        contacts.email_address(written)
    assert (refused.value.field, refused.value.code) == ("email", "email_not_valid")


def test_the_same_is_the_same_however_it_is_written() -> None:
    assert contacts.same_phone("+4741000001", "410 00 001")
    assert contacts.same_email("Lise@Legesenter.example", "lise@legesenter.example")
    assert not contacts.same_phone("", "")
    assert not contacts.same_phone(None, "41000001")
    assert not contacts.same_email(None, None)
    assert not contacts.same_phone("+4641000001", "41000001")


def test_who_the_citizen_is_does_not_stand_in_what_is_printed() -> None:
    assert "41" not in repr(contacts.CitizenContact(email="a@b.example", phone="41000001"))
