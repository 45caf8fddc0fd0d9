"""Addresses of office/bus."""

from django.urls import URLPattern, path

from campanella.interfaces.office.bus import papers, seats, views

urlpatterns: list[URLPattern] = [
    path("scuolabus/", views.rides, name="bus"),
    path("scuolabus/nuova/", views.new, name="bus-new"),
    path("scuolabus/<int:ride_id>/", views.ride, name="bus-ride"),
    path("scuolabus/<int:ride_id>/modifica/", views.change, name="bus-change"),
    path("scuolabus/<int:ride_id>/elenco.pdf", papers.riders, name="bus-paper"),
    path("scuolabus/posti/<int:place_id>/", seats.place, name="bus-place"),
    path("bambini/<int:child_id>/scuolabus/", seats.child_bus, name="child-bus"),
]
