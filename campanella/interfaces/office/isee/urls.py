"""Addresses of office/isee."""

from django.urls import URLPattern, path

from campanella.interfaces.office.isee import views, what_if

urlpatterns: list[URLPattern] = [
    path("isee/", views.waiting, name="isee-waiting"),
    path("isee/<int:declaration_id>/", views.declaration, name="isee-one"),
    path("isee/<int:declaration_id>/inps/", views.ask_inps, name="isee-inps"),
    path("tariffe/prova/", what_if.trial, name="tariff-trial"),
    path("adulti/<int:guardian_id>/isee/", views.of_adult, name="guardian-isee"),
    path("bambini/<int:child_id>/tariffa/", views.of_child, name="child-tariff"),
]
