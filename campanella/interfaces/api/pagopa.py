"""``POST /pagopa/paForNode``: the SOAP server that the pagoPA Node calls, one station for every town."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from campanella.domains.payments.gateways.pagopa import answers, server, soap
from campanella.usecases.pagopa.desk import TownDesk


@csrf_exempt
@require_POST
def pa_for_node(request: HttpRequest) -> HttpResponse:
    """Hand the body to the gateway; who the caller is, the proxy's client certificate has said before."""
    if request.headers.get("Content-Encoding", "identity") != "identity":
        return HttpResponse(
            answers.soap_fault("compressed bodies are not read"), status=415, content_type=answers.CONTENT_TYPE
        )
    station = server.Station(broker=settings.PAGOPA_BROKER, station=settings.PAGOPA_STATION)
    charset = (request.content_params or {}).get("charset", "")
    answer = server.answer(_body(request), desk=TownDesk(), station=station, charset=charset)
    return HttpResponse(answer.body, status=answer.status, content_type=answers.CONTENT_TYPE)


def _body(request: HttpRequest) -> bytes:
    """Read the body, at most one byte more than is allowed."""
    most = soap.LONGEST_BODY + 1
    # A body in chunks says no length, and Django takes it for empty; the web server ends it by itself.
    if not request.META.get("CONTENT_LENGTH") and request.META.get("wsgi.input_terminated"):
        return bytes(request.META["wsgi.input"].read(most))
    return request.read(most)


pa_for_node.access = "node"  # type: ignore[attr-defined]  # read by the access test
