"""The SQL of arrears: numbers taken once, and how far the book goes."""

TAKE_NUMBERS = """
insert into arrears_remindercounter (municipality_id, series, year, next)
values (%(town)s, %(series)s, %(year)s, 1 + %(count)s)
on conflict (municipality_id, series, year) do update set next = arrears_remindercounter.next + %(count)s
returning next - %(count)s
"""

LAST_ENTRY = "select coalesce(max(id), 0) from ledger_entry where municipality_id = %(town)s"

NOTE_OUTCOMES = """
update arrears_candidate c set outcome = d.outcome
  from unnest(%(payers)s::bigint[], %(outcomes)s::text[]) as d(payer_id, outcome)
 where c.municipality_id = %(town)s and c.run_id = %(run)s and c.payer_id = d.payer_id
"""
