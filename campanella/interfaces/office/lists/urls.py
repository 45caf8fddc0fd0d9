"""Addresses of office/lists."""

from django.urls import URLPattern, path

from campanella.interfaces.office.lists import acts, views

urlpatterns: list[URLPattern] = [
    path("elenchi/", views.children, name="lists"),
    path("elenchi/bambini.<str:kind>", views.sheet, name="list-sheet"),
    path("elenchi/classi/<int:class_group_id>.pdf", views.class_paper, name="class-paper"),
    path("elenchi/messaggio/", acts.message, name="list-message"),
    path("elenchi/lettere/", acts.letters, name="list-letters"),
    path("elenchi/avvisi/", acts.notices, name="list-notices"),
    path("elenchi/fatto/<str:act>/", acts.done, name="list-done"),
]
