"""Addresses of office/tickets."""

from django.urls import path

from campanella.interfaces.office.tickets import views

urlpatterns = [
    path("segnalazioni/", views.tickets, name="tickets"),
    path("segnalazioni/<int:number>/", views.ticket, name="ticket"),
    path("segnalazioni/<int:number>/accogli/", views.accept, name="ticket-accept"),
    path("segnalazioni/<int:number>/chiudi/", views.close, name="ticket-close"),
    path("segnalazioni/<int:number>/riapri/", views.reopen, name="ticket-reopen"),
]
