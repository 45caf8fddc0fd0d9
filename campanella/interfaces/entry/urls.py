"""Addresses of the doors: entering, leaving, passwords."""

from django.urls import path

from campanella.interfaces.entry import mine, registering, views

urlpatterns = [
    path("entra/", views.sign_in, name="sign-in"),
    path("esci/", views.sign_out, name="sign-out"),
    path("password/dimenticata/", views.forgotten, name="forgotten"),
    path("password/nuova/<int:user_id>/<str:token>/", views.reset, name="reset"),
    path("registrati/", registering.register, name="register"),
    path("registrati/conferma/<str:token>/", registering.confirm, name="confirm-registration"),
    path("accesso/", mine.mine, name="mine"),
    path("accesso/pin/", mine.pin, name="pin"),
    path("password/prima/", views.first_password, name="first-password"),
]
