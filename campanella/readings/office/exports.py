"""
What the town's accounts ask for: entries by day and service, meals by school, debts by their age.

Everything is summed in the database, a line for each sum; nobody is named but by the child's code, where it is a debt.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from campanella.domains.billing.rules import written
from campanella.domains.billing.statements import LIVING, pays_after
from campanella.domains.services import queries as services
from campanella.domains.services.models import Service
from campanella.domains.services.taxation import out_of_gross, stamp_duty
from campanella.foundation.core import clock, sql
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import active_town_id
from campanella.foundation.documents.sheets import Cell

ENTRIES_HEAD = ("Giorno", "Che cosa", "Dare", "Avere", "Importo", "Servizio", "IVA", "Imponibile", "Imposta")
MEALS_HEAD = ("Scuola", "Servizio", "Giorni di presenza", "Di cui addebitati", "Adulti")
DEBTS_HEAD = ("Codice bambino", "Servizio", "Debito", *("0-30 giorni", "31-60", "61-90", "91-180", "oltre 180"))
STAMPS_HEAD = ("Fattura", "Emessa il", "Servizio", "Non soggetto a IVA", "Bollo", "Di cui addebitato a chi paga")
# Upper ends of the ages of a debt, in days, included; older is the last column.
AGES = (30, 60, 90, 180)

_KINDS = {
    "charge": "Servizi usati",
    "fee": "Quote fisse",
    "top_up": "Incassi pagoPA",
    "cash": "Incassi alle casse",
    "cash_void": "Incassi alle casse annullati",
    "collection": "Addebiti diretti incassati",
    "returned": "Addebiti diretti tornati indietro",
    "reminder": "Spese dei solleciti",
    "stamp": "Imposta di bollo addebitata",
    "interest": "Interessi di mora",
    "adjustment": "Rettifiche",
    "goodwill": "Crediti di cortesia",
    "write_off": "Debiti cancellati",
    "refund": "Rimborsi",
    "sent_back": "Rimborsi tornati indietro",
    "transfer": "Giroconti",
    "opening": "Saldi precedenti",
}
_ACCOUNTS = {
    "wallet": "Borsellini",
    "revenue": "Ricavi",
    "clearing": "Incassi da riversare",
    "treasury": "Tesoreria",
    "adjustment": "Rettifiche",
    "opening": "Saldi precedenti",
    "rounding": "Arrotondamenti",
}


@dataclass(frozen=True, slots=True)
class EntryLine:
    """
    The sum of a day's movements of one kind between two kinds of account.

    :ivar service: whose revenue it is, None for all else
    :ivar vat: the treatment of the service in that year, in words
    :ivar net: without VAT, and ``tax`` the rest: the day's sum of the service is divided once
    """

    day: date
    kind: str
    debit: str
    credit: str
    amount: Euro
    service: Service | None
    vat: str
    net: Euro
    tax: Euro


def entry_lines(*, first: date, last: date) -> Iterator[EntryLine]:
    """
    Give the accounting entries of the days on which they were booked, both included: two queries, two more for each year.

    Charges and what was given back of a service on a day are one line each; both carry their VAT.
    """
    by_code = {service.code: service for service in services.services()}
    years = {year: services.taxations(year=year) for year in range(first.year, last.year + 1)}
    values = {"town": active_town_id(), "first": first, "last": last}
    for day, kind, debit, debit_code, credit, credit_code, cents in sql.rows(_ENTRIES, values):
        service = by_code.get(debit_code if debit == "revenue" else credit_code if credit == "revenue" else "")
        treatment = years[day.year][service.pk].treatment if service else None
        net, tax = out_of_gross(gross=Euro(cents), percent=treatment.percent if treatment else 0)
        names = _account(debit, debit_code, by_code), _account(credit, credit_code, by_code)
        vat = treatment.label if treatment else ""
        yield EntryLine(day, _KINDS.get(kind, kind), *names, Euro(cents), service, vat, net, tax)


def _account(kind: str, code: str, by_code: dict[str, Service]) -> str:
    name = _ACCOUNTS.get(kind, kind)
    if kind == "revenue" and code in by_code:
        return f"{name}: {by_code[code].name}"
    return f"{name}: {code}" if code and kind in ("clearing", "treasury") else name


def entry_cells(*, first: date, last: date) -> Iterator[list[Cell]]:
    """Write the same as rows under ``ENTRIES_HEAD``."""
    for line in entry_lines(first=first, last=last):
        taxed: list[Cell] = [line.service.name, line.vat, line.net, line.tax] if line.service else [None] * 4
        yield [line.day, line.kind, line.debit, line.credit, line.amount, *taxed]


def meal_cells(*, first: date, last: date) -> Iterator[list[Cell]]:
    """Write the days of presence by school and service between two days as rows under ``MEALS_HEAD``: two queries."""
    names = {service.pk: service.name for service in services.services()}
    values = {"town": active_town_id(), "first": first, "last": last}
    for school, service_id, present, due, adults in sql.rows(_MEALS, values):
        yield [school, names.get(service_id, ""), present, due, adults]


def stamp_cells(*, first: date, last: date) -> Iterator[list[Cell]]:
    """Write the invoices issued between two days that bear stamp duty as rows under ``STAMPS_HEAD``, in their order."""
    known = {service.pk: service for service in services.services()}
    years = {year: services.taxations(year=year) for year in range(first.year, last.year + 1)}
    values = {"town": active_town_id(), "first": first, "last": last}
    for series, year, number, issued_on, service_id, cents, charged in sql.rows(_ISSUED, values):
        is_exempt = years[issued_on.year][service_id].stamp_payer == "none"
        duty = Euro(charged) if is_exempt else stamp_duty(not_subject=Euro(cents))
        if duty.cents:
            whole = written(series=series, year=year, number=number)
            yield [whole, issued_on, known[service_id].name, Euro(cents), duty, Euro(charged)]


@dataclass(frozen=True, slots=True)
class Debt:
    """A wallet below zero, and how old the parts of its debt are: what was charged last is what is not paid yet."""

    child_code: str
    service_name: str
    amount: Euro
    parts: tuple[Euro, ...]


def debts(*, today: date) -> list[Debt]:
    """Return the debts of the town by age, the deepest first; what is not due yet is none: one query."""
    values = {"town": active_town_id(), "long_ago": clock.FIRST_DAY, "today": today}
    found: dict[int, tuple[str, str, int, list[int]]] = {}
    for wallet_id, code, name, owed, cents, day in sql.rows(_DEBTS, values):
        parts = found.setdefault(wallet_id, (code, name, owed, [0] * (len(AGES) + 1)))[3]
        parts[age_of(day=day, today=today)] += cents
    debts = [
        Debt(code, name, Euro(owed), tuple(Euro(cents) for cents in _whole(parts, owed)))
        for code, name, owed, parts in found.values()
    ]
    return sorted(debts, key=lambda debt: (-debt.amount.cents, debt.child_code))


def age_of(*, day: date, today: date) -> int:
    """Return the column of a debt's age, from 0: up to 30 days, 60, 90, 180, and older."""
    days = (today - day).days
    return next((place for place, most in enumerate(AGES) if days <= most), len(AGES))


def _whole(parts: Sequence[int], owed: int) -> list[int]:
    """Put what no charge explains (a balance of the former software) into the oldest column."""
    return [*parts[:-1], parts[-1] + owed - sum(parts)]


def debt_cells(*, today: date) -> Iterator[list[Cell]]:
    """Write the debts as rows under ``DEBTS_HEAD``."""
    for debt in debts(today=today):
        yield [debt.child_code, debt.service_name, debt.amount, *debt.parts]


_ENTRIES = """
select (e.at at time zone 'Europe/Rome')::date, e.kind, d.kind, case when d.kind = 'wallet' then '' else d.code end,
       c.kind, case when c.kind = 'wallet' then '' else c.code end, sum(t.cents)::bigint
  from ledger_entry e
  join ledger_transfer t on t.municipality_id = e.municipality_id and t.entry_id = e.id
  join ledger_account d on d.municipality_id = e.municipality_id and d.id = t.debit_id
  join ledger_account c on c.municipality_id = e.municipality_id and c.id = t.credit_id
 where e.municipality_id = %(town)s and e.at >= %(first)s::date::timestamp at time zone 'Europe/Rome'
   and e.at < (%(last)s::date + 1)::timestamp at time zone 'Europe/Rome'
 group by 1, 2, 3, 4, 5, 6 order by 1, 2, 3, 4, 5, 6
"""

# What an invoice bills, whatever of it the credit has paid; one that was called back owes its duty no more.
_ISSUED = """
select i.series, i.year, i.number, i.issued_on, r.service_id, (sum(s.lines_cents) - coalesce(l.cents, 0))::bigint,
       coalesce(l.cents, 0)
  from billing_issue i
  join billing_invoice v on v.municipality_id = i.municipality_id and v.id = i.invoice_id
  join billing_run r on r.municipality_id = i.municipality_id and r.id = v.run_id
  join billing_share s on s.municipality_id = i.municipality_id and s.invoice_id = i.invoice_id
  left join billing_line l on l.municipality_id = i.municipality_id and l.source = 'stamp:' || i.invoice_id
 where i.municipality_id = %(town)s and i.issued_on between %(first)s and %(last)s
   and not exists (
     select from billing_creditnote n where n.municipality_id = i.municipality_id and n.invoice_id = i.invoice_id)
 group by i.id, i.series, i.year, i.number, i.issued_on, r.service_id, l.cents order by i.id
"""

_MEALS = """
select s.name, r.service_id, sum(p.present)::int, sum(p.due)::int, sum(r.adults)::int
  from attendance_rollcall r
  join schools_classgroup g on g.municipality_id = r.municipality_id and g.id = r.class_group_id
  join schools_school s on s.municipality_id = r.municipality_id and s.id = g.school_id
 cross join lateral (
   select count(*) filter (where is_present) as present, count(*) filter (where is_due) as due from attendance_presence
    where municipality_id = r.municipality_id and roll_call_id = r.id) p
 where r.municipality_id = %(town)s and r.confirmed_at is not null and r.day between %(first)s and %(last)s
 group by s.id, s.name, r.service_id order by s.name, r.service_id
"""

# What is charged and not given back, from the last day back, until it makes what is owed. Money that came, or went back,
# makes no debt older or newer. What is paid after the month is none before its invoice is due.
_PAYS_AFTER = pays_after(child="k.child_id", service="k.service_id", day="k.day")
_DEBTS = f"""
with below as (
  select id, child_id, service_id, account_id, -balance_cents as owed from ledger_wallet
   where municipality_id = %(town)s and balance_cents < 0
), charged as (
  select o.id, o.child_id, e.source, min(e.day) as day, sum(x.cents) as cents,
         bool_or(e.kind in ('charge', 'fee')) as is_use, max(coalesce(o.service_id, s.id)) as service_id
    from below o
   cross join lateral (
     select entry_id, credit_id as other_id, cents from ledger_transfer
      where municipality_id = %(town)s and debit_id = o.account_id
     union all
     select entry_id, debit_id, -cents from ledger_transfer
      where municipality_id = %(town)s and credit_id = o.account_id) x
    join ledger_entry e on e.municipality_id = %(town)s and e.id = x.entry_id
    left join ledger_account a on a.municipality_id = %(town)s and a.id = x.other_id and a.kind = 'revenue'
    left join services_service s on s.municipality_id = %(town)s and s.code = a.code
   where e.kind not in ('top_up', 'cash', 'cash_void', 'collection', 'returned', 'refund')
   group by o.id, o.child_id, e.source having sum(x.cents) > 0
), dated as (
  select k.id, k.source, k.cents, k.day,
         case when b.due_on is not null then b.due_on >= %(today)s
              else k.is_use and {_PAYS_AFTER} end as is_to_come
    from charged k
    left join lateral (
      select max(i.due_on) as due_on from billing_line l
        join billing_share h on h.municipality_id = %(town)s and h.id = l.share_id
        join billing_invoice v on v.municipality_id = %(town)s and v.id = h.invoice_id
        join billing_run r on r.municipality_id = %(town)s and r.id = v.run_id
        join billing_issue i on i.municipality_id = %(town)s and i.invoice_id = v.id
       where l.municipality_id = %(town)s and l.source = k.source and {LIVING}) b on true
), owing as (
  select o.id, o.child_id, o.service_id,
         o.owed - coalesce((select sum(d.cents) from dated d where d.id = o.id and d.is_to_come), 0) as owed
    from below o
), waiting as (
  select *, sum(cents) over (partition by id order by day desc, source desc) as since from dated where not is_to_come
)
select o.id, c.code, coalesce(v.name, 'Tutti i servizi'), o.owed::bigint,
       coalesce(least(k.cents, o.owed - (k.since - k.cents)), 0)::bigint, coalesce(k.day, %(long_ago)s)
  from owing o
  join people_child c on c.municipality_id = %(town)s and c.id = o.child_id
  left join services_service v on v.municipality_id = %(town)s and v.id = o.service_id
  left join waiting k on k.id = o.id and k.since - k.cents < o.owed
 where o.owed > 0
"""  # noqa: S608  # fragments of ours
