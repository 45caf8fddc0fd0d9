"""Addresses of office/ranking."""

from django.urls import URLPattern, path

from campanella.interfaces.office.ranking import correcting, papers, setting, views

CALL = "iscrizioni/moduli/<int:call_id>/graduatoria/"
LIST = "iscrizioni/graduatorie/<int:list_id>/"
urlpatterns: list[URLPattern] = [
    path(CALL, views.call, name="call-ranking"),
    path(f"{CALL}regole/", setting.rules, name="ranking-rules"),
    path(f"{CALL}punti/", setting.points, name="ranking-points"),
    path(f"{CALL}posti/", setting.seats, name="ranking-seats"),
    path(LIST, views.ranking, name="ranking"),
    path(f"{LIST}graduatoria.pdf", papers.pdf, name="ranking-pdf"),
    path(f"{LIST}graduatoria.csv", papers.csv, name="ranking-csv"),
    path("iscrizioni/<int:application_id>/punti/", correcting.points, name="application-points"),
]
