"""Addresses of office/diets."""

from django.urls import URLPattern, path

from campanella.interfaces.office.diets import codes, views

urlpatterns: list[URLPattern] = [
    path("diete/", views.diets, name="diets"),
    path("diete/sigle/", codes.codes, name="diet-codes"),
    path("diete/sigle/<int:code_id>/certificato/", codes.certificate, name="diet-code-certificate"),
    path("diete/<int:proposal_id>/", views.proposal, name="diet-proposal"),
    path("diete/<int:proposal_id>/conferma/", views.confirm, name="diet-confirm"),
    path("diete/<int:proposal_id>/scarta/", views.drop, name="diet-drop"),
    path("diete/certificati/<int:certificate_id>/", views.certificate, name="diet-certificate"),
]
