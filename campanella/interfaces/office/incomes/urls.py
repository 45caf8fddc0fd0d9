"""Addresses of office/incomes."""

from django.urls import URLPattern, path

from campanella.interfaces.office.incomes import views

urlpatterns: list[URLPattern] = [
    path("incassi/ricevute/<int:receipt_id>/", views.receipt, name="receipt"),
]
