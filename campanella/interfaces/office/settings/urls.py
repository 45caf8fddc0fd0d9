"""Addresses of office/settings."""

from django.urls import URLPattern, path

from campanella.interfaces.office.settings import views

urlpatterns: list[URLPattern] = [
    path("impostazioni/", views.settings, name="settings"),
    path("impostazioni/catalogo/", views.catalogue, name="catalogue"),
]
