"""Addresses of office/schools."""

from django.urls import URLPattern, path

from campanella.interfaces.office.schools import classes, services, views, years

urlpatterns: list[URLPattern] = [
    path("impostazioni/scuole/", views.every_school, name="schools"),
    path("impostazioni/scuole/nuova/", views.new_school, name="school-new"),
    path("impostazioni/scuole/<int:school_id>/", views.school, name="school"),
    path("impostazioni/scuole/<int:school_id>/classi/", classes.open_classes, name="school-classes"),
    path("impostazioni/scuole/<int:school_id>/chiudi/", views.close, name="school-close"),
    path("impostazioni/scuole/<int:school_id>/riapri/", views.reopen, name="school-reopen"),
    path("impostazioni/classi/<int:class_group_id>/", classes.one_class, name="class"),
    path("impostazioni/servizi/nuovo/", services.new_service, name="service-new"),
    path("impostazioni/servizi/<int:service_id>/", services.service, name="service"),
    path("impostazioni/servizi/<int:service_id>/su/", services.service_up, name="service-up"),
    path("impostazioni/anni/nuovo/", years.new_year, name="year-new"),
    path("impostazioni/anni/<int:year_id>/", years.school_year, name="school-year"),
]
