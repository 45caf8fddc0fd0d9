"""Addresses of the look: the town's colours, the installable app, the service worker."""

from django.urls import path

from campanella.foundation.design import views

app_name = "design"

# The worker lives at the root because a worker rules only the addresses below its own.
urlpatterns = [
    path("theme/<str:colour>.css", views.theme, name="theme"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("sw.js", views.service_worker, name="service-worker"),
    path("offline", views.offline, name="offline"),
]
