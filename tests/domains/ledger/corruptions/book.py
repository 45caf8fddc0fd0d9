"""Planted in the book: balances, entries, accounts, and the days that they charge."""

from tests.domains.ledger.corruptions.words import (
    ABSENT,
    ACCOUNTS,
    ACT_BOOKED,
    ANNA,
    BALANCE,
    BOOKED,
    CHARGED,
    DAY,
    DAY_OF_ANNA,
    DAY_OF_LUCA,
    ITS_CREDIT,
    ITS_FACT,
    ITS_POSITION,
    ITS_PRESENCE,
    ITS_RECEIPT,
    LUCA,
    MEAL,
    MOVE,
    NEW,
    PASSED,
    POSITION,
    POSITIVE,
    PRICE,
    TOP_UP,
    TOPPED_UP,
    Planted,
)

BOOK: Planted = [
    (
        "a balance with a few cents more",
        "update ledger_wallet set balance_cents = balance_cents + 7 where id = {wallet}",
        [(BALANCE, "wallet {wallet}", 7)],
    ),
    (
        "a meal that costs less, the balance mended",
        "update ledger_transfer set cents = 46 where id = {charged};"
        "update ledger_wallet set balance_cents = balance_cents + 414 where id = {wallet}",
        [(PRICE, ANNA, 46 - MEAL)],
    ),
    (
        "a negative transfer, the balance mended",
        "update ledger_transfer set cents = -460 where id = {charged};"
        "update ledger_wallet set balance_cents = balance_cents + 920 where id = {wallet}",
        [
            (POSITIVE, "transfer {charged}", -MEAL),
            ("a source never charges less than nothing", "source presence:{presence}", -MEAL),
            (PRICE, ANNA, -2 * MEAL),
        ],
    ),
    (
        "a transfer from an account to itself",
        "update ledger_transfer set debit_id = credit_id where id = {credited}",
        [
            (BALANCE, "wallet {wallet}", TOP_UP),
            (POSITIVE, "transfer {credited}", TOP_UP),
            ("a transfer's accounts are of its town", "transfer {credited}", TOP_UP),
            (ACCOUNTS, "transfer {credited} (top_up from wallet to wallet)", TOP_UP),
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
        NEW + "'opening', 'opening:x', 0, '{today}', '')" + MOVE + "{revenue}, 987654, 5 from ledger_entry",
        [("a transfer's accounts are of its town", "transfer {last_transfer}", 5)],
    ),
    (
        "an entry that moves nothing",
        NEW + "'opening', 'opening:x', 0, '{today}', '')",
        [("an entry moves something", "entry {last_entry}", 0)],
    ),
    (
        "a top-up that lost its transfer, the balance mended",
        "delete from ledger_transfer where id = {credited};"
        "update ledger_wallet set balance_cents = balance_cents - 2000 where id = {wallet}",
        [
            ("an entry moves something", "entry {paid}", 0),
            (BOOKED, "receipt IUR1", -TOP_UP),
            (ITS_RECEIPT, POSITION, TOP_UP),
            (ITS_CREDIT, ACT_BOOKED, TOP_UP),
        ],
    ),
    (
        "a charge that is deleted with its entry, the balance mended",
        "delete from ledger_transfer where id = {charged}; delete from ledger_entry where id = {charge};"
        "update ledger_wallet set balance_cents = balance_cents + 460 where id = {wallet}",
        [(PRICE, ANNA, -MEAL)],
    ),
    (
        "a receipt credited a second time under the same key",
        NEW + "'top_up', 'receipt:IUR1', 0, '{today}', '')" + MOVE + "{clearing}, {account}, 2000 from ledger_entry;"
        "update ledger_wallet set balance_cents = balance_cents + 2000 where id = {wallet}",
        [
            ("a source is posted once for each revision", "source receipt:IUR1 revision 0", 2),
            (TOPPED_UP, "entry {last_entry} (receipt:IUR1)", TOP_UP),
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
            (ACCOUNTS, "transfer {charged} (charge from wallet to wallet)", MEAL),
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
            (ITS_POSITION, "receipt IUR1", TOP_UP),
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
        [(ACCOUNTS, "transfer {credited} (top_up from revenue to wallet)", TOP_UP)],
    ),
    (
        "an opening balance taken from the clearing account",
        "update ledger_transfer set debit_id = {clearing}"
        " where debit_id in (select id from ledger_account where kind = 'opening')",
        [(ACCOUNTS, "transfer {opened} (opening from clearing to wallet)", 1000)],
    ),
    (
        "a passage that takes from the clearing account",
        NEW + "'transfer', 'transfer:x', 0, '{today}', '')" + MOVE + "{revenue}, {clearing}, 5 from ledger_entry",
        [
            (ACCOUNTS, "transfer {last_transfer} (transfer from revenue to clearing)", 5),
            (PASSED, "entry {last_entry} (children  and )", 5),
        ],
    ),
    (
        "an entry without a source",
        "update ledger_entry set source = '' where kind = 'opening'",
        [(ITS_FACT, "entry {opening} (opening of “”)", 1000)],
    ),
    (
        "an opening balance under the name of a receipt, without its number",
        "update ledger_entry set source = 'receipt:' where kind = 'opening'",
        [
            (ITS_FACT, "entry {opening} (opening of “receipt:”)", 1000),
            ("a credit of a receipt has its receipt", "source receipt:", 1000),
        ],
    ),
    (
        "an entry of an invented kind",
        "update ledger_entry set kind = 'gift' where kind = 'opening'",
        [
            ("an entry is of a known kind", "entry {opening} (gift)", 0),
            (ITS_FACT, "entry {opening} (gift of “opening:Luca:mensa:1000”)", 1000),
            (ACCOUNTS, "transfer {opened} (gift from opening to wallet)", 1000),
        ],
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
        "update attendance_presence set is_present = false, is_due = false where id = {presence}",
        [(DAY, DAY_OF_ANNA, 0), (ABSENT, ANNA, MEAL)],
    ),
    (
        "somebody present who does not pay",
        "update attendance_presence set is_present = true, is_due = true where id = {luca_presence}",
        [(DAY, DAY_OF_LUCA, 0), (PRICE, LUCA, -310)],
    ),
    (
        "a confirmation that is taken back",
        "update attendance_rollcall set confirmed_at = null",
        [
            ("nobody pays before the roll-call is confirmed", ANNA, MEAL),
            (CHARGED, "entry {charge}, " + ANNA, MEAL),
            (CHARGED, "entry {taken}, " + LUCA, 310),
        ],
    ),
]
