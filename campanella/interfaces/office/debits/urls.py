"""Addresses of office/debits."""

from django.urls import URLPattern, path

from campanella.interfaces.office.debits import history, sorting, taking, views

urlpatterns: list[URLPattern] = [
    path("addebiti/", views.debits, name="debits"),
    path("addebiti/esiti/", views.answers, name="debit-answers"),
    path("addebiti/esiti/<int:line_id>/", sorting.sort_out, name="debit-line"),
    path("addebiti/autorizzazioni/", taking.take, name="take-mandates"),
    path("addebiti/<int:file_id>/", history.collections, name="debit-collections"),
    path("addebiti/<int:file_id>/<str:form>.xml", views.download, name="debit-file"),
    path("adulti/<int:guardian_id>/addebito/", views.paper, name="guardian-debit"),
    path("adulti/<int:guardian_id>/addebito/storia/", history.history, name="guardian-debits"),
]
