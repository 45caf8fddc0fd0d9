"""Addresses of the interface."""

from django.urls import URLPattern, path

from campanella.interfaces.rollcall import correcting, hours, leaving, line, paper, riding, tablet_app, views

app_name = "rollcall"

urlpatterns: list[URLPattern] = [
    path("", views.classes, name="classes"),
    path("tablet/", tablet_app.tablet, name="tablet"),
    path("tablet/manifest.webmanifest", tablet_app.manifest, name="tablet-manifest"),
    path("tablet/sw.js", tablet_app.service_worker, name="tablet-worker"),
    path("elenco/<str:service>/", riding.riders, name="riders"),
    path("elenco/<str:service>/elenco.pdf", riding.riders_paper, name="riders-paper"),
    path("linea/<int:ride_id>/", line.line, name="line"),
    path("<int:class_id>/<str:service>/", views.sheet, name="sheet"),
    path("<int:class_id>/<str:service>/segno/", views.mark, name="mark"),
    path("<int:class_id>/<str:service>/uscita/", leaving.leave, name="leave"),
    path("<int:class_id>/<str:service>/ore/", hours.hours, name="hours"),
    path("<int:class_id>/<str:service>/foglio/", paper.copy, name="copy"),
    path("<int:class_id>/<str:service>/foglio.pdf", paper.paper, name="paper"),
    path("<int:class_id>/<str:service>/adulti/", correcting.adults, name="adults"),
    path("<int:class_id>/<str:service>/<int:child_id>/correggi/", correcting.correct, name="correct"),
]
