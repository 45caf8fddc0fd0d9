"""Public information: accessibility, privacy, state of the service, what things cost."""

from django.urls import path

from campanella.interfaces.portal.pages import simulator, views

urlpatterns = [
    path("accessibilita/", views.accessibility, name="accessibility"),
    path("privacy/", views.privacy, name="privacy"),
    path("quanto-si-paga/", simulator.simulator, name="simulator"),
    path("verifica/", views.verify, name="verify"),
    path("stato/", views.status, name="status"),
]
