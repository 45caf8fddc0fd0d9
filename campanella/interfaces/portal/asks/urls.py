"""Addresses of cancellations and bookings."""

from django.urls import re_path

from campanella.interfaces.portal.asks import booking, views

CHILD = r"(?P<child_id>[0-9]{1,18})/"
NUMBER = r"(?P<asked_id>D-[0-9]{4}-[0-9]{5,9})/"

urlpatterns = [
    re_path(rf"^disdette/{CHILD}$", views.day, name="ask-day"),
    re_path(rf"^disdette/{CHILD}giorni/$", views.days, name="ask-days"),
    re_path(rf"^prenotazioni/{CHILD}$", booking.week, name="book-week"),
    re_path(rf"^richieste/{NUMBER}$", views.asked, name="asked"),
    re_path(rf"^richieste/{NUMBER}ricevuta\.pdf$", views.asked_paper, name="asked-pdf"),
    re_path(rf"^richieste/{NUMBER}annulla/$", views.take_back, name="take-back"),
]
