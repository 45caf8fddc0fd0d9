"""Addresses of office/cash."""

from django.urls import URLPattern, path

from campanella.interfaces.office.cash import settlements, views

urlpatterns: list[URLPattern] = [
    path("casse/", views.points, name="cash-points"),
    path("casse/incassi.csv", views.taken_csv, name="cash-csv"),
    path("casse/giornate.csv", views.days_csv, name="cash-days-csv"),
    path("casse/nuova/", views.new, name="cash-point-new"),
    path("casse/<int:point_id>/", views.point, name="cash-point"),
    path("casse/<int:point_id>/chiudi/", views.close, name="cash-point-close"),
    path("casse/<int:point_id>/riversa/", settlements.settle, name="cash-settle"),
    path("casse/giornate/<int:session_id>/", views.session, name="cash-session"),
    path("casse/riversamenti/<int:settlement_id>/", settlements.settlement, name="cash-settlement"),
]
