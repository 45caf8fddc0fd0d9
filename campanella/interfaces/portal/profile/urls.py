"""Data of the family, its contacts and missing tax codes, and what was written to it."""

from django.urls import path

from campanella.interfaces.portal.profile import linking, picking_up, views

urlpatterns = [
    path("anagrafica/", views.profile, name="profile"),
    path("anagrafica/recapiti/", views.contacts, name="email"),
    path("anagrafica/recapiti/conferma/<str:token>/", views.confirm, name="confirm-contacts"),
    path("anagrafica/codice-fiscale/", views.own_tax_code, name="guardian-tax-code"),
    path("anagrafica/figli/collega/", linking.link_child, name="link-child"),
    path("anagrafica/figli/<int:child_id>/codice-fiscale/", views.child_tax_code, name="child-tax-code"),
    path("anagrafica/figli/<int:child_id>/ritiro/", picking_up.pick_up, name="pick-up"),
    path("anagrafica/comunicazioni/", views.messages_received, name="messages"),
    path("anagrafica/comunicazioni/<int:message_id>/", views.message, name="message"),
]
