"""Addresses of portal/news."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
