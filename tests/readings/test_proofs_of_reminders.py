"""What the owner of the tables may plant among reminders and plans is named by the auditor, and nothing else."""

import pytest

from campanella.domains.arrears.models import Reminder, ReminderDebt
from campanella.foundation.core import clock, sql
from campanella.foundation.core.scope import active_town_id
from campanella.readings import proofs
from campanella.readings.proofs import reminders
from campanella.usecases.arrears import planning
from tests.arrears import after_due, overdue, remind
from tests.towns import OFFICE, Cast, as_owner

SUMS, LACKED, INVOICE, POSITION, COST, GAPS, LETTER, DUES, RUN = reminders.PROMISES


@pytest.fixture
def clean(valle: Cast) -> Cast:
    overdue(valle, days=8)
    for days in (15, 45, 90):
        remind(after_due(days))
    now = after_due(91)
    payer = valle.families["rossi"].guardian.pk
    with clock.standing_at(now):
        planning.agree(by=OFFICE, payer_id=payer, count=2, first=now.date(), months=1, note="", now=now)
    assert proofs.violations() == []
    return valle


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("update arrears_reminder set total_cents = total_cents + 1 where id = {mailed}", [SUMS, LETTER]),
        ("update arrears_reminderdebt set cents = cents + 100 where id = {debt}", [SUMS, LACKED, INVOICE]),
        ("update arrears_reminder set until_entry = 0 where id = {mailed}", [LACKED]),
        (
            "update payments_paymentrequest set amount_cents = 99999 where position('sollecito' in description) > 0",
            [POSITION],
        ),
        ("update arrears_reminder set cost_cents = 100 where id = {formal}", [COST]),
        ("delete from ledger_transfer where entry_id in (select id from ledger_entry where kind = 'reminder')", [COST]),
        ("update arrears_reminder set number = 99 where id = {formal}", [GAPS]),
        ("update messaging_message set text = 'Ciao' where key = 'reminder:{mailed}:'", [LETTER]),
        ("update arrears_reminder set sheet = jsonb_set(sheet, '{{total}}', '\"1,00 €\"') where id = {formal}", [LETTER]),
        ("update arrears_plandue set cents = cents + 1 where place = 1", [DUES]),
        ("update arrears_plandebt set cents = cents + 1", [DUES]),
        ("update arrears_candidate set outcome = 'paid' where outcome = 'sent' and place = 1", [RUN]),
    ],
)
def test_what_is_planted_is_named(clean: Cast, statement: str, named: list[str]) -> None:
    mailed = Reminder.objects.filter(channel="mail").order_by("id")[0]
    ids = {
        "mailed": mailed.pk,
        "formal": Reminder.objects.get(channel="registered").pk,
        "debt": ReminderDebt.objects.filter(reminder=mailed).order_by("id")[0].pk,
    }
    with as_owner():
        sql.run("select set_config('app.town', %s, true)", [str(active_town_id())])
        sql.run(statement.format(**ids))

    found = {violation.promise for violation in proofs.violations()}

    assert found & set(reminders.PROMISES) == set(named)
