"""The promises and the rows by which the auditor names what is planted."""

MEAL = 460
TOP_UP = 2000

BALANCE = "a wallet's balance equals its transfers"
POSITIVE = "a transfer moves a positive amount between two accounts"
PRICE = "who is present pays the price of the day"
DAY = "a confirmed day is what its events say"
ABSENT = "who is not to pay pays nothing"
ANNA = "presence {presence} (child {child}, mensa, {today})"
LUCA = "presence {luca_presence} (child {luca_child}, mensa, {today})"
DAY_OF_ANNA = "presence {presence} (child {child}, {today})"
DAY_OF_LUCA = "presence {luca_presence} (child {luca_child}, {today})"
ACCOUNTS = "money moves between the accounts of its entry's kind"
ITS_POSITION = "a booked receipt pays its own position, into the wallet of the position"
ITS_RECEIPT = "a paid position has its receipt"
ITS_CREDIT = "an act about a receipt has its receipt, credited"
POSITION = "position {position} (child {child})"
ACT_BOOKED = "act {act_booked} (receipt.booked of child:{child}, position:{position}, receipt:{receipt})"
TOPPED_UP = "a top-up has its act, of that instant and author"
ADJUSTED = "an adjustment has its act, of that instant, author, child and amount"
PASSED = "a passage has its act, of that instant, author, children and amount"
DECIDED = "what was decided is in the book as it was proposed, and nothing else is"
PROPOSAL = "proposal {proposal} (adjustment)"
ITS_ENTRY = "an act that moved money by hand has its entry"
IN_FAMILY = "a passage stays in a family"
CHARGED = "a charge is written by its roll-call or by an act, of that instant and author"
OF_ITS_DAY = "what is no charge is of the day on which it was written"
ITS_LIST = "a price is of the service's own list, on a day on which the list holds"
BOOKED = "a booked receipt is in the book once, with its amount"
ITS_PRESENCE = "a charge of a presence has its presence, of that child, service and day"
ITS_FACT = "a source names a fact of its entry's kind"
# Later on the day of the book.
LATER = "'2026-10-14 12:00+02'"
NEW = f"insert into ledger_entry (municipality_id, at, kind, source, revision, day, memo) values ({{town}}, {LATER}, "
MOVE = "; insert into ledger_transfer (municipality_id, entry_id, debit_id, credit_id, cents) select {town}, max(id), "

# In words, the raw statements, and (promise, row, cents) of everything that must be named.
Planted = list[tuple[str, str, list[tuple[str, str, int]]]]
