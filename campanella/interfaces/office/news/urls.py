"""Addresses of office/news."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
