"""The menu of the office."""

from campanella.foundation.design.menus import Entry

OFFICE = (
    Entry(("home",), "Oggi", "office:home"),
    Entry(("waiting",), "Da fare", "office:waiting"),
    Entry(("families",), "Famiglie", "office:search"),
    Entry(("applications",), "Iscrizioni", "office:applications"),
    Entry(("rollcalls",), "Presenze", "office:rollcalls"),
    Entry(("tablets",), "Tablet", "office:tablets"),
    Entry(("payments",), "Incassi", "office:payments"),
    Entry(("billing",), "Fatture", "office:billing"),
    Entry(("arrears",), "Solleciti", "office:reminders"),
    Entry(("news",), "News", "office:news"),
    Entry(("tickets",), "Segnalazioni", "office:tickets"),
    Entry(("settings",), "Impostazioni", "office:settings"),
)
