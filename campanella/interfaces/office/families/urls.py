"""Addresses of office/families."""

from django.urls import URLPattern, path

from campanella.interfaces.office.families import views

urlpatterns: list[URLPattern] = [
    path("cerca/", views.search, name="search"),
    path("bambini/<int:child_id>/", views.child, name="child"),
    path("bambini/<int:child_id>/movimenti/", views.movements, name="child-movements"),
    path("bambini/<int:child_id>/registro/", views.acts, name="child-acts"),
    path("bambini/<int:child_id>/dieta/", views.diet, name="child-diet"),
    path("adulti/<int:guardian_id>/", views.guardian, name="guardian"),
]
