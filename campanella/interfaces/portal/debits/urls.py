"""Addresses of portal/debits."""

from django.urls import path

from campanella.interfaces.portal.debits import views

urlpatterns = [
    path("pagamenti/addebito/", views.debit, name="debit"),
    path("pagamenti/addebito/conto/", views.account, name="debit-account"),
    path("pagamenti/addebito/revoca/", views.revoke, name="debit-revoke"),
    path("pagamenti/addebito/riprendi/", views.resume, name="debit-resume"),
    path("pagamenti/addebito/modulo.pdf", views.form_pdf, name="debit-form"),
]
