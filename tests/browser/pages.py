"""
Every page and state that is examined, by who opens it.

``test_pages.py`` fails when a view has no line here, so that a new page is looked at from its first day.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class State:
    """
    One page in one state.

    :param view: the name of the view it covers
    :param path: its address; ``{name}`` is filled in from who is who
    :param follow: a link to follow first, part of its address
    :param press: a button to press before looking, by its words
    :param fill: fields to fill in before, label and text
    """

    view: str
    path: str
    follow: str = ""
    press: str = ""
    fill: tuple[tuple[str, str], ...] = ()


S = State
MONTH = "/presenze/{children[Luca]}"
ORDER = "?r={wallets[Anna]}-2000&r={wallets[Luca]}-1250&ordine=abcdefghijklmnop"
YESTERDAY = "?giorno=2026-10-13"
SHEET = "/appello/{classes[1A]}/mensa/"
SHEET_2B = "/appello/{classes[2B]}/mensa/"
CHILD = "/ufficio/bambini/{children[Tommaso]}/"
ADULT = "/ufficio/adulti/{guardians[fontana]}/"

NOBODY = (
    S("accounts:sign-in", "/entra/"),
    S("accounts:sign-in", "/entra/", press="Entra"),
    S("accounts:sign-in", "/entra/", press="Entra", fill=(("Nome utente", "nessuno"), ("Password", "sbagliata"))),
    S("accounts:forgotten", "/password/dimenticata/"),
    S("accounts:forgotten", "/password/dimenticata/", press="", fill=(("E-mail o nome utente", "nessuno"),)),
    S("accounts:reset", "/password/nuova/{reset[user]}/{reset[token]}/"),
    S("accounts:reset", "/password/nuova/{reset[user]}/vecchio-link/"),
    S("pages:accessibility", "/accessibilita/"),
    S("pages:privacy", "/privacy/"),
    S("pages:status", "/stato/"),
    S("portal:contact", "/contattaci/"),
    S("portal:contact", "/contattaci/", press="Invia all’ufficio"),
    S("design:offline", "/offline"),
    S("404", "/questa-pagina-non-ce/"),
)
FAMILY = (
    S("portal:home", "/"),
    S("portal:profile", "/anagrafica/"),
    S("portal:email", "/anagrafica/recapiti/"),
    S("portal:email", "/anagrafica/recapiti/", press="Salva", fill=(("E-mail", "non-e-una-mail"),)),
    S("portal:confirm-contacts", "/anagrafica/recapiti/conferma/vecchio-link/"),
    S("portal:messages", "/anagrafica/comunicazioni/"),
    S("portal:message", "/anagrafica/comunicazioni/", follow="/anagrafica/comunicazioni/"),
    S("portal:presences", "/presenze/"),
    S("portal:presences-month", MONTH + "/2026-09/"),
    S("portal:presences-month", MONTH + "/2026-08/"),
    S("portal:presence-day", MONTH + "/2026-10-13/"),
    S("portal:presence-day", MONTH + "/2026-10-11/"),
    S("portal:payments", "/pagamenti/"),
    S("portal:top-up", "/pagamenti/ricarica/"),
    S("portal:top-up", "/pagamenti/ricarica/?wallet={wallets[Anna]}"),
    S("portal:top-up", "/pagamenti/ricarica/", press="Prosegui"),
    S("portal:top-up", "/pagamenti/ricarica/?scelta-{wallets[Anna]}=altro&importo-{wallets[Anna]}=1e9&fai=prosegui"),
    S("portal:top-up-check", "/pagamenti/ricarica/controllo/" + ORDER),
    S("portal:top-up-summary", "/pagamenti/ricarica/riepilogo/" + ORDER),
    S("portal:notices", "/pagamenti/avvisi/"),
    S("portal:position", "/pagamenti/avvisi/{notices[Anna][id]}/"),
    S("portal:delete-position", "/pagamenti/avvisi/{notices[Anna][id]}/elimina/"),
    S("portal:movements", "/pagamenti/movimenti/{wallets[Anna]}/"),
    S("portal:movements", "/pagamenti/movimenti/{wallets[Anna]}/?mese=2026-09"),
    S("portal:news", "/news/"),
    S("portal:news-past", "/news/passate/"),
    S("portal:news-item", "/news/{news[0]}/"),
    S("portal:utility", "/utility/"),
    S("portal:change-password", "/utility/password/"),
    S("portal:change-password", "/utility/password/", press="Cambia password"),
    S("portal:faq", "/utility/domande-frequenti/"),
    S("portal:faq", "/utility/domande-frequenti/?q=zzzzzz"),
    S("portal:install", "/utility/installa/"),
    S("portal:contact", "/contattaci/"),
    S("portal:contact", "/contattaci/", press="Invia all’ufficio"),
    S("portal:tickets", "/segnalazioni/"),
    S("portal:ticket", "/segnalazioni/{ticket}/"),
    S("403", "/ufficio/"),
)
# A page says what it says for these people as well: debts, a very long name, missing data, no child at all, all paid.
OTHER_FAMILIES = {
    "greco": (S("portal:home", "/"), S("portal:payments", "/pagamenti/"), S("portal:profile", "/anagrafica/")),
    "lunghi": (
        S("portal:home", "/"),
        S("portal:profile", "/anagrafica/"),
        S("portal:presences", "/presenze/"),
        S("portal:payments", "/pagamenti/"),
        S("portal:top-up-summary", "/pagamenti/ricarica/riepilogo/?r={wallets[Bartolomeo]}-2000&ordine=abcdefghijklmnop"),
        S("portal:confirm-contacts", "/anagrafica/recapiti/conferma/{contacts_token}/"),
    ),
    "marini": (
        S("portal:top-up-check", "/pagamenti/ricarica/controllo/?r={wallets[Pietro]}-2000&ordine=abcdefghijklmnop"),
        S("portal:guardian-tax-code", "/anagrafica/codice-fiscale/"),
        S("portal:guardian-tax-code", "/anagrafica/codice-fiscale/", press="Salva", fill=(("Codice fiscale", "ABC"),)),
        S("portal:child-tax-code", "/anagrafica/figli/{children[Pietro]}/codice-fiscale/"),
        S("portal:profile", "/anagrafica/"),
    ),
    "conti": (
        S("portal:payments", "/pagamenti/"),
        S("portal:position", "/pagamenti/avvisi/{notices[Emma][id]}/"),
        S("portal:notices", "/pagamenti/avvisi/"),
        S("portal:tickets", "/segnalazioni/"),
    ),
    "nuova": (
        S("portal:home", "/"),
        S("portal:profile", "/anagrafica/"),
        S("portal:presences", "/presenze/"),
        S("portal:payments", "/pagamenti/"),
        S("portal:top-up", "/pagamenti/ricarica/"),
        S("portal:messages", "/anagrafica/comunicazioni/"),
    ),
    "prima": (
        S("accounts:first-password", "/password/prima/"),
        S("accounts:first-password", "/password/prima/", press="Salva ed entra"),
    ),
}
SCHOOL = (
    S("rollcall:classes", "/appello/"),
    S("rollcall:classes", "/appello/?servizio=scuolabus"),
    S("rollcall:sheet", SHEET),
    S("rollcall:sheet", "/appello/{classes[1A]}/scuolabus/"),
)
CASHIER = (S("accounts:mine", "/accesso/"), S("accounts:mine", "/accesso/", press="Cambia password"))
KITCHEN = (
    S("kitchen:board", "/cucina/"),
    S("kitchen:day", "/cucina/2026-10-13/"),
    S("kitchen:day", "/cucina/2026-10-18/"),
)
OFFICE = (
    # The office corrects past days on the pages of the school.
    S("rollcall:sheet", SHEET_2B + YESTERDAY),
    S("rollcall:sheet", SHEET + "?giorno=2026-10-11"),
    S("rollcall:correct", SHEET_2B + "{children[Anna]}/correggi/" + YESTERDAY),
    S("rollcall:correct", SHEET_2B + "{children[Anna]}/correggi/" + YESTERDAY, press="*"),
    S("rollcall:adults", SHEET_2B + "adulti/" + YESTERDAY),
    S("rollcall:adults", SHEET_2B + "adulti/" + YESTERDAY, press="*"),
    S("accounts:mine", "/accesso/"),
    S("office:home", "/ufficio/"),
    S("office:search", "/ufficio/cerca/"),
    S("office:search", "/ufficio/cerca/?q=rossi"),
    S("office:search", "/ufficio/cerca/?q=zzzzzz"),
    S("office:child-new", "/ufficio/bambini/nuovo/"),
    S("office:child-new", "/ufficio/bambini/nuovo/", press="Inserisci"),
    S("office:child-data", CHILD + "dati/"),
    S("office:child-class", CHILD + "classe/"),
    S("office:child-diet-write", CHILD + "dieta/scrivi/"),
    S("office:child-services", CHILD + "servizi/"),
    S("office:child-services", CHILD + "servizi/", press="Iscrivi"),
    S("office:subscription-price", CHILD + "servizi/", follow="/tariffa/"),
    S("office:subscription-end", CHILD + "servizi/", follow="/fine/"),
    S("office:child-adults", CHILD + "adulti/"),
    S("office:child-adults", CHILD + "adulti/?q=rossi"),
    S("office:adult-new", CHILD + "adulti/nuovo/"),
    S("office:adult-tie", CHILD + "adulti/?q=rossi", follow="/collega/"),
    S("office:adult-untie", CHILD + "adulti/", follow="/scollega/"),
    S("office:guardian-name", ADULT + "nome/"),
    S("office:child", CHILD),
    S("office:child", "/ufficio/bambini/{children[Bartolomeo]}/"),
    S("office:child", "/ufficio/bambini/{children[Leonardo]}/"),
    S("office:child-movements", CHILD + "movimenti/"),
    S("office:child-notices", CHILD + "avvisi/"),
    S("office:delete-notice", "/ufficio/avvisi/{notices[Anna][id]}/elimina/"),
    S("office:child", "/ufficio/bambini/{children[Anna]}/?mese=2026-09"),
    S("office:child-acts", CHILD + "registro/"),
    S("office:child-diet", "/ufficio/bambini/{children[Anna]}/", press="Apri il motivo"),
    S("office:child-adjust", CHILD + "rettifica/"),
    S("office:child-adjust", CHILD + "rettifica/", press="*"),
    S("office:child-move", "/ufficio/bambini/{children[Anna]}/giroconto/"),
    S("office:child-notice", CHILD + "avviso/"),
    S("office:child-presence", CHILD + "presenza/"),
    S("office:child-note", CHILD + "nota/"),
    S("office:child-tax-code", CHILD + "codice-fiscale/"),
    S("office:guardian", ADULT),
    S("office:guardian-contacts", ADULT + "recapiti/"),
    S("office:guardian-tax-code", ADULT + "codice-fiscale/"),
    S("office:payments", "/ufficio/incassi/"),
    S("office:payments", "/ufficio/incassi/?numero=000000000000000000"),
    S("office:receipt", "/ufficio/incassi/", follow="/ufficio/incassi/ricevute/"),
    S("office:news", "/ufficio/news/"),
    S("office:news-new", "/ufficio/news/nuova/"),
    S("office:news-new", "/ufficio/news/nuova/", press="Salva"),
    S("office:news-edit", "/ufficio/news/{news[0]}/"),
    S("office:news-edit", "/ufficio/news/{draft}/"),
    S("office:faq", "/ufficio/faq/"),
    S("office:faq-new", "/ufficio/faq/nuova/"),
    S("office:faq-edit", "/ufficio/faq/{faq}/"),
    S("office:rollcalls", "/ufficio/presenze/"),
    S("office:rollcalls", "/ufficio/presenze/?giorno=2026-10-13"),
    S("office:closures", "/ufficio/presenze/chiusure/"),
    S("office:closures", "/ufficio/presenze/chiusure/", press="*"),
    S("office:closure", "/ufficio/presenze/chiusure/{closure}/"),
    S("office:reopen-closure", "/ufficio/presenze/chiusure/{closure}/", press="Togli la chiusura"),
    S("office:settings", "/ufficio/impostazioni/"),
    S("office:settings", "/ufficio/impostazioni/", press="Salva le impostazioni", fill=(("Ricarica minima", "mille"),)),
    S("office:catalogue", "/ufficio/impostazioni/catalogo/"),
    S("office:people", "/ufficio/impostazioni/persone/"),
    S("office:person-new", "/ufficio/impostazioni/persone/nuova/"),
    S("office:person-new", "/ufficio/impostazioni/persone/nuova/", press="Dai l’accesso"),
    S("office:person", "/ufficio/impostazioni/persone/{staff[school]}/"),
    S("office:tickets", "/ufficio/segnalazioni/"),
    S("office:tickets", "/ufficio/segnalazioni/?stato=closed"),
    S("office:ticket", "/ufficio/segnalazioni/{ticket}/"),
    S("office:waiting", "/ufficio/da-fare/"),
    S("office:assign-receipt", "/ufficio/da-fare/", follow="/accredita/"),
)

# Pages that a story comes to and examines on its way.
BY_STORY = {
    "portal:contact-sent": "test_faults.py",
    "portal:payment-progress": "test_money.py",
    "portal:back-from-checkout": "test_story.py",
    "portal:pay-position": "test_money.py",
}
# Views that show no page of their own.
NO_PAGE = {
    "files": (
        "design:theme", "design:manifest", "design:service-worker", "portal:attachment", "portal:notice-pdf",
        "portal:receipt-pdf", "portal:movements-csv", "office:notice", "office:receipts-csv", "office:news-attachment",
        "office:guardian-letter", "office:child-letter", "office:person-letter",
    ),
    "parts of a page, asked for by its script": ("kitchen:board-fragment", "rollcall:mark"),
    "forms that lead to a page named above": (
        "accounts:sign-out", "portal:pay-positions", "portal:make-notice", "office:news-publish", "office:news-withdraw",
        "office:news-attach", "office:news-detach", "office:faq-start", "office:faq-remove", "office:ticket-close",
        "office:ticket-reopen", "office:confirm-classes", "office:send-again", "office:child-access",
        "office:guardian-access", "office:adult-payer", "office:guardian-close",
        "office:child-access-close", "office:person-close", "office:close-receipt",
    ),
    "for machines": ("live", "ready", "metrics", "pa-for-node"),
}  # fmt: skip
