"""Addresses of office/certificates."""

from django.urls import URLPattern, path

from campanella.interfaces.office.certificates import child, exports, files, services, views

urlpatterns: list[URLPattern] = [
    path("attestazioni/", views.certificates, name="certificates"),
    path("attestazioni/<int:year>/prepara/", views.begin, name="certificates-begin"),
    path("attestazioni/preparazione/<int:run_id>/ferma/", views.stop, name="certificates-stop"),
    path("attestazioni/<int:year>/elenco.csv", files.as_list, {"kind": "csv"}, name="certificates-csv"),
    path("attestazioni/<int:year>/elenco.xlsx", files.as_list, {"kind": "xlsx"}, name="certificates-xlsx"),
    path("attestazioni/<int:year>/attestazioni.pdf", files.as_paper_of_many, name="certificates-pdf"),
    path("attestazioni/<int:year>/agenzia-<str:what>.<str:kind>", files.for_the_agency, name="agency-file"),
    path("attestazioni/<int:year>/bambini/<int:child_id>/", child.year_of, name="child-certificates"),
    path("attestazioni/<int:year>/bambini/<int:child_id>/prepara/", child.make, name="child-certificate-make"),
    path("attestazioni/<int:certificate_id>.pdf", child.paper, name="certificate"),
    path("esportazioni/", exports.exports, name="exports"),
    path("esportazioni/<str:what>.<str:kind>", exports.sheet, name="export-sheet"),
    path("impostazioni/fisco/", services.taxation, name="taxation"),
]
