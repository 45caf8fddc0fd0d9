"""Addresses of portal/payments."""

from django.urls import path

from campanella.interfaces.portal.payments import documents, hub, movements, notices, top_up, visit

urlpatterns = [
    path("pagamenti/", hub.payments, name="payments"),
    path("pagamenti/ricarica/", top_up.amounts, name="top-up"),
    path("pagamenti/ricarica/controllo/", top_up.check, name="top-up-check"),
    path("pagamenti/ricarica/riepilogo/", top_up.summary, name="top-up-summary"),
    path("pagamenti/ritorno/<str:token>/", visit.progress, name="payment-progress"),
    path("pagamenti/ritorno/<str:token>/<str:outcome>/", visit.back, name="back-from-checkout"),
    path("pagamenti/avvisi/", notices.notices, name="notices"),
    path("pagamenti/avvisi/paga/", notices.pay_chosen, name="pay-positions"),
    path("pagamenti/avvisi/<int:request_id>/", notices.position, name="position"),
    path("pagamenti/avvisi/<int:request_id>/paga/", notices.pay, name="pay-position"),
    path("pagamenti/avvisi/<int:request_id>/genera/", notices.make, name="make-notice"),
    path("pagamenti/avvisi/<int:request_id>/elimina/", notices.delete, name="delete-position"),
    path("pagamenti/avvisi/<int:request_id>/avviso.pdf", documents.notice, name="notice-pdf"),
    path("pagamenti/avvisi/<int:request_id>/ricevuta.pdf", documents.receipt, name="receipt-pdf"),
    path("pagamenti/movimenti/<int:wallet_id>/", movements.movements, name="movements"),
    path("pagamenti/movimenti/<int:wallet_id>/movimenti.csv", movements.as_csv, name="movements-csv"),
]
