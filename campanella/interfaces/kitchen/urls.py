"""Addresses of the interface."""

from django.urls import URLPattern, path

from campanella.interfaces.kitchen import views

app_name = "kitchen"

urlpatterns: list[URLPattern] = [
    path("", views.board, name="board"),
    path("tabella/", views.board_fragment, name="board-fragment"),
    path("<str:day>/", views.day, name="day"),
]
