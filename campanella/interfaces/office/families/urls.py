"""Addresses of office/families."""

from django.urls import URLPattern, path

from campanella.interfaces.office.families import access, money, movements, records, views

urlpatterns: list[URLPattern] = [
    path("cerca/", views.search, name="search"),
    path("bambini/<int:child_id>/", views.child, name="child"),
    path("bambini/<int:child_id>/movimenti/", movements.movements, name="child-movements"),
    path("bambini/<int:child_id>/movimenti.csv", movements.as_csv, name="child-movements-csv"),
    path("bambini/<int:child_id>/estratto-conto.pdf", movements.statement, name="child-statement-pdf"),
    path("bambini/<int:child_id>/registro/", views.acts, name="child-acts"),
    path("bambini/<int:child_id>/dieta/", views.diet, name="child-diet"),
    path("bambini/<int:child_id>/rettifica/", money.adjust, name="child-adjust"),
    path("bambini/<int:child_id>/giroconto/", money.move, name="child-move"),
    path("bambini/<int:child_id>/avviso/", money.new_notice, name="child-notice"),
    path("bambini/<int:child_id>/presenza/", records.presence, name="child-presence"),
    path("bambini/<int:child_id>/nota/", records.note, name="child-note"),
    path("bambini/<int:child_id>/codice-fiscale/", records.child_tax_code, name="child-tax-code"),
    path("bambini/<int:child_id>/accesso/", access.child_access, name="child-access"),
    path("bambini/<int:child_id>/accesso/lettera/", access.child_letter, name="child-letter"),
    path("bambini/<int:child_id>/accesso/<int:user_id>/chiudi/", access.child_access_close, name="child-access-close"),
    path("bambini/<int:child_id>/avvisi/", views.notices, name="child-notices"),
    path("avvisi/<int:request_id>/elimina/", money.delete_notice, name="delete-notice"),
    path("avvisi/<int:request_id>.pdf", money.notice, name="notice"),
    path("adulti/<int:guardian_id>/", views.guardian, name="guardian"),
    path("adulti/<int:guardian_id>/recapiti/", records.contacts, name="guardian-contacts"),
    path("adulti/<int:guardian_id>/codice-fiscale/", records.guardian_tax_code, name="guardian-tax-code"),
    path("adulti/<int:guardian_id>/accesso/", access.guardian_access, name="guardian-access"),
    path("adulti/<int:guardian_id>/accesso/lettera/", access.guardian_letter, name="guardian-letter"),
    path("adulti/<int:guardian_id>/accesso/chiudi/", access.guardian_close, name="guardian-close"),
]
