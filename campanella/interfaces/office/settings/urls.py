"""Addresses of office/settings."""

from django.urls import URLPattern, path

from campanella.interfaces.office.settings import colleagues, columns, views

urlpatterns: list[URLPattern] = [
    path("impostazioni/", views.settings, name="settings"),
    path("impostazioni/conferma/", views.second_person, name="second-person"),
    path("impostazioni/catalogo/", views.catalogue, name="catalogue"),
    path("impostazioni/colonne/", columns.said, name="import-columns"),
    path("impostazioni/colonne/prova/", columns.trial, name="import-trial"),
    path("impostazioni/persone/", colleagues.people, name="people"),
    path("impostazioni/persone/nuova/", colleagues.new_person, name="person-new"),
    path("impostazioni/persone/<int:user_id>/", colleagues.person, name="person"),
    path("impostazioni/persone/<int:user_id>/lettera/", colleagues.person_letter, name="person-letter"),
    path("impostazioni/persone/<int:user_id>/chiudi/", colleagues.person_close, name="person-close"),
]
