"""Addresses of enrolment online."""

from django.urls import path

from campanella.interfaces.portal.applying import leaving, steps, views

urlpatterns = [
    path("iscrizioni/", views.applications, name="applications"),
    path("iscrizioni/servizi/<int:call>/", steps.start, name="application-start"),
    path("iscrizioni/<int:application_id>/", views.application, name="application"),
    path("iscrizioni/<int:application_id>/dati/", steps.data, name="application-data"),
    path("iscrizioni/<int:application_id>/riepilogo/", steps.summary, name="application-summary"),
    path("iscrizioni/<int:application_id>/inviata/", steps.sent, name="application-sent"),
    path("iscrizioni/<int:application_id>/ricevuta.pdf", views.receipt, name="application-receipt"),
    path("iscrizioni/<int:application_id>/rinuncia/", leaving.give_up, name="application-give-up"),
    path("iscrizioni/<int:application_id>/ritira/", views.withdraw, name="application-withdraw"),
]
