"""The mailbox is a real SMTP server: it keeps what it takes, and refuses when told."""

import smtplib
from email.message import EmailMessage

import pytest

from tests.simulators.conftest import Running


def send(simulators: Running, message: EmailMessage | None = None, to: str = "mamma@example.org") -> None:
    if message is None:
        message = EmailMessage()
        message["Subject"] = "Ricarica ricevuta: 20,00 €"
        message.set_content("È arrivata.\n")
    with smtplib.SMTP("127.0.0.1", simulators.smtp_port, timeout=10) as smtp:
        smtp.send_message(message, from_addr="scuola@comune.example", to_addrs=[to])


def test_a_message_is_kept_and_found(simulators: Running) -> None:
    send(simulators)
    send(simulators, to="papa@example.org")
    (found,) = simulators.get("inbox?to=MAMMA@")["messages"]
    assert (found["subject"], found["recipients"]) == ("Ricarica ricevuta: 20,00 €", ["mamma@example.org"])
    assert simulators.get(f"inbox/{found['id']}")["text"].strip() == "È arrivata."
    assert len(simulators.get("inbox")["messages"]) == 2
    simulators.http.delete("/api/inbox")
    assert simulators.get("inbox")["messages"] == []


def test_parts_and_attachments(simulators: Running) -> None:
    message = EmailMessage()
    message["Subject"] = "Avviso"
    message.set_content("testo")
    message.add_alternative("<p>html</p><script>alert(1)</script>", subtype="html")
    message.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="avviso è.pdf")
    send(simulators, message)
    identifier = simulators.get("inbox")["messages"][0]["id"]
    (file,) = simulators.get(f"inbox/{identifier}")["attachments"]
    assert (file["name"], file["bytes"]) == ("avviso è.pdf", 8)
    download = simulators.http.get(f"/inbox/{identifier}/attachments/0")
    assert (download.content, download.headers["content-disposition"][:10]) == (b"%PDF-1.7", "attachment")
    assert "sandbox;" in simulators.http.get(f"/inbox/{identifier}/html").headers["content-security-policy"]
    page = simulators.http.get(f"/inbox/{identifier}").text
    assert "<iframe sandbox " in page
    assert "alert(1)" not in page


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"no headers at all",
        b"Subject: =?bad?q?x\r\nContent-Type: text/plain; charset=nonsense\r\n\r\n\xff\xfe",
        b"From: @@@<\r\nTo: ;;;\r\nSubject: \xe8\r\nContent-Type: multipart/mixed\r\n\r\nx",
        b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Transfer-Encoding: base64\n\n%%%",
    ],
)
def test_malformed_mail_is_kept_and_shown(simulators: Running, raw: bytes) -> None:
    with smtplib.SMTP("127.0.0.1", simulators.smtp_port, timeout=10) as smtp:
        smtp.sendmail("a@example.org", ["b@example.org"], raw)
    (found,) = simulators.get("inbox")["messages"]
    assert simulators.http.get(f"/inbox/{found['id']}").status_code == 200
    assert simulators.http.get(f"/inbox/{found['id']}/raw").status_code == 200


def test_it_refuses_as_many_as_told(simulators: Running) -> None:
    simulators.post("inbox/mode", mode="refuse", count=2)
    for _ in range(2):
        with pytest.raises(smtplib.SMTPDataError) as refusal:
            send(simulators)
        assert refusal.value.smtp_code == 451
    send(simulators)
    told = simulators.get("inbox")
    assert (told["mode"], len(told["messages"])) == ("accept", 1)


def test_down_lasts_until_it_is_up(simulators: Running) -> None:
    simulators.http.post("/inbox/mode", data={"mode": "down"})
    for _ in range(3):
        with pytest.raises(smtplib.SMTPDataError):
            send(simulators)
    simulators.http.post("/inbox/mode", data={"mode": "accept"})
    send(simulators)
    assert len(simulators.get("inbox")["messages"]) == 1


def test_a_wrong_mode_is_refused(simulators: Running) -> None:
    assert simulators.http.post("/api/inbox/mode", json={"mode": "boh"}).status_code == 400


@pytest.mark.parametrize("path", ["/inbox/7", "/inbox/99999999999999999999", "/payments/boh", "/checkout/pay/boh"])
def test_what_does_not_exist_is_not_found(simulators: Running, path: str) -> None:
    assert simulators.http.get(path).status_code == 404
