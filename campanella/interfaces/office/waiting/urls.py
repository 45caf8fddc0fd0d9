"""Addresses of office/waiting."""

from django.urls import URLPattern, path

from campanella.interfaces.office.waiting import overpaid, views

urlpatterns: list[URLPattern] = [
    path("da-fare/", views.waiting, name="waiting"),
    path("da-fare/classi/", views.confirm_classes, name="confirm-classes"),
    path("da-fare/sollecita/", views.remind, name="remind-schools"),
    path("da-fare/messaggi/<int:message_id>/", views.send_again, name="send-again"),
    path("da-fare/pagate-di-piu/<int:overpaid_id>/", overpaid.seen, name="overpaid-seen"),
    path("incassi/ricevute/<int:receipt_id>/accredita/", views.assign, name="assign-receipt"),
    path("incassi/ricevute/<int:receipt_id>/chiudi/", views.close_receipt, name="close-receipt"),
]
