"""Addresses of office/applying."""

from django.urls import URLPattern, path

from campanella.interfaces.office.applying import bands, calls, desk, leaving, many, unenrolled, views

urlpatterns: list[URLPattern] = [
    path("iscrizioni/", views.applications, name="applications"),
    path("iscrizioni/insieme/", many.many, name="applications-many"),
    path("iscrizioni/senza-domanda/", unenrolled.unenrolled, name="unenrolled"),
    path("iscrizioni/moduli/", calls.calls, name="calls"),
    path("iscrizioni/moduli/nuovo/", calls.new, name="call-new"),
    path("iscrizioni/moduli/<int:call_id>/", calls.call, name="call"),
    path("iscrizioni/moduli/<int:call_id>/fasce/", bands.bands, name="application-bands"),
    path("iscrizioni/moduli/<int:call_id>/elenco.<str:kind>", bands.sheet, name="applications-sheet"),
    path("iscrizioni/moduli/<int:call_id>/parte/", calls.new_part, name="call-part-new"),
    path("iscrizioni/moduli/parti/<int:part_id>/", calls.part, name="call-part"),
    path("iscrizioni/<int:application_id>/", views.application, name="application"),
    path("iscrizioni/<int:application_id>/fine/", leaving.end, name="application-end"),
    path("iscrizioni/<int:application_id>/ricevuta.pdf", views.receipt, name="application-receipt"),
    path("iscrizioni/<int:application_id>/documenti/<int:file_id>/", views.file, name="application-file"),
    path("iscrizioni/<int:application_id>/modulo/", desk.form, name="application-form"),
    path("bambini/<int:child_id>/domanda/", desk.begin, name="child-apply"),
]
