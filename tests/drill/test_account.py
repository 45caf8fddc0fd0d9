"""The account of a drill names what is lost, doubled, charged wrongly or not told."""

from datetime import date
from email.message import EmailMessage

from tests.drill.account import Account, Seen
from tests.drill.journal import Journal, Movement, Ordered, Outcome

DAY = date(2026, 10, 14)
PAID = [{"state": "paid", "notice_number": "3" * 18, "receipts": ["iur-1"], "amount_cents": 2000}]


def journal(outcome: Outcome = "done") -> Journal:
    """An adjustment of wallet 7, a top-up of it, and a child that was there."""
    told = Journal()
    told.movements.append(Movement(1, "adjustment:k", {7: 500}, outcome))
    told.ordered.append(Ordered(1, 7, "3" * 18, 2000, "casa@valle.example"))
    told.presences[1, 40, DAY] = True
    return told


def letter(iur: str = "iur-1", credit: str = "20,40") -> EmailMessage:
    """The letter for a top-up."""
    mail = EmailMessage()
    mail["Message-ID"] = f"<{iur}@campanella>"
    mail.set_content(f"Con questa ricarica il credito è {credit} €.\n\nNumero della ricevuta (IUR): {iur}\n")
    return mail


CHARGED = (1, 1, "charge", "presence:90", 7, -460)
ADJUSTED = (1, 2, "adjustment", "adjustment:k", 7, 500)
BOOKED = (1, 3, "top_up", "receipt:iur-1", 7, 2000)


def account(told: Journal, *moved: tuple[object, ...], mails: tuple[EmailMessage, ...] = (letter(),)) -> list[str]:
    """Compare, the child's presence being number 90."""
    return Account(told, Seen(moved, [(1, 90, 40, DAY)], PAID, mails)).of_facts()


def test_a_drill_in_which_nothing_is_wrong() -> None:
    assert account(journal(), CHARGED, ADJUSTED, BOOKED) == []


def test_what_was_told_done_and_is_not_there() -> None:
    (said,) = account(journal(), CHARGED, BOOKED, mails=(letter(credit="15,40"),))
    assert said.startswith("adjustment:k: told done")


def test_what_was_told_refused_and_is_there() -> None:
    (said,) = account(journal("refused"), CHARGED, ADJUSTED, BOOKED)
    assert said.startswith("adjustment:k: told refused")


def test_what_nobody_heard_of_may_be_there_or_not_but_not_half() -> None:
    assert account(journal("unknown"), CHARGED, ADJUSTED, BOOKED) == []
    assert account(journal("unknown"), CHARGED, BOOKED, mails=(letter(credit="15,40"),)) == []
    (said,) = account(journal("unknown"), CHARGED, (*ADJUSTED[:5], 250), BOOKED, mails=(letter(credit="17,90"),))
    assert said.startswith("adjustment:k: half done")


def test_money_that_is_booked_twice_or_not_at_all() -> None:
    assert account(journal(), CHARGED, ADJUSTED, BOOKED, BOOKED, mails=(letter(credit="40,40"),)) == [
        "(1, 'receipt:iur-1'): paid {7: 2000}, in the book {7: 4000}"
    ]
    assert account(journal(), CHARGED, ADJUSTED, mails=()) == ["(1, 'receipt:iur-1'): paid {7: 2000}, in the book None"]


def test_a_child_that_was_there_and_is_not_charged() -> None:
    (said,) = account(journal(), ADJUSTED, BOOKED, mails=(letter(credit="25,00"),))
    assert said == "child 40 on 2026-10-14: there True, charged 0"


def test_a_day_that_nobody_confirmed_and_is_charged() -> None:
    told = journal()
    told.presences.clear()
    (said,) = account(told, CHARGED, ADJUSTED, BOOKED)
    assert said.startswith("days charged that no client confirmed")


def test_letters_that_are_missing_doubled_or_wrong() -> None:
    assert account(journal(), CHARGED, ADJUSTED, BOOKED, mails=()) == ["receipt iur-1: 0 letters"]
    other = letter()
    other.replace_header("Message-ID", "<another@campanella>")
    assert account(journal(), CHARGED, ADJUSTED, BOOKED, mails=(letter(), other)) == ["receipt iur-1: 2 letters"]
    assert account(journal(), CHARGED, ADJUSTED, BOOKED, mails=(letter(), letter())) == []
    assert account(journal(), CHARGED, ADJUSTED, BOOKED, mails=(letter(credit="21,00"),)) == [
        "receipt iur-1: the letter says 2100, the book 2040"
    ]
