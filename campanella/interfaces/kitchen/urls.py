"""Addresses of the interface."""

from django.urls import URLPattern, path

from campanella.interfaces.kitchen import menus, sheets, views

app_name = "kitchen"

urlpatterns: list[URLPattern] = [
    path("", views.board, name="board"),
    path("tabella/", views.board_fragment, name="board-fragment"),
    path("fogli/<int:sheet_id>/produzione.pdf", sheets.production, name="production"),
    path("fogli/<int:sheet_id>/produzione.csv", sheets.production_csv, name="production-csv"),
    path("fogli/<int:sheet_id>/bolle.pdf", sheets.delivery, name="delivery"),
    path("fogli/<int:sheet_id>/bolle.csv", sheets.delivery_csv, name="delivery-csv"),
    path("fogli/<int:sheet_id>/etichette-<str:format>.pdf", sheets.labels, name="labels"),
    path("fogli/<int:sheet_id>/etichette.pdf", sheets.labels_chosen, name="labels-chosen"),
    path("fogli/<int:sheet_id>/etichette.csv", sheets.labels_csv, name="labels-csv"),
    path("fogli/<int:sheet_id>/ristampa/", sheets.again, name="sheet-again"),
    path("menu/<int:menu_id>/menu.pdf", menus.paper, name="menu"),
    path("menu/<int:menu_id>/menu.csv", menus.csv, name="menu-csv"),
    path("<str:day>/foglio.pdf", views.paper, name="paper"),
    path("<str:day>/", views.day, name="day"),
]
