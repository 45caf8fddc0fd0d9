"""The mailbox's pages; what strangers wrote is shown where it can do nothing."""

from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from campanella.simulators.mailbox import MODES, Message
from campanella.simulators.web.http import BadRequest, Body, of, page, see_other
from campanella.simulators.web.options import one_of, whole

# A mail may bring its own styles and embedded pictures, nothing else: no script, no form, no network.
MAIL_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"


def inbox(request: Request, form: Body) -> Response:
    """All messages, newest first, or those of one recipient."""
    mailbox, to = of(request).mailbox, form.get("to", "")
    return page(
        "inbox.html",
        refresh=5,
        messages=mailbox.newest(to=to),
        to=to,
        mode=mailbox.mode,
        left=mailbox.refusals_left,
        smtp_port=of(request).settings.smtp_port,
    )


def message(request: Request, form: Body) -> Response:
    """One message."""
    return page("message.html", message=find_message(request))


def html_part(request: Request, form: Body) -> Response:
    """The HTML part alone, for the sandboxed frame."""
    html = find_message(request).html
    if html is None:
        raise HTTPException(404)
    return HTMLResponse(html, headers={"Content-Security-Policy": MAIL_POLICY})


def attachment(request: Request, form: Body) -> Response:
    """One attachment, to download."""
    number = request.path_params["number"]
    for file in find_message(request).attachments:
        if file.number == number:
            disposition = f"attachment; filename*=UTF-8''{quote(file.name, safe='')}"
            headers = {"Content-Disposition": disposition, "Content-Security-Policy": "sandbox"}
            return Response(file.content, media_type=file.content_type, headers=headers)
    raise HTTPException(404)


def raw(request: Request, form: Body) -> Response:
    """The message as it came, to download."""
    identifier = find_message(request).id
    headers = {"Content-Disposition": f'attachment; filename="messaggio-{identifier}.eml"'}
    return Response(of(request).mailbox.raw(identifier) or b"", media_type="message/rfc822", headers=headers)


def set_mode(request: Request, form: Body) -> Response:
    """Turn the switch that refuses messages."""
    try:
        turn_switch(request, form)
    except BadRequest as refusal:
        raise HTTPException(400, str(refusal))
    return see_other("/inbox")


def turn_switch(request: Request, body: Body) -> None:
    """
    Set `mode` to accept, refuse (the next `count` messages) or down.

    :raises BadRequest: another mode, or a count that is no number
    """
    mode = one_of(body, "mode", MODES, "accept")
    of(request).mailbox.set_mode(mode, count=whole(body, "count", least=1, most=1000) or 1)


def find_message(request: Request) -> Message:
    """
    The message of the address.

    :raises HTTPException: there is none (404)
    """
    found = of(request).mailbox.find(request.path_params["message"])
    if found is None:
        raise HTTPException(404)
    return found
