"""Addresses of office/offers."""

from django.urls import URLPattern, path

from campanella.interfaces.office.offers import views

urlpatterns: list[URLPattern] = [
    path("posti/<int:place_id>/tempo/", views.place, name="place-prolong"),
    path("iscrizioni/posti/<int:offer_id>/tempo/", views.seat, name="seat-prolong"),
]
