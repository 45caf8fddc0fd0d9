"""Addresses of office/statistics."""

from django.urls import URLPattern, path

from campanella.interfaces.office.statistics import views

urlpatterns: list[URLPattern] = [
    path("statistiche/", views.figures, name="statistics"),
    path("statistiche/<str:what>.<str:kind>", views.sheet, name="statistics-sheet"),
]
