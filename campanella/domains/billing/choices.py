"""What a town chooses about invoices."""

from dataclasses import dataclass

from campanella.foundation.tenants.settings import ChoiceGroup, choice

GROUP = "Fatture"


@dataclass(frozen=True)
class BillingChoices(ChoiceGroup):
    """How the month after the meals is put on paper; amounts in cents."""

    bill_per_payer: bool = choice(
        True,
        kind="flag",
        group=GROUP,
        label="Una fattura per intestatario",
        sentence="Chi paga per più figli riceve una fattura sola; spento, ogni bambino ha la sua.",
    )
    bill_least: int = choice(
        0,
        kind="cents",
        bounds=(0, 1_000_000),
        group=GROUP,
        label="Importo minimo di una fattura",
        sentence="Sotto questo importo non si fattura: la somma passa al mese dopo.",
    )
    bill_due_days: int = choice(
        30,
        kind="whole",
        bounds=(1, 365),
        group=GROUP,
        label="Giorni per pagare una fattura",
        sentence="È la data di scadenza stampata, contata dall’emissione.",
    )
    bill_late_days: int = choice(
        180,
        kind="whole",
        bounds=(0, 730),
        group=GROUP,
        label="Giorni in cui si paga anche in ritardo",
        sentence="Per tanti giorni dopo la scadenza l’avviso pagoPA della fattura si può ancora pagare.",
    )
    bill_series: str = choice(
        "FT",
        kind="text",
        group=GROUP,
        label="Serie delle fatture",
        sentence="Sta davanti al numero; ogni serie conta da 1 ogni anno, senza salti.",
    )
    bill_credit_series: str = choice(
        "NC",
        kind="text",
        group=GROUP,
        label="Serie delle note di credito",
        sentence="Sta davanti al numero delle note con cui si ritirano fatture; deve essere un’altra.",
    )
    bill_second_person: int = choice(
        2_000_000,
        kind="cents",
        bounds=(0, 1_000_000_00),
        group=GROUP,
        label="Conferma di una seconda persona",
        sentence="Sopra questo totale le fatture di un mese le conferma chi non le ha preparate.",
        by_two=True,
    )
    bill_sample: int = choice(
        10,
        kind="whole",
        bounds=(0, 1000),
        group=GROUP,
        label="Prime fatture",
        sentence="Se ne emettono prima tante, poi ci si ferma a guardare; con 0 partono tutte insieme.",
    )
    bill_jump_percent: int = choice(
        50,
        kind="whole",
        bounds=(1, 1000),
        group=GROUP,
        label="Salto da segnalare, in percento",
        sentence="Chi ha un importo così lontano da quello del mese prima è segnalato in anteprima.",
    )


E_GROUP = "Fatture elettroniche e bollo"


@dataclass(frozen=True)
class EInvoiceChoices(ChoiceGroup):
    """Which papers the tax office gets with a month's invoices."""

    einvoice: bool = choice(
        False,
        kind="flag",
        group=E_GROUP,
        label="Emetti fatture elettroniche",
        sentence="Per i servizi che il Comune gestisce come attività commerciale: con IVA o esenti, mai fuori campo.",
    )
    einvoice_vat_number: str = choice(
        "",
        kind="text",
        group=E_GROUP,
        label="Partita IVA del Comune",
        sentence="Sono 11 cifre; vuota, è il codice fiscale del Comune.",
    )
    einvoice_seat: str = choice(
        "",
        kind="text",
        group=E_GROUP,
        label="Indirizzo sulle fatture elettroniche",
        sentence="Via, CAP, località e provincia, per esempio «Piazza del Municipio 1, 11100 Aosta (AO)».",
    )
    stamp_virtual: bool = choice(
        False,
        kind="flag",
        group=E_GROUP,
        label="Bollo assolto in modo virtuale",
        sentence="Le fatture oltre 77,47 € senza IVA lo scrivono: i 2 € li paga il Comune, alla famiglia non si chiedono.",
    )
