"""Addresses of office/families."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
