"""Acts on a list: each is done once under its name, stands in the register, and can be found and stopped."""

from collections.abc import Sequence

import pytest

from campanella.domains.accounts.models import User
from campanella.domains.messaging.models import Message
from campanella.domains.payments.models import PaymentRequest
from campanella.domains.people.models import Guardian
from campanella.foundation.core import clock
from campanella.foundation.core.models import AuditRow
from campanella.foundation.core.money import Euro
from campanella.readings.office import bulk as reading
from campanella.usecases import bulk, top_up
from tests.paying import ready, receive
from tests.towns import Cast, without_account

__all__ = ["ready"]
ALL = ("Anna", "Luca", "Amina")


def ids(cast: Cast, names: Sequence[str]) -> list[int]:
    return [cast.child(name).pk for name in names]


def write(cast: Cast, *names: str, subject: str = "Sciopero", text: str = "Domani no.", batch: str = "b") -> str:
    about = {"subject": subject, "text": text, "batch": batch, "now": clock.now()}
    return bulk.write(by=cast.staff["office"], child_ids=ids(cast, names or ALL), **about)  # type: ignore[arg-type]


def make_notices(cast: Cast, *names: str, cents: int = 2000, service: str = "mensa", batch: str = "b") -> str:
    return bulk.make_notices(
        by=cast.staff["office"],
        child_ids=ids(cast, names or ALL),
        service_id=cast.services[service].pk,
        amount=Euro(cents),
        batch=batch,
        now=clock.now(),
    )


def registered(action: str) -> list[AuditRow]:
    return list(AuditRow.objects.filter(action=action).order_by("id"))


def check_row(row: AuditRow, cast: Cast, act: str, **data: str) -> None:
    assert (row.actor_id, row.at, row.why) == (cast.staff["office"].pk, clock.now(), "")
    assert row.subjects == [f"list:{act}", "lists"]
    assert row.data == data


def test_a_message_goes_to_each_adult_once_and_is_registered(valle: Cast) -> None:
    act = write(valle)

    letters = Message.objects.filter(template="from_office").order_by("guardian_id")
    assert {letter.address for letter in letters} == {"rossi@posta.example", "haddad@posta.example"}
    assert {letter.key for letter in letters} == {f"list:{act}:{letter.guardian_id}" for letter in letters}
    assert all("Domani no." in letter.text and "Sciopero" in letter.subject for letter in letters)
    (row,) = registered("list.message")
    check_row(row, valle, act, count="2", subject="Sciopero")


def test_an_act_is_named_after_its_form_its_children_and_its_words(valle: Cast) -> None:
    first = write(valle)
    assert first == write(valle) == write(valle, "Amina", "Luca", "Anna")
    others = [write(valle, batch="c"), write(valle, "Anna"), write(valle, subject="S"), write(valle, text="T")]
    assert len({first, *others}) == 5
    assert len(first) == 24
    assert len(registered("list.message")) == 5


def test_where_nobody_has_an_address_nothing_is_written(valle: Cast) -> None:
    Guardian.objects.update(email="")
    with pytest.raises(bulk.NobodyToWriteTo):
        write(valle)
    assert registered("list.message") == []


def test_only_what_an_act_has_not_sent_yet_is_stopped_and_once(valle: Cast) -> None:
    act, other = write(valle), write(valle, "Anna", batch="c")
    office = valle.staff["office"]

    assert bulk.stop_writing(by=office, act=act, now=clock.now()) == 2
    assert bulk.stop_writing(by=office, act=act, now=clock.now()) == 0

    stopped = Message.objects.filter(called_off_at=clock.now())
    assert {letter.key.split(":")[1] for letter in stopped} == {act}
    assert Message.objects.filter(key__startswith=f"list:{other}:", called_off_at=None).count() == 1
    (row,) = registered("list.stopped")
    check_row(row, valle, act, count="2")


def test_notices_for_many_are_registered_with_their_amount_and_made_once(valle: Cast) -> None:
    act = make_notices(valle)
    assert make_notices(valle, "Amina", "Anna", "Luca") == act

    made = PaymentRequest.objects.all()
    assert {(request.amount_cents, request.is_notice, request.order_key) for request in made} == {
        (2000, True, f"list:{act}")
    }
    assert {request.child_id for request in made} == set(ids(valle, ALL))
    assert made.count() == 3
    assert {request.made_by_id for request in made} == {valle.staff["office"].pk}
    (row,) = registered("list.notices")
    check_row(row, valle, act, count="3", amount="20,00\N{NO-BREAK SPACE}€")


def test_another_amount_service_or_form_is_another_act(valle: Cast) -> None:
    acts = [make_notices(valle), make_notices(valle, cents=2001), make_notices(valle, batch="c")]
    acts += [make_notices(valle, service="scuolabus"), make_notices(valle, "Anna")]
    assert len(set(acts)) == 5
    assert PaymentRequest.objects.count() == 3 + 3 + 3 + 1 + 1


def test_notices_that_cannot_be_made_are_refused_and_not_registered(valle: Cast) -> None:
    for cents in (499, 50001):
        with pytest.raises(top_up.AmountOutOfRange):
            make_notices(valle, cents=cents)
    with pytest.raises(bulk.NoWallets):
        make_notices(valle, "Luca", "Amina", service="scuolabus")
    without_account(valle.town)
    with pytest.raises(top_up.NoAccount):
        make_notices(valle)
    assert registered("list.notices") == []
    assert not PaymentRequest.objects.exists()


def test_notices_of_an_act_that_nobody_paid_are_deleted_and_the_others_stay(valle: Cast, ready: None) -> None:
    act, other = make_notices(valle), make_notices(valle, "Anna", batch="c")
    requests = PaymentRequest.objects.filter(order_key=f"list:{act}").order_by("id")
    # Money has arrived for one of them and waits to be booked: it may not be deleted.
    receive(requests[0], cents=1900)
    office = valle.staff["office"]

    assert bulk.delete_notices(by=office, act=act, now=clock.now()) == (2, 1)
    assert bulk.delete_notices(by=office, act=act, now=clock.now()) == (0, 1)

    assert sorted(request.state for request in requests) == ["cancelled", "cancelled", "open"]
    assert PaymentRequest.objects.get(order_key=f"list:{other}").state == "open"
    (row,) = registered("list.notices_deleted")
    check_row(row, valle, act, count="2")
    deleted = registered("position.cancelled")
    assert [(row.actor_id, row.at) for row in deleted] == [(office.pk, clock.now())] * 2


def print_letters(cast: Cast, *names: str, batch: str = "b") -> bytes:
    return bulk.print_letters(by=cast.staff["office"], child_ids=ids(cast, names), batch=batch, now=clock.now())


def without_access(cast: Cast, *families: str) -> None:
    Guardian.objects.filter(pk__in=[cast.families[name].guardian.pk for name in families]).update(user=None)


def test_letters_are_printed_once_for_a_form_and_registered(valle: Cast) -> None:
    without_access(valle, "rossi", "haddad")
    users = User.objects.count()

    assert print_letters(valle, *ALL).startswith(b"%PDF")
    with pytest.raises(bulk.PrintedBefore):
        print_letters(valle, "Anna")

    assert User.objects.count() == users + 2
    (row,) = registered("list.letters")
    assert (row.actor_id, row.at, row.data) == (valle.staff["office"].pk, clock.now(), {"count": "2"})
    assert row.subjects[1] == "lists"
    assert reading.is_done(act=row.subjects[0].removeprefix("list:"))


def test_letters_for_nobody_and_for_too_many_are_refused(valle: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(bulk.NobodyToLetIn):
        print_letters(valle, *ALL)
    without_access(valle, "rossi", "haddad")
    monkeypatch.setattr(bulk, "MOST_LETTERS", 1)
    with pytest.raises(bulk.TooManyLetters):
        print_letters(valle, *ALL)
    assert registered("list.letters") == []
    assert print_letters(valle, "Amina").startswith(b"%PDF")
