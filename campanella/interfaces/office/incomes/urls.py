"""Addresses of office/incomes."""

from django.urls import URLPattern, path

from campanella.interfaces.office.incomes import views

urlpatterns: list[URLPattern] = [
    path("incassi/", views.incomes, name="payments"),
    path("incassi/ricevute.csv", views.download, {"kind": "csv"}, name="receipts-csv"),
    path("incassi/ricevute.xlsx", views.download, {"kind": "xlsx"}, name="receipts-xlsx"),
    path("incassi/ricevute/<int:receipt_id>/", views.receipt, name="receipt"),
]
