"""The order in which the events of a day decide, as SQL: the same as ``rules.Fact.rank``, held to it by a test."""

# Of an event ``e``: what comes without a count of its own, as from a page, is counted by the order in which it was written.
COUNT = "coalesce(e.seq, e.id)"

# The event that decides comes first.
LAST_FIRST = f"e.level desc, e.made_at desc, coalesce(e.device_id, 0) desc, {COUNT} desc, e.event_id desc"
