"""Addresses of office/righting."""

from django.urls import URLPattern, path

from campanella.interfaces.office.righting import asking, deciding, refunds

urlpatterns: list[URLPattern] = [
    path("bambini/<int:child_id>/cortesia/", asking.goodwill, name="child-goodwill"),
    path("bambini/<int:child_id>/cancella-debito/", asking.write_off, name="child-write-off"),
    path("bambini/<int:child_id>/rimborso/", asking.refund, name="child-refund"),
    path("bambini/<int:child_id>/altra-famiglia/", asking.passage, name="child-passage"),
    path("rettifiche/", deciding.proposals, name="proposals"),
    path("rettifiche/<int:decision_id>/", deciding.decision, name="decision"),
    path("rimborsi/", refunds.refunds, name="refunds"),
    path("rimborsi/esiti/", refunds.answers, name="refund-answers"),
    path("rimborsi/<int:refund_file_id>/<str:form>.xml", refunds.download, name="refund-file"),
]
