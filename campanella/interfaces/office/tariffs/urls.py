"""Addresses of office/tariffs."""

from django.urls import URLPattern, path

from campanella.interfaces.office.tariffs import changing, taking, views

urlpatterns: list[URLPattern] = [
    path("tariffe/", views.tariffs, name="tariffs"),
    path("tariffe/file/", views.file, name="tariffs-file"),
    path("tariffe/carica/", taking.take, name="tariffs-load"),
    path("tariffe/<int:tariff_id>/", views.tariff, name="tariff"),
    path("tariffe/<int:tariff_id>/cambia/", changing.change, name="tariff-change"),
]
