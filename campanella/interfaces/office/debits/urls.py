"""Addresses of office/debits."""

from django.urls import URLPattern, path

from campanella.interfaces.office.debits import taking, views

urlpatterns: list[URLPattern] = [
    path("addebiti/", views.debits, name="debits"),
    path("addebiti/esiti/", views.answers, name="debit-answers"),
    path("addebiti/autorizzazioni/", taking.take, name="take-mandates"),
    path("addebiti/<int:file_id>/<str:form>.xml", views.download, name="debit-file"),
    path("adulti/<int:guardian_id>/addebito/", views.paper, name="guardian-debit"),
]
