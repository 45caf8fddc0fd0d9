"""Planted where the book comes from: receipts, positions, acts, prices."""

from tests.domains.ledger.corruptions.words import (
    ACCOUNTS,
    ACT_BOOKED,
    ADJUSTED,
    ANNA,
    BOOKED,
    CHARGED,
    DECIDED,
    IN_FAMILY,
    ITS_CREDIT,
    ITS_ENTRY,
    ITS_FACT,
    ITS_LIST,
    ITS_POSITION,
    ITS_RECEIPT,
    LATER,
    LUCA,
    MEAL,
    MOVE,
    NEW,
    OF_ITS_DAY,
    PASSED,
    POSITION,
    PRICE,
    PROPOSAL,
    TOP_UP,
    TOPPED_UP,
    Planted,
)

SOURCES: Planted = [
    (
        "a receipt of another amount",
        "update payments_receipt set amount_cents = 1999 where receipt_id = 'IUR1'",
        [(BOOKED, "receipt IUR1", 1)],
    ),
    (
        "a receipt said to be booked that is not",
        "update payments_receipt set outcome = 'booked' where receipt_id = 'IUR2'",
        [(BOOKED, "receipt IUR2", -700), (ITS_POSITION, "receipt IUR2", 700)],
    ),
    (
        "a receipt placed by the office that is credited with less",
        NEW + "'top_up', 'receipt:IUR2', 0, '{today}', '')" + MOVE + "{clearing}, {account}, 600 from ledger_entry;"
        "update ledger_wallet set balance_cents = balance_cents + 600 where id = {wallet};"
        f"update payments_receipt set resolved_at = {LATER} where receipt_id = 'IUR2'",
        [
            ("a receipt the office has placed is in the book with its amount", "receipt IUR2", -100),
            (TOPPED_UP, "entry {last_entry} (receipt:IUR2)", 600),
        ],
    ),
    (
        "a credit of a receipt that still waits",
        NEW + "'top_up', 'receipt:IUR2', 0, '{today}', '')" + MOVE + "{clearing}, {account}, 700 from ledger_entry;"
        "update ledger_wallet set balance_cents = balance_cents + 700 where id = {wallet}",
        [
            ("a receipt that waits is not in the book", "receipt IUR2", 700),
            (TOPPED_UP, "entry {last_entry} (receipt:IUR2)", 700),
        ],
    ),
    (
        "a receipt said to be placed by the office that is credited to nobody",
        f"update payments_receipt set resolved_at = {LATER} where receipt_id = 'IUR2'",
        [("a receipt the office has placed is in the book with its amount", "receipt IUR2", -700)],
    ),
    (
        "a receipt closed without a credit that has one",
        f"update payments_receipt set outcome = 'closed', resolved_at = {LATER} where receipt_id = 'IUR1'",
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
        [
            ("a credit of a receipt has its receipt", "source receipt:IUR1", TOP_UP),
            (ITS_RECEIPT, POSITION, TOP_UP),
            (TOPPED_UP, "entry {paid} (receipt:IUR1)", TOP_UP),
            (ITS_CREDIT, ACT_BOOKED, TOP_UP),
        ],
    ),
    (
        "a second transfer in a top-up, the balance mended",
        "insert into ledger_transfer (municipality_id, entry_id, debit_id, credit_id, cents)"
        " values ({town}, {paid}, {clearing}, {account}, 5);"
        "update ledger_wallet set balance_cents = balance_cents + 5 where id = {wallet}",
        [("an entry is one transfer", "entry {paid} (receipt:IUR1)", TOP_UP + 5), (BOOKED, "receipt IUR1", 5)],
    ),
    (
        "a second transfer in an opening balance, the balance mended",
        "insert into ledger_transfer (municipality_id, entry_id, debit_id, credit_id, cents)"
        " select {town}, entry_id, debit_id, credit_id, 5 from ledger_transfer where id = {opened};"
        "update ledger_wallet set balance_cents = balance_cents + 5 where id = {luca}",
        [("an entry is one transfer", "entry {opening} (opening:Luca:mensa:1000)", 1005)],
    ),
    (
        "a second opening balance of a wallet",
        NEW
        + "'opening', 'opening:again', 0, '{today}', '')"
        + MOVE
        + "(select debit_id from ledger_transfer where id = {opened}), {luca_account}, 500 from ledger_entry;"
        "update ledger_entry set at = (select at from ledger_entry where id = {opening}) where source = 'opening:again';"
        "update ledger_wallet set balance_cents = balance_cents + 500 where id = {luca}",
        [("a wallet is opened with one balance", "wallet {luca} (child {luca_child})", 1500)],
    ),
    (
        "a top-up moved to another family's wallet, both balances mended",
        "update ledger_transfer set credit_id = {amina_account} where id = {credited};"
        "update ledger_wallet set balance_cents = balance_cents - 2000 where id = {wallet};"
        "update ledger_wallet set balance_cents = balance_cents + 2000 where id = {amina}",
        [(ITS_POSITION, "receipt IUR1", TOP_UP)],
    ),
    (
        "a position that points at another wallet of the child",
        "update payments_paymentrequest set wallet_id = {bus} where id = {position}",
        [(ITS_POSITION, "receipt IUR1", TOP_UP)],
    ),
    (
        "an adjustment taken from a revenue",
        "update ledger_transfer set debit_id = {revenue} where id = {adjusting}",
        [(ACCOUNTS, "transfer {adjusting} (adjustment from revenue to wallet)", 300)],
    ),
    (
        "an adjustment of another amount, the balance mended",
        "update ledger_transfer set cents = 3000 where id = {adjusting};"
        "update ledger_wallet set balance_cents = balance_cents + 2700 where id = {bus}",
        [
            (ITS_ENTRY, "act {act_adjusted} (wallet.adjusted of child:{child})", 300),
            (ADJUSTED, "entry {adjusted} (child {child})", 3000),
            (DECIDED, PROPOSAL, 2700),
        ],
    ),
    (
        "an adjustment nobody made",
        NEW
        + "'adjustment', 'adjustment:x', 0, '{today}', '')"
        + MOVE
        + "{adjustment}, {amina_account}, 500 from ledger_entry;"
        "update ledger_entry set at = (select at from ledger_entry where id = {paid}) where source = 'adjustment:x';"
        "update ledger_wallet set balance_cents = balance_cents + 500 where id = {amina}",
        [(ADJUSTED, "entry {last_entry} (child {amina_child})", 500)],
    ),
    (
        "an adjustment by somebody else",
        "update ledger_entry set by_id = 987654 where id = {adjusted}",
        [
            (ITS_ENTRY, "act {act_adjusted} (wallet.adjusted of child:{child})", 300),
            (ADJUSTED, "entry {adjusted} (child {child})", 300),
        ],
    ),
    (
        "an adjustment removed with its credit",
        "delete from ledger_transfer where id = {adjusting}; delete from ledger_entry where id = {adjusted};"
        "update ledger_wallet set balance_cents = balance_cents - 300 where id = {bus}",
        [(ITS_ENTRY, "act {act_adjusted} (wallet.adjusted of child:{child})", 300), (DECIDED, PROPOSAL, -300)],
    ),
    (
        "an adjustment whose act is removed",
        "delete from core_auditrow where id = {act_adjusted}",
        [(ADJUSTED, "entry {adjusted} (child {child})", 300)],
    ),
    (
        "a passage led to another family, both balances mended",
        "update ledger_transfer set credit_id = {amina_account} where id = {passing};"
        "update ledger_wallet set balance_cents = balance_cents - 100 where id = {luca};"
        "update ledger_wallet set balance_cents = balance_cents + 100 where id = {amina}",
        [
            (PASSED, "entry {passed} (children {child} and {amina_child})", 100),
            (IN_FAMILY, "entry {passed} (children {child} and {amina_child})", 100),
        ],
    ),
    (
        "a passage between two families, with an act",
        NEW + "'transfer', 'transfer:x', 0, '{today}', '')" + MOVE + "{account}, {amina_account}, 70 from ledger_entry;"
        "update ledger_entry set at = (select at from ledger_entry where id = {paid}) where source = 'transfer:x';"
        "update ledger_wallet set balance_cents = balance_cents - 70 where id = {wallet};"
        "update ledger_wallet set balance_cents = balance_cents + 70 where id = {amina};"
        "insert into core_auditrow (municipality_id, at, actor_label, action, subjects, origin, why, data)"
        " select {town}, at, 'x', 'wallet.moved', array['child:{child}', 'child:{amina_child}'], '', '',"
        " '{{\"amount\": \"0,70 €\"}}' from ledger_entry where source = 'transfer:x'",
        [(IN_FAMILY, "entry {last_entry} (children {child} and {amina_child})", 70)],
    ),
    (
        "a passage of another day",
        "update ledger_entry set at = at - interval '1 day', day = day - 1 where id = {passed}",
        [
            (PASSED, "entry {passed} (children {child} and {luca_child})", 100),
            (ITS_ENTRY, "act {act_moved} (wallet.moved of child:{child}, child:{luca_child})", 100),
        ],
    ),
    (
        "a top-up without a receipt",
        NEW + "'top_up', 'manual:1', 0, '{today}', '')" + MOVE + "{clearing}, {account}, 2000 from ledger_entry;"
        "update ledger_entry set at = (select at from ledger_entry where id = {paid}) where source = 'manual:1';"
        "update ledger_wallet set balance_cents = balance_cents + 2000 where id = {wallet}",
        [
            (ITS_FACT, "entry {last_entry} (top_up of “manual:1”)", TOP_UP),
            (TOPPED_UP, "entry {last_entry} (manual:1)", TOP_UP),
        ],
    ),
    (
        "a charge of nothing",
        NEW + "'charge', 'charge:free', 0, '{today}', '')" + MOVE + "{account}, {revenue}, 460 from ledger_entry;"
        "update ledger_entry set at = (select at from ledger_entry where id = {paid}) where source = 'charge:free';"
        "update ledger_wallet set balance_cents = balance_cents - 460 where id = {wallet}",
        [(ITS_FACT, "entry {last_entry} (charge of “charge:free”)", MEAL)],
    ),
    (
        "a position said to be paid",
        f"update payments_paymentrequest set state = 'paid', settled_at = {LATER} where id = {{open}}",
        [(ITS_RECEIPT, "position {open} (child {child})", 900)],
    ),
    (
        "a receipt, its entry and its credit removed together",
        "delete from ledger_transfer where id = {credited}; delete from ledger_entry where id = {paid};"
        "update payments_paymentrequest set state = 'open', settled_at = null where id = {position};"
        "delete from payments_receipt where id = {receipt};"
        "update ledger_wallet set balance_cents = balance_cents - 2000 where id = {wallet}",
        [(ITS_CREDIT, ACT_BOOKED, TOP_UP)],
    ),
    (
        "a receipt whose message is not what came",
        "alter table payments_inboundmessage no force row level security;"
        "update payments_inboundmessage set body = 'x' where id = (select message_id from payments_receipt"
        " where id = {receipt})",
        [("a receipt came in a message that is kept as it came", "receipt IUR1", TOP_UP)],
    ),
    (
        "the day of a top-up rewritten",
        "update ledger_entry set day = day - 40 where id = {paid}",
        [(OF_ITS_DAY, "entry {paid} (receipt:IUR1, 2026-09-04)", TOP_UP)],
    ),
    (
        "the instant of a top-up rewritten, its day with it",
        "update ledger_entry set at = at - interval '40 days', day = day - 40 where id = {paid}",
        [
            (ITS_RECEIPT, POSITION, TOP_UP),
            (TOPPED_UP, "entry {paid} (receipt:IUR1)", TOP_UP),
            (ITS_CREDIT, ACT_BOOKED, TOP_UP),
        ],
    ),
    (
        "the author of a charge rewritten",
        "update ledger_entry set by_id = 987654 where id = {charge}",
        [(CHARGED, "entry {charge}, " + ANNA, MEAL)],
    ),
    (
        "the instant of a correction rewritten",
        "update ledger_entry set at = at + interval '2 hours' where id = {given_back}",
        [(CHARGED, "entry {given_back}, " + LUCA, 310)],
    ),
    (
        "a charge written before its day",
        "update ledger_entry set at = at - interval '1 day' where id = {charge}",
        [
            (
                "a charge is of its own day, or written later, or once the numbers of its day were closed",
                "entry {charge} (presence:{presence}, {today})",
                MEAL,
            ),
            (CHARGED, "entry {charge}, " + ANNA, MEAL),
        ],
    ),
    (
        "a correction of what is no charge",
        "update ledger_entry set source = 'adjustment:0', revision = 1 where id = {adjusted};"
        + NEW
        + "'adjustment', 'adjustment:0', 0, '{today}', '')"
        + MOVE
        + "{adjustment}, {bus_account}, 1 from ledger_entry;"
        "update ledger_entry set at = (select at from ledger_entry where id = {paid})"
        " where source = 'adjustment:0' and revision = 0;"
        "update ledger_wallet set balance_cents = balance_cents + 1 where id = {bus}",
        [
            ("only a charge is corrected", "entry {adjusted} (adjustment:0)", 0),
            (ADJUSTED, "entry {last_entry} (child {child})", 1),
            (DECIDED, PROPOSAL, -300),
        ],
    ),
    (
        "somebody present after the end of the subscription, not charged",
        "update enrolment_subscription set days = daterange(lower(days), '{today}') where id = {subscription};"
        "update ledger_wallet set balance_cents = balance_cents + 460 where id = {wallet};"
        "delete from ledger_transfer where id = {charged}; delete from ledger_entry where id = {charge}",
        [("who is present is subscribed on that day", ANNA, 0)],
    ),
    (
        "somebody charged after the end of the subscription",
        "update enrolment_subscription set days = daterange(lower(days), '{today}') where id = {subscription}",
        [("who is present is subscribed on that day", ANNA, MEAL)],
    ),
    (
        "a price that was changed and not charged again",
        "update enrolment_subscription set reduction_percent = 33 where id = {subscription}",
        [(PRICE, ANNA, 152)],
    ),
    (
        "the price of another service's list",
        "update enrolment_subscription set bracket_id = (select id from services_bracket where cents = 150)"
        " where id = {subscription}",
        [(ITS_LIST, "subscription {subscription} (child {child}, {today})", 150), (PRICE, ANNA, 310)],
    ),
    (
        "last year's price list",
        "update services_tariff set days = daterange('2025-09-01', '2026-09-01') where code = 'mensa-26'",
        [(ITS_LIST, "subscription {subscription} (child {child}, {today})", MEAL)],
    ),
    (
        "a wallet for everything beside those of the services",
        "insert into ledger_account (municipality_id, kind, code) values ({town}, 'wallet', 'x');"
        "insert into ledger_wallet (municipality_id, account_id, child_id, balance_cents)"
        " select {town}, max(id), {amina_child}, 0 from ledger_account",
        [("a child has one wallet for everything, or one for each service", "wallet {amina} (child {amina_child})", 0)],
    ),
]
