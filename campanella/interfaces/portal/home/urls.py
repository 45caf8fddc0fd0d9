"""The first page."""

from django.urls import path

from campanella.interfaces.portal.home import views

urlpatterns = [path("", views.front, name="home")]
