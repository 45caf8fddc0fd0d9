"""Addresses of office/arrears."""

from django.urls import URLPattern, path

from campanella.interfaces.office.arrears import collector, households, ladder, letters, plans, reminders, runs, stops

urlpatterns: list[URLPattern] = [
    path("solleciti/", runs.runs, name="reminders"),
    path("solleciti/invii/<int:run_id>/", runs.run, name="reminder-run"),
    path("solleciti/invii/<int:run_id>/conferma/", runs.confirm, name="reminders-confirm"),
    path("solleciti/invii/<int:run_id>/avanti/", runs.go_on, name="reminders-go-on"),
    path("solleciti/invii/<int:run_id>/ferma/", runs.stop, name="reminders-stop"),
    path("solleciti/invii/<int:run_id>/chiudi/", runs.close, name="reminders-close"),
    path("solleciti/invii/<int:run_id>/lettere.zip", reminders.letters, name="reminder-letters"),
    path("solleciti/invii/<int:run_id>/lettere/<int:payer_id>/", letters.letter, name="reminder-letter"),
    path("solleciti/invii/<int:run_id>/lettere/<int:payer_id>.pdf", letters.paper, name="reminder-letter-pdf"),
    path("solleciti/<int:reminder_id>/", reminders.reminder, name="reminder"),
    path("solleciti/<int:reminder_id>/sollecito.pdf", reminders.paper, name="reminder-pdf"),
    path("solleciti/<int:reminder_id>/interessi/", reminders.waive, name="reminder-waive"),
    path("solleciti/passi/", ladder.ladder, name="ladder"),
    path("solleciti/passi/passi.json", ladder.as_file, name="ladder-file"),
    path("solleciti/fermi/", stops.stops, name="reminder-stops"),
    path("solleciti/fermi/<int:stop_id>/motivo/", stops.reason, name="reminder-stop-reason"),
    path("solleciti/fermi/<int:stop_id>/riprendi/", stops.end, name="reminder-stop-end"),
    path("solleciti/riscossione/", collector.collector, name="collector"),
    path("solleciti/riscossione/riscossione.<str:form>", collector.sheet, name="collector-sheet"),
    path("solleciti/rate/", plans.plans, name="plans"),
    path("solleciti/rate/<int:plan_id>/", plans.plan, name="plan"),
    path("adulti/<int:guardian_id>/solleciti/", households.household, name="guardian-arrears"),
    path("adulti/<int:guardian_id>/ferma-solleciti/", stops.stop, name="guardian-stop"),
    path("adulti/<int:guardian_id>/rate/", plans.agree, name="guardian-plan"),
]
