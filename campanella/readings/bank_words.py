"""What a bank does with an invoice, in words: one day and one sentence for pages, papers and letters."""

from datetime import date

from campanella.domains.debiting.rules import reasons
from campanella.foundation.core.italian import day_full
from campanella.readings.debited import Debited


def back_said(one: Debited) -> str:
    """Say what came of the last collection, without a stop: "L’addebito del … è tornato indietro: il conto è chiuso"."""
    if not one.is_back or one.past.day is None:
        return ""
    how = "è tornato indietro" if one.past.outcome == "returned" else "non è riuscito"
    return f"L’addebito del {day_full(one.past.day)} {how}: {reasons.reason(one.past.reason).words}"


def coming_said(one: Debited, *, today: date) -> str:
    """Say to a family when its bank pays an invoice, and that it has nothing to do; empty where no bank is waited for."""
    if one.is_before_office:
        return (
            "L’addebito sul conto non è andato a buon fine, e non dipende da te: l’ufficio guarda che cosa è successo e ti "
            "fa sapere. Per ora non devi pagare."
        )
    if one.day is None or not one.is_with_bank:
        return ""
    day = day_full(one.day)
    if one.is_back:
        return (
            f"{back_said(one)}. La banca ci riprova il {day}: non devi fare nulla, se quel giorno sul conto c’è l’importo."
        )
    if one.why == "under_way" and (one.mandate is None or one.mandate.state != "active"):
        return (
            f"Alla tua banca l’abbiamo già chiesta, per il {day}: può ancora arrivare sul conto. Non pagarla adesso: se non "
            "arriva, ti scriviamo noi come si paga."
        )
    if one.day < today:
        return f"È stata chiesta alla tua banca per il {day}: aspettiamo la conferma. Non devi fare nulla."
    return f"È addebitata sul tuo conto il {day}: non devi fare nulla."
