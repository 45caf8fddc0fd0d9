"""Notice numbers: making, checking, reading what people type and scan."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campanella.domains.payments.gateways.pagopa import notice_number as nn
from campanella.domains.payments.models import PaymentRequest
from tests.domains.payments.gateways.spec import SPEC, needs_spec


def vectors(*path: str) -> list[dict[str, str]]:
    found = json.loads((SPEC / "test-vectors.json").read_text())
    for name in path:
        found = found[name]
    return found


@needs_spec
def test_the_official_examples_are_read_and_made_again():
    for vector in vectors("notice_numbers", "computed"):
        made = nn.notice_number(int(vector["segregation"]), int(vector["base"]))
        assert made == vector["notice"]
        assert PaymentRequest(municipality_id=1, notice_number=made).iuv == vector["iuv"]
    for vector in vectors("notice_numbers", "valid"):
        assert nn.is_valid(vector["notice"])


@needs_spec
def test_official_examples_with_wrong_check_digits_are_refused():
    for vector in vectors("notice_numbers", "invalid_check_digits"):
        right = vector["notice"][:16] + vector["expected_check"]
        assert nn.is_valid(right)
        assert not nn.is_valid(vector["notice"])
        with pytest.raises(nn.WrongCheckDigits):
            nn.read(vector["notice"])


@needs_spec
def test_the_official_qr_texts_are_written_and_read():
    for vector in vectors("qr"):
        if "cents" in vector:
            written = nn.qr_text(vector["notice"], vector["ec"], int(vector["cents"]))
            assert written == vector["string"]
            read = nn.ReadNotice(vector["notice"], vector["ec"], int(vector["cents"]))
            assert nn.read(vector["string"]) == read
        else:
            assert nn.read(vector["string"]).cents == 15000


@pytest.mark.parametrize(
    "typed",
    [
        "301202600000000103",
        " 3012 0260 0000 0001 03 ",
        "3012\u00a00260\u202f0000\t0001\n03",
        "3012-0260-0000-0001-03",
        "3012.0260.0000.0001.03",
        "PAGOPA|002|301202600000000103|77777777777|4650",
        "  pagopa|002|301202600000000103|77777777777|0000004650\n",
    ],
)
def test_a_number_is_read_as_people_give_it(typed):
    assert nn.read(typed).notice_number == "301202600000000103"


@pytest.mark.parametrize(
    ("typed", "error", "words"),
    [
        ("", nn.NotEighteenDigits, "sono 18 cifre"),
        ("30120260000000010", nn.NotEighteenDigits, "qui sono 17"),
        ("3012026000000001033", nn.NotEighteenDigits, "qui sono 19"),
        ("301202600000000l03", nn.NotEighteenDigits, "sole cifre"),
        ("٣01202600000000103", nn.NotEighteenDigits, "sole cifre"),
        ("401202600000000103", nn.NotEighteenDigits, "prima cifra"),
        ("301202600000000130", nn.WrongCheckDigits, "cifra sbagliata"),
        ("PAGOPA|002|301202600000000103", nn.UnreadableQr, "non è di un avviso"),
        ("PAGOPA|001|301202600000000103|77777777777|4650", nn.UnreadableQr, "non è di un avviso"),
        ("https://example.org/|x", nn.UnreadableQr, "non è di un avviso"),
        ("PAGOPA|002|301202600000000130|77777777777|4650", nn.WrongCheckDigits, "cifra sbagliata"),
    ],
)
def test_what_is_no_number_is_told_kindly(typed, error, words):
    with pytest.raises(error, match=words) as raised:
        nn.read(typed)
    assert raised.value.message.endswith(".")


@given(st.integers(0, 99), st.integers(0, 10**13 - 1), st.integers(0, 17), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(segregation, base, place, shift):
    number = nn.notice_number(segregation, base)
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    assert nn.is_valid(number)
    # A number that becomes one of auxiliary digit 1 has no check digits to notice with.
    assert wrong[0] == "1" or not nn.is_valid(wrong)


@given(st.text())
def test_any_text_is_read_or_refused_by_name(text):
    try:
        notice = nn.read(text).notice_number
    except nn.NoticeNumberError:
        return
    assert nn.is_valid(notice)


@pytest.mark.parametrize(("segregation", "base"), [(-1, 0), (100, 0), (0, -1), (0, 10**13)])
def test_numbers_out_of_range_are_never_made(segregation, base):
    with pytest.raises(ValueError, match="out of range"):
        nn.notice_number(segregation, base)


@pytest.mark.parametrize(
    ("notice", "tax_code", "cents"),
    [
        ("301202600000000130", "77777777777", 1),
        ("301202600000000103", "7777777777", 1),
        ("301202600000000103", "77777777777", 0),
        ("301202600000000103", "77777777777", 10**11),
    ],
)
def test_a_qr_that_readers_would_refuse_is_never_written(notice, tax_code, cents):
    with pytest.raises(ValueError):
        nn.qr_text(notice, tax_code, cents)


def test_the_printed_number_is_in_groups_of_four():
    assert nn.grouped("301202600000000103") == "3012 0260 0000 0001 03"
    assert len(re.sub(r"\d", "", nn.grouped("301202600000000103"))) == 4
