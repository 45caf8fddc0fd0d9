"""Addresses of office/billing."""

from django.urls import URLPattern, path

from campanella.interfaces.office.billing import lists, policies, views

urlpatterns: list[URLPattern] = [
    path("fatture/", views.runs, name="billing"),
    path("fatture/mese/<int:run_id>/", views.run, name="billing-run"),
    path("fatture/mese/<int:run_id>/conferma/", views.confirm, name="billing-confirm"),
    path("fatture/mese/<int:run_id>/avanti/", views.go_on, name="billing-go-on"),
    path("fatture/mese/<int:run_id>/ferma/", views.stop, name="billing-stop"),
    path("fatture/mese/<int:run_id>/ritira/", views.recall, name="billing-recall"),
    path("fatture/elenco/", lists.invoices, name="invoices"),
    path("fatture/elenco/<int:invoice_id>/", lists.invoice, name="invoice"),
    path("fatture/elenco/<int:invoice_id>/fattura.pdf", lists.paper, name="invoice-pdf"),
    path("fatture/come-si-paga/", policies.policies, name="pay-policies"),
]
