"""The letters about an application; none of them names a child, nor what was answered."""

from datetime import datetime

from campanella.domains.applying.queries import ApplicationStep
from campanella.usecases.links import portal_link
from campanella.usecases.messages.queuing import queue

SUBJECTS = {
    "sent": "La tua domanda d’iscrizione è arrivata",
    "taken": "Stiamo guardando la tua domanda d’iscrizione",
    "asked": "Manca qualcosa alla tua domanda d’iscrizione",
    "accepted": "La tua domanda d’iscrizione è accettata",
    "refused": "La tua domanda d’iscrizione non è stata accettata",
    "withdrawn": "La tua domanda d’iscrizione è ritirata",
}


def step_told(*, step: ApplicationStep, now: datetime) -> None:
    """Tell an adult of one step of its application, with what the office asks for or why it refuses."""
    application = step.application
    queue(
        template="application_step",
        key=f"application_step:{step.pk}",
        guardian=application.guardian,
        subject=SUBJECTS[step.state],
        now=now,
        values={
            "state": step.state,
            "number": application.number,
            "version": step.version,
            "service": application.call.service.name,
            "words": step.words,
            "next_steps": application.call.next_steps,
            "begins_on": application.call.begins_on,
            "may_change": step.at <= application.call.closes_at,
            "link": portal_link("portal:application", application.pk),
        },
    )
