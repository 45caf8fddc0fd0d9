"""The SQL of positions and receipts: numbers taken once, messages kept once."""

TAKE_NUMBERS = """
update payments_noticecounter set next_base = next_base + %(count)s
 where municipality_id = %(town)s and segregation = %(segregation)s returning next_base - %(count)s
"""

KEEP = """
insert into payments_inboundmessage (municipality_id, sha256, body, received_at)
values (%(town)s, %(sha256)s, %(body)s, %(now)s)
on conflict do nothing returning id
"""

KEPT = "select id from payments_inboundmessage where municipality_id is not distinct from %(town)s and sha256 = %(sha256)s"
