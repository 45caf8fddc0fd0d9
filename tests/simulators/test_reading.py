"""What people type, what the environment says, and whatever a broken creditor may answer."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campanella.simulators import amounts, clock
from campanella.simulators.pagopa import envelope, messages
from campanella.simulators.pagopa.envelope import BadXml
from campanella.simulators.pagopa.notices import NotReadable, has_valid_check_digits, iuv, read_code
from campanella.simulators.settings import Settings, read_settings
from tests.simulators.fake_station import ENVELOPE, position

WHOLE = ENVELOPE.format(root="paGetPaymentV2Response", content=position("40.00", "6.50").content).encode()


@pytest.mark.parametrize(
    ("notice", "fiscal_code", "cents"),
    [
        ("301202600000000103", "77777777777", None),
        (" 3012 0260 0000 0001 03 ", "777 777 777 77", None),
        ("PAGOPA|002|301202600000000103|77777777777|4650", "", 4650),
        ("PAGOPA|002|301202600000000103|77777777777|0000015000", "", 15000),
    ],
)
def test_codes_are_read(notice: str, fiscal_code: str, cents: int | None) -> None:
    code = read_code(notice=notice, fiscal_code=fiscal_code)
    assert (code.notice_number, code.fiscal_code, code.cents) == ("301202600000000103", "77777777777", cents)


@pytest.mark.parametrize(
    ("notice", "fiscal_code"),
    [
        ("", "77777777777"),
        ("30120260000000010", "77777777777"),
        ("٣" * 18, "77777777777"),
        ("301202600000000103", "7777777777a"),
        ("PAGOPA|001|301202600000000103|77777777777|4650", ""),
        ("PAGOPA|002|301202600000000103|77777777777", "77777777777"),
    ],
)
def test_what_is_no_code_is_refused(notice: str, fiscal_code: str) -> None:
    with pytest.raises(NotReadable):
        read_code(notice=notice, fiscal_code=fiscal_code)


def test_check_digits_and_iuv() -> None:
    assert has_valid_check_digits("300715700000000032")
    assert not has_valid_check_digits("302012387654312384")
    assert (iuv("300715700000000032"), iuv("001340000013900808")) == ("00715700000000032", "340000013900808")


@given(st.integers(min_value=0, max_value=99_999_999_999))
def test_amounts_travel_and_return(cents: int) -> None:
    assert amounts.from_wire(amounts.to_wire(cents)) == cents


@pytest.mark.parametrize("text", ["46,50", "46.5", "46", "-1.00", "1.000", "1e2.00", "", "٤.٥٠"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not an amount"):
        amounts.from_wire(text)


def test_amounts_on_pages() -> None:
    assert [amounts.to_page(cents) for cents in (0, 5, 123456, -460)] == [
        "0,00\xa0€",
        "0,05\xa0€",
        "1.234,56\xa0€",
        "−4,60\xa0€",
    ]


@given(st.integers(0, len(WHOLE)), st.integers(0, 60), st.binary(max_size=8))
def test_a_damaged_answer_is_read_or_refused_but_never_breaks(start: int, length: int, instead: bytes) -> None:
    damaged = WHOLE[:start] + instead + WHOLE[start + length :]
    with suppress(BadXml):
        message = envelope.read(damaged, "paGetPaymentV2Response")
        if messages.read_outcome(message) is None:
            assert messages.read_position(message, version=2).amount_cents > 0


def test_settings_have_defaults_and_follow_the_environment() -> None:
    assert read_settings([], {}) == Settings()
    chosen = read_settings(["--broker", "1"], {"SIMULATORS_PORT": "9000", "PAGOPA_BROKER": "2"})
    assert (chosen.port, chosen.smtp_port, chosen.broker) == (9000, 9001, "1")


@pytest.mark.parametrize(
    "variables",
    [
        {"SIMULATORS_PORT": "otto"},
        {"PAGOPA_STATION_URL": "localhost:8000"},
        {"PAGOPA_STATION_URL": "http://[x"},
        {"PAGOPA_STATION_URL": "http://localhost:99999/"},
        {"SIMULATORS_RETRY_SECONDS": "-1"},
        {"SIMULATORS_RETRY_SECONDS": "nan"},
    ],
)
def test_settings_that_make_no_sense_stop_at_once(variables: dict[str, str]) -> None:
    with pytest.raises(SystemExit):
        read_settings([], variables)


def test_the_clock_survives_a_wrong_offset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAMPANELLA_CLOCK_OFFSET", "boh")
    assert clock.offset().total_seconds() == 0
