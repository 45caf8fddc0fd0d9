"""No connection is held while an outside party answers."""

from typing import Any

import pytest
from django.db import connection

from campanella.domains.messaging import operations as messaging
from campanella.domains.messaging.channels import mail
from campanella.domains.payments.gateways.pagopa import checkout
from campanella.foundation.core import clock, jobs
from campanella.foundation.core.scope import naming, scope
from campanella.usecases.pagopa import visit
from tests.concurrency.test_paying import anna, order
from tests.towns import Cast

__all__ = ["anna"]

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("concurrency")]


def test_while_the_mail_server_answers(town: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[Any] = []
    monkeypatch.setattr(mail, "send", lambda **_: held.append(connection.connection))
    with scope(town.town.id):
        message = messaging.queue(
            key="k", guardian=None, address="a@posta.example", template="t", subject="S", text="T", now=clock.now()
        )
    assert message

    jobs.run_now("deliver", town=town.town.id, message_id=message.pk)

    assert held == [None]
    with scope(town.town.id):
        message.refresh_from_db()
        assert message.sent_at == clock.now()


def test_while_pagopa_answers(town: Cast, anna: int, monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[Any] = []

    def open_cart(cart: checkout.CheckoutCart, **_: Any) -> str:
        held.append(connection.connection)
        return "https://checkout.example/1"

    monkeypatch.setattr(checkout, "open_cart", open_cart)
    request_ids, user = order(town, anna, "form"), town.families["rossi"].user
    with naming(town.town.id):
        visit.go_to_checkout(by=user, request_ids=request_ids, email="rossi@posta.example", now=clock.now())

    assert held == [None]
