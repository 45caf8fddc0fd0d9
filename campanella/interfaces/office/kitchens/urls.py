"""Addresses of office/kitchens."""

from django.urls import URLPattern, path

from campanella.interfaces.office.kitchens import menus, taking, views

urlpatterns: list[URLPattern] = [
    path("cucine/", views.kitchens, name="kitchens"),
    path("cucine/scuole/", views.schools_cooked_for, name="kitchen-schools"),
    path("cucine/turni/<int:school_id>/", views.shifts, name="school-shifts"),
    path("menu/", menus.menus, name="menus"),
    path("menu/<int:menu_id>/importa/", taking.take, name="take-menu"),
    path("menu/<int:menu_id>/<int:week>/", menus.week, name="menu-week"),
]
