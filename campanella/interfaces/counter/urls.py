"""Addresses of the interface."""

from django.urls import URLPattern, path

from campanella.interfaces.counter import day, views

app_name = "counter"

urlpatterns: list[URLPattern] = [
    path("", views.home, name="home"),
    path("ricarica/<str:key>/", views.amount, name="amount"),
    path("ricevute/<int:top_up_id>/", views.receipt, name="receipt"),
    path("ricevute/<int:top_up_id>/ricevuta.pdf", views.paper, name="receipt-pdf"),
    path("ricevute/<int:top_up_id>/annulla/", views.void, name="void"),
    path("apri/", day.open_day, name="open-day"),
    path("chiudi/", day.close_day, name="close-day"),
    path("giornate/<int:session_id>/", day.closed, name="closed-day"),
]
