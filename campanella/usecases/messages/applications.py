"""The letters about an application; none of them names a child, nor what was answered."""

from datetime import datetime

from campanella.domains.applying.queries import Application, ApplicationStep
from campanella.usecases.links import portal_link
from campanella.usecases.messages.queuing import queue

SUBJECTS = {
    "sent": "La tua domanda d’iscrizione è arrivata",
    "taken": "Stiamo guardando la tua domanda d’iscrizione",
    "asked": "Manca qualcosa alla tua domanda d’iscrizione",
    "accepted": "La tua domanda d’iscrizione è accettata",
    "refused": "La tua domanda d’iscrizione non è stata accettata",
    "withdrawn": "La tua domanda d’iscrizione è ritirata",
    "given_up": "Hai rinunciato a un servizio",
    "revoked": "La tua iscrizione è stata revocata",
}


def key_of(*, step_id: int) -> str:
    """Name the letter of a step."""
    return f"application_step:{step_id}"


def address_of(application: Application) -> str:
    """Return where to write to who has registered and is no adult of the register yet; an adult's own is found by itself."""
    return "" if application.guardian else application.applicant.email


def step_told(*, step: ApplicationStep, now: datetime) -> None:
    """Tell an adult of one step of its application, with what the office asks for or why it refuses."""
    application = step.application
    queue(
        template="application_step",
        key=key_of(step_id=step.pk),
        guardian=application.guardian,
        address=address_of(application),
        subject="Un servizio finisce" if step.state == "given_up" and step.words else SUBJECTS[step.state],
        now=now,
        values={
            "state": step.state,
            "number": application.number,
            "version": step.version,
            "service": application.call.service.name,
            "words": step.words,
            "last_on": step.last_on,
            "next_steps": application.call.next_steps,
            "begins_on": application.call.begins_on,
            "may_change": step.at <= application.call.closes_at,
            "link": portal_link("portal:application", application.pk),
        },
    )
