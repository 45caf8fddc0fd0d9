"""Addresses of office/register."""

from django.urls import URLPattern, path

from campanella.interfaces.office.register import adults, alike, children, picking_up, requests

urlpatterns: list[URLPattern] = [
    path("bambini/nuovo/", children.new_child, name="child-new"),
    path("bambini/somiglianti/", alike.alike, name="children-alike"),
    path("bambini/<int:child_id>/dati/", children.child_data, name="child-data"),
    path("bambini/<int:child_id>/classe/", children.child_class, name="child-class"),
    path("bambini/<int:child_id>/dieta/scrivi/", children.diet, name="child-diet-write"),
    path("bambini/<int:child_id>/servizi/", children.child_services, name="child-services"),
    path("bambini/<int:child_id>/servizi/<int:subscription_id>/tariffa/", children.price, name="subscription-price"),
    path("bambini/<int:child_id>/servizi/<int:subscription_id>/giorni/", children.days, name="subscription-days"),
    path("bambini/<int:child_id>/servizi/<int:subscription_id>/fine/", children.end, name="subscription-end"),
    path("bambini/<int:child_id>/ritiro/", picking_up.pick_up, name="child-pick-up"),
    path("richieste-di-accesso/", requests.waiting, name="registrations"),
    path("richieste-di-accesso/<int:registration_id>/", requests.request_page, name="registration"),
    path("richieste-di-accesso/<int:registration_id>/rifiuta/", requests.refuse, name="registration-refuse"),
    path("bambini/<int:child_id>/codice-per-registrarsi/", requests.print_code, name="child-link-code"),
    path("deleghe/", picking_up.waiting, name="delegates"),
    path("bambini/<int:child_id>/adulti/", adults.adults, name="child-adults"),
    path("bambini/<int:child_id>/adulti/nuovo/", adults.new_adult, name="adult-new"),
    path("bambini/<int:child_id>/adulti/<int:guardian_id>/collega/", adults.tie, name="adult-tie"),
    path("bambini/<int:child_id>/adulti/<int:guardian_id>/scollega/", adults.untie, name="adult-untie"),
    path("bambini/<int:child_id>/adulti/<int:guardian_id>/paga/", adults.choose_payer, name="adult-payer"),
    path("adulti/<int:guardian_id>/nome/", adults.guardian_name, name="guardian-name"),
]
