"""Addresses of a family's ISEE."""

from django.urls import path

from campanella.interfaces.portal.isee import views

urlpatterns = [path("anagrafica/isee/", views.isee, name="isee")]
