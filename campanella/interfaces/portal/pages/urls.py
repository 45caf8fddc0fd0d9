"""Public information: accessibility, privacy, state of the service."""

from django.urls import path

from campanella.interfaces.portal.pages import views

urlpatterns = [
    path("accessibilita/", views.accessibility, name="accessibility"),
    path("privacy/", views.privacy, name="privacy"),
    path("verifica/", views.verify, name="verify"),
    path("stato/", views.status, name="status"),
]
