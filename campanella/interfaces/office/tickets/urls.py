"""Addresses of office/tickets."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
