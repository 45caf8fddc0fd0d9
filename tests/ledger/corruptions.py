"""
What somebody with a database console could plant, and what the auditor must say.

Each: in words, the raw statements, and (promise, row, cents) of everything that must be named.
"""

MEAL = 460
TOP_UP = 2000

BALANCE = "a wallet's balance equals its transfers"
POSITIVE = "a transfer moves a positive amount between two accounts"
PRICE = "who is present pays the price of the day"
BOOKED = "a booked receipt is in the book once, with its amount"
ITS_PRESENCE = "a charge of a presence has its presence, of that child, service and day"
NEW = "insert into ledger_entry (municipality_id, at, kind, source, revision, day, memo) values ({town}, now(), "
MOVE = "; insert into ledger_transfer (municipality_id, entry_id, debit_id, credit_id, cents) select {town}, max(id), "

CORRUPTIONS: list[tuple[str, str, list[tuple[str, str, int]]]] = [
    (
        "a balance with a few cents more",
        "update ledger_wallet set balance_cents = balance_cents + 7 where id = {wallet}",
        [(BALANCE, "wallet {wallet}", 7)],
    ),
    (
        "a meal that costs less, the balance mended",
        "update ledger_transfer set cents = 46 where id = {charged};"
        "update ledger_wallet set balance_cents = balance_cents + 414 where id = {wallet}",
        [(PRICE, "presence {presence}", 46 - MEAL)],
    ),
    (
        "a negative transfer, the balance mended",
        "update ledger_transfer set cents = -460 where id = {charged};"
        "update ledger_wallet set balance_cents = balance_cents + 920 where id = {wallet}",
        [
            (POSITIVE, "transfer {charged}", -MEAL),
            ("a source never charges less than nothing", "source presence:{presence}", -MEAL),
            (PRICE, "presence {presence}", -2 * MEAL),
        ],
    ),
    (
        "a transfer from an account to itself",
        "update ledger_transfer set debit_id = credit_id where id = {credited}",
        [
            (BALANCE, "wallet {wallet}", TOP_UP),
            (POSITIVE, "transfer {credited}", TOP_UP),
            ("a transfer's accounts are of its town", "transfer {credited}", TOP_UP),
            ("a top-up moves between a clearing account and a wallet", "transfer {credited}", TOP_UP),
        ],
    ),
    (
        "a transfer without an entry",
        "insert into ledger_transfer (municipality_id, entry_id, debit_id, credit_id, cents)"
        " values ({town}, 987654, {revenue}, {clearing}, 5)",
        [("a transfer belongs to an entry of its town", "transfer {last_transfer}", 5)],
    ),
    (
        "a transfer to an account that is not there",
        NEW + "'other', 'x:1', 0, now(), '')" + MOVE + "{revenue}, 987654, 5 from ledger_entry",
        [("a transfer's accounts are of its town", "transfer {last_transfer}", 5)],
    ),
    (
        "an entry that moves nothing",
        NEW + "'other', 'x:1', 0, now(), '')",
        [("an entry moves something", "entry {last_entry}", 0)],
    ),
    (
        "a top-up that lost its transfer, the balance mended",
        "delete from ledger_transfer where id = {credited};"
        "update ledger_wallet set balance_cents = balance_cents - 2000 where id = {wallet}",
        [("an entry moves something", "entry {paid}", 0), (BOOKED, "receipt IUR1", -TOP_UP)],
    ),
    (
        "a charge that is deleted with its entry, the balance mended",
        "delete from ledger_transfer where id = {charged}; delete from ledger_entry where id = {charge};"
        "update ledger_wallet set balance_cents = balance_cents + 460 where id = {wallet}",
        [(PRICE, "presence {presence}", -MEAL)],
    ),
    (
        "a receipt credited a second time under the same key",
        NEW + "'top_up', 'receipt:IUR1', 0, now(), '')" + MOVE + "{clearing}, {account}, 2000 from ledger_entry;"
        "update ledger_wallet set balance_cents = balance_cents + 2000 where id = {wallet}",
        [
            ("a source is posted once for each revision", "source receipt:IUR1 revision 0", 2),
            (BOOKED, "receipt IUR1", TOP_UP),
        ],
    ),
    (
        "a revision that was skipped",
        "update ledger_entry set revision = 3 where id = {charge}",
        [("the revisions of a source have no gap", "source presence:{presence}", 0)],
    ),
    (
        "a charge into another wallet's pocket",
        "update ledger_transfer set credit_id = {luca_account} where id = {charged};"
        "update ledger_wallet set balance_cents = balance_cents + 460 where id = {luca}",
        [
            ("a charge moves money from one wallet to a revenue, or back", "transfer {charged}", MEAL),
            ("a source is charged to one wallet", "source presence:{presence}", 2 * MEAL),
            (ITS_PRESENCE, "source presence:{presence}", MEAL),
        ],
    ),
    (
        "a charge moved to a sibling, both balances mended",
        "update ledger_transfer set debit_id = {luca_account} where id = {charged};"
        "update ledger_wallet set balance_cents = balance_cents + 460 where id = {wallet};"
        "update ledger_wallet set balance_cents = balance_cents - 460 where id = {luca}",
        [(ITS_PRESENCE, "source presence:{presence}", MEAL)],
    ),
    (
        "a wallet on the revenue's account",
        "update ledger_wallet set account_id = {revenue}, balance_cents = 460 where id = {wallet}",
        [
            ("a wallet has an account of its own", "wallet {wallet}", MEAL),
            ("a wallet's account has a wallet", "account {account}", 0),
            (ITS_PRESENCE, "source presence:{presence}", MEAL),
        ],
    ),
    (
        "a wallet of a child that is not there",
        "insert into ledger_account (municipality_id, kind, code) values ({town}, 'wallet', 'x');"
        "insert into ledger_wallet (municipality_id, account_id, child_id, balance_cents)"
        " select {town}, max(id), 987654, 0 from ledger_account",
        [("a wallet belongs to a child of its town", "wallet {last_wallet}", 0)],
    ),
    (
        "a second wallet of the same child and service",
        "insert into ledger_account (municipality_id, kind, code) values ({town}, 'wallet', 'x');"
        "insert into ledger_wallet (municipality_id, account_id, child_id, service_id, balance_cents)"
        " select w.municipality_id, (select max(id) from ledger_account), w.child_id, w.service_id, 0"
        " from ledger_wallet w where w.id = {wallet}",
        [("a child has one wallet for a service", "wallet {last_wallet}", TOP_UP - MEAL)],
    ),
    (
        "an account of an invented kind",
        "insert into ledger_account (municipality_id, kind, code) values ({town}, 'pocket', 'mine')",
        [("an account is of a known kind", "account {last_account}", 0)],
    ),
    (
        "the revenue account twice",
        "insert into ledger_account (municipality_id, kind, code) values ({town}, 'revenue', 'mensa')",
        [("an account is there once", "account {last_account}", 0)],
    ),
    (
        "a top-up taken from the revenue",
        "update ledger_transfer set debit_id = {revenue} where id = {credited}",
        [("a top-up moves between a clearing account and a wallet", "transfer {credited}", TOP_UP)],
    ),
    (
        "an opening balance taken from the clearing account",
        "update ledger_transfer set debit_id = {clearing}"
        " where debit_id in (select id from ledger_account where kind = 'opening')",
        [("an opening balance moves between a wallet and the opening account", "transfer {opened}", 1000)],
    ),
    (
        "a passage that takes from the clearing account",
        NEW + "'transfer', 'transfer:x', 0, now(), '')" + MOVE + "{revenue}, {clearing}, 5 from ledger_entry",
        [("a passage moves between two wallets", "transfer {last_transfer}", 5)],
    ),
    (
        "an entry without a source",
        "update ledger_entry set source = '' where kind = 'opening'",
        [("an entry has a source", "entry {opening}", 0)],
    ),
    (
        "a charge of a day on which nobody was there",
        NEW + "'charge', 'presence:987654', 0, '{today}', '')" + MOVE + "{account}, {revenue}, 460 from ledger_entry;"
        "update ledger_wallet set balance_cents = balance_cents - 460 where id = {wallet}",
        [(ITS_PRESENCE, "source presence:987654", MEAL)],
    ),
    (
        "a charge on another day",
        "update ledger_entry set day = day - 1 where id = {charge}",
        [(ITS_PRESENCE, "source presence:{presence}", MEAL)],
    ),
    (
        "a charge earned by another service",
        "insert into ledger_account (municipality_id, kind, code) values ({town}, 'revenue', 'scuolabus');"
        "update ledger_transfer set credit_id = (select max(id) from ledger_account) where id = {charged}",
        [(ITS_PRESENCE, "source presence:{presence}", MEAL)],
    ),
    (
        "somebody absent who pays",
        "update attendance_presence set is_present = false where id = {presence}",
        [("who is absent, or not confirmed, pays nothing", "presence {presence}", MEAL)],
    ),
    (
        "somebody present who does not pay",
        "update attendance_presence set is_present = true where id = {luca_presence}",
        [(PRICE, "presence {luca_presence}", -310)],
    ),
    (
        "a confirmation that is taken back",
        "update attendance_rollcall set confirmed_at = null",
        [("who is absent, or not confirmed, pays nothing", "presence {presence}", MEAL)],
    ),
    (
        "a receipt of another amount",
        "update payments_receipt set amount_cents = 1999 where receipt_id = 'IUR1'",
        [(BOOKED, "receipt IUR1", 1)],
    ),
    (
        "a receipt said to be booked that is not",
        "update payments_receipt set outcome = 'booked' where receipt_id = 'IUR2'",
        [(BOOKED, "receipt IUR2", -700)],
    ),
    (
        "a receipt placed by the office that is credited with less",
        NEW + "'top_up', 'receipt:IUR2', 0, now(), '')" + MOVE + "{clearing}, {account}, 600 from ledger_entry;"
        "update ledger_wallet set balance_cents = balance_cents + 600 where id = {wallet};"
        "update payments_receipt set resolved_at = now() where receipt_id = 'IUR2'",
        [("a receipt the office has placed is in the book with its amount", "receipt IUR2", -100)],
    ),
    (
        "a credit of a receipt that still waits",
        NEW + "'top_up', 'receipt:IUR2', 0, now(), '')" + MOVE + "{clearing}, {account}, 700 from ledger_entry;"
        "update ledger_wallet set balance_cents = balance_cents + 700 where id = {wallet}",
        [("a receipt that waits is not in the book", "receipt IUR2", 700)],
    ),
    (
        "a receipt said to be placed by the office that is credited to nobody",
        "update payments_receipt set resolved_at = now() where receipt_id = 'IUR2'",
        [("a receipt the office has placed is in the book with its amount", "receipt IUR2", -700)],
    ),
    (
        "a receipt closed without a credit that has one",
        "update payments_receipt set outcome = 'closed', resolved_at = now() where receipt_id = 'IUR1'",
        [("a receipt the office has closed is not in the book", "receipt IUR1", TOP_UP)],
    ),
    (
        "a receipt credited with what is another body's",
        "update payments_receipt set others_cents = 500 where receipt_id = 'IUR1'",
        [(BOOKED, "receipt IUR1", 500)],
    ),
    (
        "a credit without a receipt",
        "update payments_receipt set receipt_id = 'IUR9', outcome = 'parked' where receipt_id = 'IUR1'",
        [("a credit of a receipt has its receipt", "source receipt:IUR1", TOP_UP)],
    ),
]
