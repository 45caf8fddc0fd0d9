"""What the eight clients do."""

import os
import random
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Protocol

import httpx

from tests.crash.installation import ROOT
from tests.drill.house import House
from tests.drill.journal import File, Journal, Movement, Ordered, Outcome
from tests.drill.person import Person
from tests.drill.towns import Home, Place
from tests.plain import PLAIN
from tests.towns import TODAY

SENT_AGAIN = 0.7
STRANGE_CHOICES = ("paga", "paga", "paga", "paga_e_chiude", "rifiutata", "annulla")


class Client(Protocol):
    """Somebody who does one thing after the other."""

    def act(self) -> None:
        """Do one thing, to its end."""


class Desk:
    """A clerk who puts credits right."""

    def __init__(self, house: House, place: Place, journal: Journal, dice: random.Random) -> None:
        self.place, self.journal, self.dice = place, journal, dice
        self.clerk = Person(house.port, place.host, "office", dice)

    def act(self) -> None:
        """Adjust a credit, or move one within a family."""
        home = self.dice.choice(self.place.homes)
        child, cents = self.dice.choice(list(home.wallets)), self.dice.randint(1, 2000)
        if self.dice.random() < 0.6:
            sign = self.dice.choice([1, 1, 1, -1])
            wallet = home.wallets[child]
            told = {"wallet": str(wallet), "direction": "plus" if sign > 0 else "minus"}
            self._send("adjustment", f"/ufficio/bambini/{child}/rettifica/", told, cents, {wallet: sign * cents})
        else:
            giver, taker = self.dice.sample(list(home.wallets.values()), 2)
            told = {"giver": str(giver), "taker": str(taker)}
            self._send("transfer", f"/ufficio/bambini/{child}/giroconto/", told, cents, {giver: -cents, taker: cents})

    def _send(self, kind: str, path: str, told: dict[str, str], cents: int, moved: dict[int, int]) -> None:
        fields = self.clerk.fields(path) | told | {"amount": f"{cents // 100},{cents % 100:02}", "reason": "Prova"}
        answer = self.clerk.once("POST", path, fields)
        if answer is None and self.dice.random() < SENT_AGAIN:
            answer = self.clerk.insist(path, fields)
        outcome: Outcome = "unknown" if answer is None else "done" if answer.status_code in (302, 303) else "refused"
        self.journal.movements.append(Movement(self.place.town_id, f"{kind}:{fields['key']}", moved, outcome))
        self.journal.count(f"{kind} {outcome}")


class School:
    """Who calls the roll of every class of a town, day after day, and puts some of it right later."""

    def __init__(self, house: House, place: Place, journal: Journal, dice: random.Random) -> None:
        self.place, self.journal, self.dice = place, journal, dice
        self.office = Person(house.port, place.host, "office", dice)
        self.teacher = Person(house.port, place.host, "school", dice)
        self.sheets = [(day, class_id) for day in place.days for class_id in place.classes]
        self.confirmed: list[tuple[date, int]] = []
        dice.shuffle(self.sheets)

    def act(self) -> None:
        """Call the roll of one class, or correct one presence."""
        if self.confirmed and (not self.sheets or self.dice.random() < 0.4):
            self._correct()
        elif self.sheets:
            self._call(*self.sheets.pop())

    def _call(self, day: date, class_id: int) -> None:
        person = self.teacher if day == TODAY else self.office
        path = f"/appello/{class_id}/mensa/"
        page = path if day == TODAY else f"{path}?giorno={day.isoformat()}"
        children = self.place.classes[class_id]
        there = dict.fromkeys(children, True)
        person.read(page)
        for child in self.dice.sample(children, self.dice.randint(0, len(children))):
            there[child] = self.dice.random() < 0.5
            told = {
                "day": day.isoformat(),
                "child": str(child),
                "eats": "1" if there[child] else "0",
                "white": "0",
                "late": "0",
            }
            answer = person.insist(f"{path}segno/", told)
            assert answer.status_code == 204, f"tap: {answer.status_code} {answer.text[:100]}"
            self.journal.count("tap")
        eats = [str(child) for child, is_there in there.items() if is_there]
        shown = [str(child) for child in children]
        form = {"day": day.isoformat(), "act": "confirm", "shown": shown, "before": eats, "eats": eats}
        answer = person.insist(page, {**form, "adults": "0", "adults_before": "0"})
        assert answer.status_code == 302, f"confirm: {answer.status_code}"
        self.confirmed.append((day, class_id))
        self.journal.presences |= {(self.place.town_id, child, day): is_there for child, is_there in there.items()}
        self.journal.count("roll-call")

    def _correct(self) -> None:
        day, class_id = self.dice.choice(self.confirmed)
        child, is_there = self.dice.choice(self.place.classes[class_id]), self.dice.random() < 0.5
        state = "present" if is_there else "absent"
        told = {"service": str(self.place.service_id), "day": day.isoformat(), "state": state, "reason": "Prova"}
        answer = self.office.insist(f"/ufficio/bambini/{child}/presenza/", told)
        # A refusal says that it is so already; either way the presence is now what was asked for.
        assert answer.status_code in (200, 302), f"correction: {answer.status_code}"
        if answer.status_code == 302:
            self.journal.presences[self.place.town_id, child, day] = is_there
        elif self.journal.presences[self.place.town_id, child, day] != is_there:
            self.journal.problems.append(f"a correction of child {child} on {day} to {state} was refused")
        self.journal.count("correction")


class Families:
    """The parents of a town, one after the other at one telephone, and their bank."""

    def __init__(self, house: House, place: Place, journal: Journal, dice: random.Random) -> None:
        self.house, self.place, self.journal, self.dice = house, place, journal, dice
        self.bank = httpx.Client(base_url=house.bank, timeout=60, verify=PLAIN)
        self.people = {home.username: Person(house.port, place.host, home.username, dice) for home in place.homes}

    def act(self) -> None:
        """Top one or two wallets up on-line, or by a notice that is paid at the counter."""
        home = self.dice.choice(self.place.homes)
        person = self.people[home.username]
        person.read("/")
        wallets = self.dice.sample(list(home.wallets.values()), self.dice.randint(1, 2))
        wanted = {wallet: 1000 + 500 * n + self.dice.randint(0, 400) for n, wallet in enumerate(wallets)}
        if self.dice.random() < 0.3:
            self._by_notice(home, person, *next(iter(wanted.items())))
        else:
            self._online(home, person, wanted)

    def _order(self, person: Person, wanted: dict[int, int]) -> str:
        choice = "&".join(
            f"scelta-{wallet}=altro&importo-{wallet}={cents // 100},{cents % 100:02}" for wallet, cents in wanted.items()
        )
        answer = person.read(f"/pagamenti/ricarica/?{choice}&fai=prosegui")
        assert answer.status_code in (302, 303), f"top-up: {answer.status_code}"
        query = answer.headers["location"].partition("?")[2]
        return f"/pagamenti/ricarica/riepilogo/?{query}"

    def _online(self, home: Home, person: Person, wanted: dict[int, int]) -> None:
        answer = person.insist(self._order(person, wanted), {"modo": "online"})
        place = answer.headers.get("location", "")
        if "/checkout/pay/" not in place:
            self.journal.count("top-up not begun")
            return
        outcome = self.dice.choice(STRANGE_CHOICES)
        cart = place.rpartition("/")[2]
        done = self.bank.post(f"/api/carts/{cart}/act", json={"outcome": outcome}).json()
        self.journal.count(f"cart {outcome}")
        by_cents = {cents: wallet for wallet, cents in wanted.items()}
        for payment in done.get("payments", []):
            if payment["state"] == "paid":
                wallet = by_cents[payment["amount_cents"]]
                self._paid(home, wallet, payment["notice_number"], payment["amount_cents"])
        if outcome == "paga" and done.get("redirect") and self.dice.random() < 0.5:
            person.once("GET", done["redirect"].partition(f":{self.house.port}")[2])

    def _by_notice(self, home: Home, person: Person, wallet: int, cents: int) -> None:
        answer = person.insist(self._order(person, {wallet: cents}), {"modo": "avviso"})
        page = person.read(answer.headers["location"]).text
        number = page.partition('data-copy="')[2].partition('"')[0]
        assert len(number) == 18, f"notice: {answer.headers['location']}"
        order = {"notice_number": number, "fiscal_code": self.place.tax_code}
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            paid = self.bank.post("/api/pay", json=order).json()
            if paid["state"] == "paid":
                self.journal.count("notice paid")
                self._paid(home, wallet, number, cents)
                return
            time.sleep(0.5)
        self.journal.count("notice not paid")

    def _paid(self, home: Home, wallet: int, number: str, cents: int) -> None:
        self.journal.ordered.append(Ordered(self.place.town_id, wallet, number, cents, home.email))


def letters(number: int) -> str:
    """Write a number in letters, as a name needs it."""
    return chr(97 + number // 26 % 26) + chr(97 + number % 26)


class Importer:
    """A clerk who imports a new class now and then, and sometimes pulls the plug."""

    def __init__(self, house: House, places: list[Place], journal: Journal, dice: random.Random) -> None:
        self.house, self.places, self.journal, self.dice = house, places, journal, dice
        self.number = 0

    def act(self) -> None:
        """Import a file; what failed is imported again, as the manual says."""
        self.number += 1
        place = self.dice.choice(self.places)
        balances = {f"D{self.number}-{n}": self.dice.randint(-3000, 3000) for n in range(self.dice.randint(3, 30))}
        with tempfile.NamedTemporaryFile("w", suffix=".csv", prefix="campanella-drill-", encoding="utf-8") as file:
            file.write("Codice;Cognome;Nome;Data di nascita;Plesso;Ordine;Classe;Servizi;Saldo\n")
            for n, (code, cents) in enumerate(balances.items()):
                sign, whole = "-" if cents < 0 else "", f"{abs(cents) // 100},{abs(cents) % 100:02}"
                name = f"Import{letters(self.number)};Nome{letters(n)}"
                row = f"{code};{name};0{1 + n % 9}/05/2019;Primaria Rodari;primaria;6Z;mensa=4,60;{sign}{whole}"
                file.write(f"{row}\n")
            file.flush()
            outcome: Outcome = "done" if self._run(Path(file.name), place, hasty=True) else "unknown"
            if outcome == "unknown" and self.dice.random() < SENT_AGAIN:
                outcome = "done" if self._run(Path(file.name), place, hasty=False) else "unknown"
        self.journal.files.append(File(place.town_id, balances, outcome))
        self.journal.count(f"import {outcome}")
        time.sleep(self.dice.uniform(1, 4))

    def _run(self, file: Path, place: Place, *, hasty: bool) -> bool:
        command = [sys.executable, "-m", "campanella", "import", "people", str(file), "--town", place.slug]
        told = {**self.house.environment, "CAMPANELLA_AS_OWNER": ""}
        process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **told}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        if hasty and self.dice.random() < 0.4:
            try:
                return process.wait(timeout=self.dice.uniform(0.5, 6)) == 0
            except subprocess.TimeoutExpired:
                process.kill()
        return process.wait() == 0
