"""The account of a drill: what the clients, the bank and the mailbox know, against the book."""

import json
import re
import sqlite3
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, cast

import httpx

from tests.crash.installation import ROOT
from tests.drill.house import House
from tests.drill.journal import Journal
from tests.drill.towns import PRICE, Place
from tests.plain import PLAIN

QUIET_SECONDS = 180

_MOVED = """
select e.municipality_id, e.id, e.kind, e.source, w.id as wallet_id,
       sum(case when t.credit_id = w.account_id then t.cents else -t.cents end)::bigint as cents
  from ledger_entry e join ledger_transfer t on t.entry_id = e.id
  join ledger_wallet w on w.account_id in (t.credit_id, t.debit_id)
 group by e.municipality_id, e.id, e.kind, e.source, w.id order by e.id
"""
_PRESENCES = "select municipality_id, id, child_id, day from attendance_presence"
_IMPORTED = """
select f.code, coalesce(sum(w.balance_cents), 0)
  from people_formercode f left join ledger_wallet w on w.child_id = f.child_id
 where f.municipality_id = %s and f.code = any(%s) group by f.code
"""
_WAITING = """
select (select count(*) from procrastinate_jobs where status in ('todo', 'doing') and task_name not in ('reap', 'sweep'))
     + (select count(*) from messaging_message where sent_at is null and set_aside_at is null)
"""


def settle(house: House) -> list[str]:
    """Bring everything up and wait until nothing is under way; return what would not end."""
    bank, deadline = httpx.Client(base_url=house.bank, timeout=60, verify=PLAIN), time.monotonic() + QUIET_SECONDS
    while time.monotonic() < deadline:
        house.keep_up()
        try:
            waiting = len(bank.get("/api/deliveries").json()["deliveries"])
            with house.owner() as looking:
                (jobs,) = looking.execute(_WAITING).fetchone() or (0,)
            if not waiting and not jobs and house.answers():
                return []
        except Exception:  # whatever is not up yet
            continue
        finally:
            time.sleep(0.5)
    return [f"after {QUIET_SECONDS} s receipts, jobs or messages still wait"]


# What a letter of thanks says of each receipt in it: the credit right after, then its number.
SAID = r"il credito è ([^\n]+?)\.\s*$.*?\(IUR\): (\S+)"


@dataclass(frozen=True)
class Seen:
    """What book, bank and mailbox hold when all is quiet; ``moved`` is in the order of the entries."""

    moved: Sequence[tuple[Any, ...]]
    presences: Sequence[tuple[Any, ...]]
    payments: Sequence[dict[str, Any]]
    mails: Sequence[EmailMessage]


def look(house: House) -> Seen:
    """Look from outside the product."""
    with house.owner() as looking:
        moved = looking.execute(_MOVED).fetchall()
        presences = looking.execute(_PRESENCES).fetchall()
    with closing(sqlite3.connect(house.var / "simulators" / "simulators.sqlite3")) as store:
        payments = [json.loads(row[0]) for row in store.execute("select data from payments")]
        mails = [message_from_bytes(row[0], policy=policy.default) for row in store.execute("select raw from messages")]
    return Seen(moved, presences, payments, cast(list[EmailMessage], mails))


class Account:
    """What the clients were told beside what was seen."""

    def __init__(self, journal: Journal, seen: Seen) -> None:
        self.journal, self.seen = journal, seen
        self.checks, self.problems, self.again = 0, list(journal.problems), 0

    def of_facts(self) -> list[str]:
        """Compare what can be compared without asking the product; return what is wrong."""
        self.every_movement_once()
        self.every_payment_once()
        self.every_day_as_it_was()
        self.every_letter()
        return self.problems

    def of_the_house(self, house: House, places: Sequence[Place]) -> list[str]:
        """Ask the product as well; return everything that is wrong."""
        self.every_file_whole_or_not_at_all(house)
        self.every_balance(house, places)
        self.the_products_own_proof(house)
        kills = len([fault for fault in house.faults if fault != "web"])
        self.holds(self.again <= kills, f"{self.again} letters were delivered again, after {kills} faults")
        return self.problems

    def holds(self, is_so: bool, otherwise: str) -> None:
        """Count one check."""
        self.checks += 1
        if not is_so:
            self.problems.append(otherwise)

    def every_movement_once(self) -> None:
        """What the office was told is done stands in the book once; what was refused does not."""
        found = self._by_source("adjustment", "transfer")
        known = {(act.town_id, act.source) for act in self.journal.movements}
        for act in self.journal.movements:
            cents = found.get((act.town_id, act.source), {})
            if act.outcome == "done":
                self.holds(cents == act.cents, f"{act.source}: told done, {act.cents} became {cents}")
            elif act.outcome == "refused":
                self.holds(not cents, f"{act.source}: told refused, yet {cents}")
            else:
                self.holds(cents in ({}, act.cents), f"{act.source}: half done, {cents}")
        self.holds(set(found) <= known, f"movements that nobody asked for: {set(found) - known}")

    def every_payment_once(self) -> None:
        """What the bank has taken is in its wallet once, and nothing else is."""
        found = self._by_source("top_up")
        paid = [payment for payment in self.seen.payments if payment["state"] == "paid"]
        ordered = {order.notice_number: order for order in self.journal.ordered}
        expected = {}
        for payment in paid:
            order = ordered.get(payment["notice_number"])
            self.holds(order is not None, f"notice {payment['notice_number']}: paid, and no client knows it")
            if order:
                expected[order.town_id, f"receipt:{payment['receipts'][0]}"] = {order.wallet_id: order.cents}
        for key in expected.keys() | found.keys():
            self.holds(expected.get(key) == found.get(key), f"{key}: paid {expected.get(key)}, in the book {found.get(key)}")

    def every_day_as_it_was(self) -> None:
        """Who was there at last is charged, who was not is not, whatever stood there in between."""
        days = {(town, child, day): source for town, source, child, day in self.seen.presences}
        charged = self._by_source("charge")
        for key, is_there in self.journal.presences.items():
            cents = sum(charged.pop((key[0], f"presence:{days.get(key)}"), {}).values())
            self.holds(cents == -PRICE * is_there, f"child {key[1]} on {key[2]}: there {is_there}, charged {cents}")
        left = {key for key, cents in charged.items() if any(cents.values())}
        self.holds(not left, f"days charged that no client confirmed: {left}")

    def every_file_whole_or_not_at_all(self, house: House) -> None:
        """An imported file is there with every child and balance, or has left nothing."""
        with house.owner() as looking:
            for file in self.journal.files:
                rows = looking.execute(_IMPORTED, [file.town_id, list(file.cents)]).fetchall()
                found = {code: int(str(cents)) for code, cents in rows}
                allowed = [file.cents] if file.outcome == "done" else [file.cents, {}]
                self.holds(
                    found in allowed, f"import {next(iter(file.cents))}…: {file.outcome}, {len(found)} of {len(file.cents)}"
                )

    def every_balance(self, house: House, places: Sequence[Place]) -> None:
        """The stored balance, and what the command tells, is the sum of what the model says."""
        expected: dict[int, int] = defaultdict(int)
        for _, _, _, _, wallet, cents in self.seen.moved:
            expected[wallet] += cents
        for place in places:
            told = json.loads(_command(house, "ledger", "balances", "--town", place.slug, "--json"))
            for wallet in told["wallets"]:
                number, cents = int(wallet["id"]), int(wallet["balance_cents"])
                self.holds(
                    cents == expected[number], f"wallet {number}: told {cents}, its movements make {expected[number]}"
                )

    def every_letter(self) -> None:
        """Each booked receipt has one letter to its family, with the credit right after it; no letter comes twice."""
        letters: dict[str, list[Any]] = defaultdict(list)
        for mail in self.seen.mails:
            for credit, iur in re.findall(SAID, mail.get_content(), re.MULTILINE | re.DOTALL):
                letters[iur].append((mail, credit))
        running: dict[int, int] = defaultdict(int)
        after = {}
        for _, _, kind, source, wallet, cents in self.seen.moved:
            running[wallet] += cents
            if kind == "top_up":
                after[source.partition(":")[2]] = running[wallet]
        for iur, balance in after.items():
            # Killed between the mailbox's yes and its own note, a worker sends again: under the same number, as one letter.
            credits = {mail["Message-ID"]: credit for mail, credit in letters.pop(iur, [])}
            self.holds(len(credits) == 1, f"receipt {iur}: {len(credits)} letters")
            for credit in credits.values():
                cents = int(re.sub(r"[^0-9-]", "", credit.replace("\N{MINUS SIGN}", "-")))
                self.holds(cents == balance, f"receipt {iur}: the letter says {cents}, the book {balance}")
        self.holds(not letters, f"letters for receipts that are not booked: {list(letters)}")
        times = Counter(mail["Message-ID"] for mail in self.seen.mails)
        self.again = sum(times.values()) - len(times)

    def the_products_own_proof(self, house: House) -> None:
        """What an administrator would ask agrees."""
        try:
            _command(house, "ledger", "verify")
        except subprocess.CalledProcessError as failed:
            self.problems.append(f"campanella ledger verify: {failed.stdout[-1000:]}{failed.stderr[-500:]}")

    def _by_source(self, *kinds: str) -> dict[tuple[int, str], dict[int, int]]:
        found: dict[tuple[int, str], dict[int, int]] = defaultdict(lambda: defaultdict(int))
        for town, _, kind, source, wallet, cents in self.seen.moved:
            if kind in kinds:
                found[town, source][wallet] += cents
        return {key: dict(cents) for key, cents in found.items()}


def _command(house: House, *words: str) -> str:
    run = [sys.executable, "-m", "campanella", *words]
    return subprocess.run(run, cwd=ROOT, env=house.environment, capture_output=True, text=True, check=True).stdout


def write(folder: Path, seed: int, house: House, account: Account) -> None:
    """Print the account; what is wrong is kept beside the logs."""
    done = ", ".join(f"{count} {what}" for what, count in sorted(account.journal.counts.items()))
    faults = ", ".join(f"{count} {what}" for what, count in sorted(Counter(house.faults).items()))
    print(f"seed {seed}: {sum(account.journal.counts.values())} operations ({done})")
    print(
        f"  {len(house.faults)} faults ({faults}); {account.checks} checks, {len(account.problems)} anomalies; "
        f"{account.again} letters delivered again under their number"
    )
    for problem in account.problems[:20]:
        print(f"  - {problem}")
    (folder / "anomalies.txt").write_text("\n".join(account.problems))
