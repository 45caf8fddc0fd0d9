"""The questions every town begins with; the office changes them as it likes."""

FIRST_FAQ: tuple[tuple[str, str], ...] = (
    (
        "Come ricarico il credito?",
        "Apri Pagamenti, poi Effettua una ricarica. Scegli il servizio e l’importo, oppure scrivi l’importo che vuoi in "
        "Ricarica personalizzata. Controlla i dati e scegli Pagamento on-line: paghi con pagoPA, con carta o con gli altri "
        "modi che vedi lì. Se preferisci pagare in banca, in tabaccheria o alla posta, scegli Genera Avviso di pagamento.",
    ),
    (
        "Ho pagato e il credito non c’è ancora: devo pagare di nuovo?",
        "No, non pagare di nuovo. Finché pagoPA non ci manda la ricevuta leggi che sta arrivando. Appena la ricevuta "
        "arriva, il credito si aggiorna da solo e ti scriviamo una e-mail, anche se hai chiuso la pagina. Se dopo un "
        "giorno non è cambiato nulla, scrivici da Contattaci con il numero dell’avviso.",
    ),
    (
        "Dove trovo gli avvisi di pagamento?",
        "In Pagamenti, alla voce Avvisi di pagamento da pagare. Puoi pagarli on-line, stamparli per pagare dove vuoi, o "
        "eliminarli se non ti servono più. Il codice QR e il numero dell’avviso bastano per pagare in banca, in "
        "tabaccheria, alla posta o con un’app.",
    ),
    (
        "Un avviso è scaduto: che cosa faccio?",
        "Non serve recuperarlo. Fai una nuova ricarica dell’importo che vuoi: il portale prepara un altro avviso.",
    ),
    (
        "Dove trovo la ricevuta di un pagamento?",
        "In Pagamenti c’è l’elenco delle ricariche fatte. Aprine una e trovi la ricevuta, da scaricare o stampare.",
    ),
    (
        "Come vedo i giorni in cui mio figlio ha mangiato?",
        "In Presenze, mese per mese: presente, assente o servizio chiuso. Apri un giorno per vedere l’addebito.",
    ),
    (
        "Mio figlio oggi è assente: pago il pasto?",
        "No. Il pasto si paga quando la scuola lo segna presente all’appello. Se vedi un pasto di un giorno in cui "
        "era assente, scrivici da Contattaci: controlliamo con la scuola e correggiamo l’addebito.",
    ),
    (
        "Il credito è finito: mio figlio mangia lo stesso?",
        "Sì, mangia come tutti. A scuola nessuno vede il credito. Quando sta per finire ti avvisiamo con una e-mail: "
        "ricarica appena puoi.",
    ),
    (
        "Perché non ricevo le e-mail?",
        "Controlla in Anagrafica che l’indirizzo sia giusto: se lo cambi, ti chiediamo di confermarlo con un collegamento. "
        "Guarda anche nella posta indesiderata.",
    ),
    (
        "Come cambio la password, o ne chiedo una nuova?",
        "Se sei nel portale, apri Utility e poi Cambia password. Se non riesci a entrare, nella pagina di accesso apri “Hai "
        "dimenticato la password?”: ti mandiamo un collegamento via e-mail, che vale un’ora.",
    ),
    (
        "Anche l’altro genitore può avere un accesso?",
        "Sì. Scrivi all’ufficio da Contattaci e indica il suo nome, il codice fiscale e l’indirizzo e-mail: l’ufficio "
        "controlla e prepara l’accesso. Ognuno entra con il proprio nome utente e la propria password.",
    ),
    (
        "Trovo qui l’attestazione per il 730?",
        "Sì. Apri Pagamenti e poi Dichiarazione fiscale: di ogni anno finito scarichi l’attestazione di ogni figlio, da "
        "portare al CAF o allegare al 730. Se manca qualcosa scrivi all’ufficio da Contattaci.",
    ),
)
