"""Who collects: the town, as its bank knows it, and by which rules."""

from campanella.domains.debiting.choices import DebitChoices
from campanella.domains.debiting.gateways.sepa.base import Creditor, Format
from campanella.domains.debiting.rules import accounts, creditors
from campanella.domains.payments.choices import PagopaChoices
from campanella.foundation.core.errors import Refusal
from campanella.foundation.tenants.queries import Town


class NotSetUp(Refusal):
    """The town has not said yet how it collects."""

    message = "Per gli addebiti manca un IBAN giusto del Comune: l’ufficio lo scrive in Impostazioni, Addebito diretto SEPA."


class CucMissing(Refusal):
    """CBI files need the sender's code."""

    message = (
        "Per un file CBI serve il codice unico CBI del Comune: l’ufficio lo scrive in Impostazioni, Addebito diretto SEPA. "
        "Senza, si può fare il file nel formato pain.008."
    )


class NotItalian(Refusal):
    """CBI knows a creditor's bank by its ABI, which only Italian accounts have."""

    message = "Un file CBI incassa solo su un conto italiano, e quello del Comune è estero: serve il formato pain.008."


def check_format(creditor: Creditor, *, form: Format) -> None:
    """
    Make sure that a file of this kind can be written for a creditor.

    :raises CucMissing: CBI needs the sender's code
    :raises NotItalian: CBI needs an Italian account
    """
    if form == "cbi" and not creditor.cuc:
        raise CucMissing
    if form == "cbi" and not creditor.account.abi:
        raise NotItalian


def creditor_of(town: Town) -> Creditor:
    """
    Return the town as a creditor.

    :raises NotSetUp: it has no account yet
    """
    choices = town.chosen(DebitChoices)
    try:
        account = accounts.account(choices.sdd_iban or town.chosen(PagopaChoices).iban)
    except accounts.NoAccount:
        raise NotSetUp from None
    return Creditor(town.name, creditor_id_of(town), account, choices.sdd_cuc)


def creditor_id_of(town: Town) -> str:
    """Return the town's creditor identifier: as it was written, else that of its tax code."""
    return town.chosen(DebitChoices).sdd_creditor_id or creditors.creditor_id_of(town.tax_code)


def own_accounts(town: Town) -> frozenset[str]:
    """Return the accounts on which the town collects, by debits or pagoPA, as they are written in a file."""
    written = (town.chosen(DebitChoices).sdd_iban, town.chosen(PagopaChoices).iban)
    return frozenset("".join(iban.split()).upper() for iban in written if iban)
