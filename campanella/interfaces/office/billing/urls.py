"""Addresses of office/billing."""

from django.urls import URLPattern, path

from campanella.interfaces.office.billing import family, fees, lists, policies, recalls, views

urlpatterns: list[URLPattern] = [
    path("fatture/", views.runs, name="billing"),
    path("fatture/mese/<int:run_id>/", views.run, name="billing-run"),
    path("fatture/mese/<int:run_id>/conferma/", views.confirm, name="billing-confirm"),
    path("fatture/mese/<int:run_id>/avanti/", views.go_on, name="billing-go-on"),
    path("fatture/mese/<int:run_id>/ferma/", views.stop, name="billing-stop"),
    path("fatture/mese/<int:run_id>/ritira/", recalls.recall, name="billing-recall"),
    path("fatture/mese/<int:run_id>/ritira/conferma/", recalls.let_go, name="billing-recall-confirm"),
    path("fatture/mese/<int:run_id>/ritira/ferma/", recalls.stop, name="billing-recall-stop"),
    path("fatture/mese/<int:run_id>/consegnate/", views.handed, name="billing-handed"),
    path("fatture/mese/<int:run_id>/elettroniche.zip", views.electronic, name="billing-electronic"),
    path("fatture/elenco/", lists.invoices, name="invoices"),
    path("fatture/elenco.csv", lists.invoices_sheet, {"kind": "csv"}, name="invoices-csv"),
    path("fatture/elenco.xlsx", lists.invoices_sheet, {"kind": "xlsx"}, name="invoices-xlsx"),
    path("fatture/elenco/<int:invoice_id>/", lists.invoice, name="invoice"),
    path("fatture/elenco/<int:invoice_id>/fattura.pdf", lists.paper, name="invoice-pdf"),
    path("fatture/elenco/<int:invoice_id>/nota-di-credito.pdf", lists.credit_note, name="credit-note-pdf"),
    path("fatture/quote/", fees.fees, name="fees"),
    path("fatture/quote/nuova/", fees.new, name="fee-new"),
    path("fatture/quote/<int:fee_id>/", fees.fee, name="fee"),
    path("fatture/quote/<int:fee_id>/conferma/", fees.confirm, name="fee-confirm"),
    path("fatture/quote/<int:fee_id>/ritira/", fees.withdraw, name="fee-withdraw"),
    path("fatture/come-si-paga/", policies.policies, name="pay-policies"),
    path("fatture/come-si-paga/<int:guardian_id>/", family.family_policy, name="family-policy"),
]
