"""How the JSON API says what went wrong: a word for the program, a sentence for the person."""

from http import HTTPStatus

from django.http import JsonResponse

from campanella.foundation.core import clock


def refused(status: HTTPStatus, error: str, sentence: str) -> JsonResponse:
    """Refuse a request: ``error`` is one word that never changes, ``sentence`` is Italian and may."""
    told = {"error": error, "sentence": sentence, "server_time": server_time()}
    answer = JsonResponse(told, status=status)
    if status == HTTPStatus.UNAUTHORIZED:
        answer.headers["WWW-Authenticate"] = 'Bearer realm="tablet"'
    return only_here(answer)


def answered(told: dict[str, object]) -> JsonResponse:
    """Answer, with the moment of the answer, by which a tablet measures its clock."""
    return only_here(JsonResponse({"server_time": server_time(), **told}))


def only_here(answer: JsonResponse) -> JsonResponse:
    """Let nobody on the way keep a copy."""
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def server_time() -> str:
    """Write the present instant."""
    return clock.now().isoformat(timespec="milliseconds")
