"""Receipts: late, repeated, double, refused, and kept through a kill."""

import json
import signal
from pathlib import Path

import pytest

from tests.simulators.conftest import CREDITOR, NOTICE, Launcher, Running
from tests.simulators.fake_station import Answer, FakeStation, broken, element, ko


def test_the_same_receipt_fifty_times_at_once(simulators: Running, station: FakeStation) -> None:
    paid = simulators.pay(duplicates=50, parallel=True, receipt_id="sempre-lei")
    assert len(paid["calls"]) == 52
    assert {element("receiptId", body) for body in station.bodies("paSendRTV2")} == {"sempre-lei"}
    assert {delivery["state"] for delivery in paid["deliveries"]} == {"delivered"}


def test_paying_twice_gives_two_receipts(simulators: Running, station: FakeStation) -> None:
    paid = simulators.pay(twice=True)
    assert len(set(paid["receipts"])) == 2
    assert {element("receiptId", body) for body in station.bodies("paSendRTV2")} == set(paid["receipts"])


def test_a_forced_amount_travels(simulators: Running, station: FakeStation) -> None:
    simulators.pay(amount_cents=5000)
    assert element("amount", station.bodies("paGetPaymentV2")[0]) == "50.00"
    (receipt,) = station.bodies("paSendRTV2")
    assert (element("paymentAmount", receipt), element("transferAmount", receipt)) == ("50.00", "50.00")


@pytest.mark.parametrize(
    ("stop_after", "state", "asked"),
    [
        ("verify", "verified", ["paVerifyPaymentNotice"]),
        ("get", "activated", ["paVerifyPaymentNotice", "paGetPaymentV2"]),
    ],
)
def test_it_stops_where_told(
    simulators: Running, station: FakeStation, stop_after: str, state: str, asked: list[str]
) -> None:
    assert simulators.pay(stop_after=stop_after)["state"] == state
    assert [operation for operation, _, _ in station.asked] == asked


@pytest.mark.parametrize(
    "refusal", [broken(b"", 503), broken(b"garbage"), ko("PAA_SYSTEM_ERROR")], ids=["503", "garbage", "KO"]
)
def test_a_receipt_not_accepted_is_sent_again(simulators: Running, station: FakeStation, refusal: Answer) -> None:
    station.answers["paSendRTV2"] = refusal
    assert simulators.pay()["deliveries"][0]["state"] == "waiting"
    simulators.wait_for(lambda: len(station.bodies("paSendRTV2")) >= 3)
    station.answers["paSendRTV2"] = Answer("<outcome>OK</outcome>")
    simulators.wait_for(lambda: simulators.get("deliveries")["deliveries"] == [])
    assert len(set(station.bodies("paSendRTV2"))) == 1, "the very same message is sent each time"


def test_a_known_receipt_is_not_sent_again(simulators: Running, station: FakeStation) -> None:
    station.answers["paSendRTV2"] = ko("PAA_RECEIPT_DUPLICATA")
    assert simulators.pay()["deliveries"][0]["state"] == "duplicate"
    assert simulators.get("deliveries")["deliveries"] == []


def test_a_receipt_that_never_leaves_can_be_sent_by_hand(simulators: Running, station: FakeStation) -> None:
    (delivery,) = simulators.pay(delay_seconds=None)["deliveries"]
    assert delivery["state"] == "held"
    assert "Ferma: parte solo a mano" in simulators.http.get("/").text
    assert station.bodies("paSendRTV2") == []
    assert simulators.http.post(f"/deliveries/{delivery['id']}/send").status_code == 303
    assert len(station.bodies("paSendRTV2")) == 1
    assert simulators.http.post(f"/api/deliveries/{delivery['id']}/send").status_code == 409


def test_a_late_receipt_leaves_after_its_delay(simulators: Running, station: FakeStation) -> None:
    assert simulators.pay(delay_seconds=0.5)["deliveries"][0]["state"] == "waiting"
    assert station.bodies("paSendRTV2") == []
    simulators.wait_for(lambda: len(station.bodies("paSendRTV2")) == 1)


@pytest.mark.slow
def test_receipts_on_their_way_survive_a_kill(launch: Launcher, station: FakeStation, tmp_path: Path) -> None:
    station.answers["paSendRTV2"] = broken(b"", 503)
    first = launch(tmp_path)
    (receipt_id,) = first.pay()["receipts"]
    first.wait_for(lambda: len(station.bodies("paSendRTV2")) >= 2)
    # The second kill falls while a call is in flight: its answer is never learned.
    station.answers["paSendRTV2"] = Answer("<outcome>OK</outcome>", wait=2)
    count = len(station.bodies("paSendRTV2"))
    first.wait_for(lambda: len(station.bodies("paSendRTV2")) > count)
    assert first.stop(signal.SIGKILL) == -signal.SIGKILL

    station.answers["paSendRTV2"] = Answer("<outcome>OK</outcome>")
    count = len(station.bodies("paSendRTV2"))
    second = launch(tmp_path)
    second.wait_for(lambda: len(station.bodies("paSendRTV2")) > count)
    second.wait_for(lambda: second.get("deliveries")["deliveries"] == [])
    assert {element("receiptId", body) for body in station.bodies("paSendRTV2")} == {receipt_id}
    (payment,) = second.get("payments")["payments"]
    assert payment["deliveries"][0]["state"] == "delivered"


def test_it_gives_up_after_forty_eight_attempts(launch: Launcher, station: FakeStation, tmp_path: Path) -> None:
    station.answers["paSendRTV2"] = broken(b"", 500)
    running = launch(tmp_path, SIMULATORS_RETRY_SECONDS="0")
    running.pay()
    running.wait_for(lambda: running.get("deliveries")["deliveries"][0]["state"] == "given_up", seconds=30)
    assert len(station.bodies("paSendRTV2")) == 48


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_cleanly(launch: Launcher, tmp_path: Path, number: int) -> None:
    assert launch(tmp_path).stop(number) == 0


def test_it_follows_the_clock_of_the_demo(launch: Launcher, station: FakeStation, tmp_path: Path) -> None:
    running = launch(tmp_path, CAMPANELLA_CLOCK_OFFSET="-315360000")
    running.pay()
    assert running.get("health")["now"][:4] == element("paymentDateTime", station.bodies("paSendRTV2")[0])[:4]
    assert int(running.get("health")["now"][:4]) < 2020


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ({}, "18 cifre"),
        ({"notice_number": NOTICE}, "11 cifre"),
        ({"notice_number": NOTICE, "fiscal_code": CREDITOR, "version": 3}, "version"),
        ({"notice_number": NOTICE, "fiscal_code": CREDITOR, "prefixes": "strani"}, "prefixes"),
        ({"notice_number": NOTICE, "fiscal_code": CREDITOR, "duplicates": 101}, "duplicates"),
        ({"notice_number": NOTICE, "fiscal_code": CREDITOR, "delay_seconds": -1}, "delay_seconds"),
        ({"notice_number": NOTICE, "fiscal_code": CREDITOR, "delay_seconds": "nan"}, "delay_seconds"),
        ({"notice_number": NOTICE, "fiscal_code": CREDITOR, "delay_seconds": [1]}, "delay_seconds"),
        ({"notice_number": NOTICE, "fiscal_code": CREDITOR, "payment_note": "a\u0000b"}, "payment_note"),
        ({"notice_number": NOTICE, "fiscal_code": CREDITOR, "amount_cents": 1.5}, "amount_cents"),
        ({"notice_number": NOTICE, "fiscal_code": CREDITOR, "twice": "forse"}, "twice"),
        ({"notice_number": 5, "fiscal_code": CREDITOR}, "notice_number"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_reason(simulators: Running, body: dict[str, object], why: str) -> None:
    answer = simulators.http.post("/api/pay", content=json.dumps(body))
    assert (answer.status_code, why in answer.json()["error"]) == (400, True)


@pytest.mark.parametrize("text", ["not json", "[1]", '"x"', "[" * 100_000])
def test_what_is_no_object_is_refused(simulators: Running, text: str) -> None:
    assert simulators.http.post("/api/pay", content=text).status_code == 400


def test_a_mistyped_option_is_named_and_nothing_is_paid(simulators):
    for path, body in (
        ("/api/pay", {"notice_number": "301202600000000103", "fiscal_code": "77777777777", "delay_second": 5}),
        ("/api/receipt", {"notice_number": "301202600000000103", "fiscal_code": "77777777777", "amount": 10}),
        ("/api/verify", {"notice_number": "301202600000000103", "fiscal_code": "77777777777", "fee_cents": 1}),
    ):
        answer = simulators.http.post(path, json=body)
        assert answer.status_code == 400
        assert answer.json()["error"].startswith(f"{list(body)[-1]}: unknown; known are ")
    assert simulators.http.get("/api/payments").json()["payments"] == []
    assert "does not wait" in simulators.http.post("/api/deliveries/999/send").json()["error"]
