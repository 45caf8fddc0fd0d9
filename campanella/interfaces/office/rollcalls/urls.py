"""Addresses of office/rollcalls."""

from django.urls import URLPattern, path

from campanella.interfaces.office.rollcalls import closures, giving, register, taking, views

urlpatterns: list[URLPattern] = [
    path("presenze/", views.rollcalls, name="rollcalls"),
    path("presenze/chiusure/", closures.closures, name="closures"),
    path("presenze/chiusure/<int:closure_id>/", closures.closure, name="closure"),
    path("presenze/chiusure/<int:closure_id>/restituisci/", closures.give_back, name="give-back-closure"),
    path("presenze/chiusure/<int:closure_id>/togli/", closures.reopen, name="reopen-closure"),
    path("presenze/restituisci/", giving.give_back, name="give-back"),
    path("presenze/importa/", taking.take, name="take-register"),
    path("presenze/registro/", register.register_of, name="register-of"),
    path("presenze/registro/<int:class_group_id>/<slug:code>/", register.register, name="register"),
    path(
        "presenze/registro/<int:class_group_id>/<slug:code>/registro.<slug:kind>",
        register.register_sheet,
        name="register-sheet",
    ),
    path(
        "presenze/registro/<int:class_group_id>/<slug:code>/bambino/<int:child_id>/",
        register.register_child,
        name="register-child",
    ),
    path("presenze/registro/<int:class_group_id>/<slug:code>/<str:day>/", register.register_day, name="register-day"),
]
