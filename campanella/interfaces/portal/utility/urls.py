"""Addresses of portal/utility."""

from django.urls import path

from campanella.interfaces.portal.utility import tickets, views

urlpatterns = [
    path("utility/", views.utility, name="utility"),
    path("utility/password/", views.change_password, name="change-password"),
    path("utility/domande-frequenti/", views.faq, name="faq"),
    path("utility/installa/", views.install, name="install"),
    path("contattaci/", tickets.contact, name="contact"),
    path("contattaci/inviata/", tickets.sent, name="contact-sent"),
    path("segnalazioni/", tickets.own_tickets, name="tickets"),
    path("segnalazioni/<int:number>/", tickets.own_ticket, name="ticket"),
]
