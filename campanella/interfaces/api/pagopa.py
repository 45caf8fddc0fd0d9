"""``POST /pagopa/paForNode``: the SOAP server that the pagoPA Node calls, one station for every town."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from campanella.domains.payments.gateways.pagopa import answers, server, soap
from campanella.usecases.pagopa_desk import TownDesk


@csrf_exempt
@require_POST
def pa_for_node(request: HttpRequest) -> HttpResponse:
    """Hand the body to the gateway; who the caller is, the proxy's client certificate has said before."""
    body = request.read(soap.LONGEST_BODY + 1)
    station = server.Station(broker=settings.PAGOPA_BROKER, station=settings.PAGOPA_STATION)
    answer = server.answer(body, desk=TownDesk(), station=station)
    return HttpResponse(answer.body, status=answer.status, content_type=answers.CONTENT_TYPE)


pa_for_node.access = "node"  # type: ignore[attr-defined]  # read by the access test
