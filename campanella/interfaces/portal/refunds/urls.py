"""Addresses of portal/refunds."""

from django.urls import path

from campanella.interfaces.portal.refunds import views

urlpatterns = [
    path("pagamenti/rimborsi/", views.refunds, name="refunds"),
    path("pagamenti/rimborsi/<int:wallet_id>/", views.ask, name="ask-refund"),
    path("pagamenti/rimborsi/ritira/<int:refund_id>/", views.withdraw, name="withdraw-refund"),
]
