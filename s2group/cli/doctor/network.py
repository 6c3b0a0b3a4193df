"""What lies beyond this machine: the portal's own address, the mail server, the DNS."""

import re
import ssl
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.utils import mktime_tz, parseaddr, parsedate_tz
from http.client import HTTPException, HTTPSConnection
from urllib.parse import urlsplit

import dns.exception
import dns.resolver
from flask import current_app

from config import LOOPBACK
from s2group.cli.doctor.findings import Finding, fault, ok, warning
from s2group.mail.trial import ADVICE, Answer

SECONDS = 10
# certbot renews with 30 days left.
SOON, LATE = timedelta(days=20), timedelta(days=5)
# Some servers greet with the time.
TOLD_TIME = re.compile(r"(?:\w{3}, )?\d{1,2} \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}")


def own_address(now: datetime) -> Iterator[Finding]:
    """Whether the portal answers over HTTPS where people type its address, and how long its certificate lasts."""
    parts = urlsplit(current_app.config["PUBLIC_URL"])
    if parts.scheme == "http":
        if parts.hostname in LOOPBACK:
            yield ok("HTTPS", "none: the portal is for this machine alone")
        else:
            yield fault(
                "HTTPS", "S2_PUBLIC_URL begins with http://: passwords travel in the clear", "set up TLS in nginx"
            )
        return
    connection = HTTPSConnection(
        parts.hostname or "", parts.port, timeout=SECONDS, context=ssl.create_default_context()
    )
    with closing(connection):
        try:
            connection.connect()
            yield _certificate(connection, now)
            connection.request("GET", "/healthz")
            answer = connection.getresponse()
            alive = (answer.status, answer.read(16)) == (200, b"ok\n")
        except ssl.SSLCertVerificationError as error:
            yield fault(
                "HTTPS", f"the certificate is not valid: {error.verify_message}", "renew or replace it in nginx"
            )
        except (OSError, HTTPException) as error:
            words = f"{current_app.config['PUBLIC_URL']} cannot be reached from here ({error or type(error).__name__})"
            yield warning(
                "HTTPS", words, "try it from elsewhere; then look at DNS, firewall and `systemctl status nginx`"
            )
        else:
            if not alive:
                yield fault(
                    "HTTPS", f"/healthz answers {answer.status}", "is the portal running, and nginx leading to it?"
                )


def _certificate(connection: HTTPSConnection, now: datetime) -> Finding:
    shown = connection.sock.getpeercert() or {}
    ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(shown["notAfter"])), UTC)
    said = f"the certificate lasts {(ends - now).days} days"
    if ends - now > SOON:
        return ok("HTTPS", said)
    return (fault if ends - now < LATE else warning)(
        "HTTPS", said, "renew it: `certbot renew`, or your own files in nginx"
    )


def relay(answers: Sequence[Answer]) -> Iterator[Finding]:
    """How far the mail server lets the portal in."""
    config = current_app.config
    if not answers:
        yield ok("mail server", f"none: mail is written to {config['DATA_DIR'] / 'mail'}, and nobody is mailed")
        return
    name = f"mail server {config['MAIL_SERVER']}:{config['MAIL_PORT']}"
    for answer in answers:
        if answer.outcome == "accepted":
            yield ok(name, f"{answer.step} accepted ({answer.said})")
        else:
            yield fault(name, f"{answer.step} {answer.outcome} ({answer.said})", ADVICE[answer.step])


def told_time(answers: Sequence[Answer]) -> datetime | None:
    """The time by the mail server's greeting, where it tells any."""
    found = TOLD_TIME.search(answers[0].said) if answers else None
    told = parsedate_tz(found[0]) if found else None
    return datetime.fromtimestamp(mktime_tz(told), UTC) if told else None


def mail_records() -> Iterator[Finding]:
    """Whether others can believe that mail of the sender's domain is its own."""
    if not current_app.config["MAIL_SERVER"]:
        return
    domain = parseaddr(current_app.config["MAIL_DEFAULT_SENDER"])[1].rpartition("@")[2]
    try:
        yield _mx(domain)
        yield _spf(domain)
        yield _dkim(domain)
        yield _dmarc(domain)
    except dns.exception.DNSException as error:
        words = f"the name servers tell nothing of {domain} ({type(error).__name__})"
        yield warning("DNS", words, "look at /etc/resolv.conf, then run this again")


def _records(name: str, kind: str) -> list[str]:
    try:
        answer = dns.resolver.resolve(name, kind, lifetime=SECONDS)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    if kind == "TXT":
        return [b"".join(record.strings).decode("utf-8", "replace") for record in answer]
    return [str(record) for record in answer]


def _mx(domain: str) -> Finding:
    if found := _records(domain, "MX"):
        return ok("DNS", f"mail for {domain} goes to {', '.join(sorted(found))}")
    words = f"{domain} has no MX record: answers and bounces find no mailbox"
    return warning("DNS", words, "send as an address that gets mail, or ask for the record")


def _spf(domain: str) -> Finding:
    found = [text for text in _records(domain, "TXT") if text.lower().split(" ")[0] == "v=spf1"]
    if len(found) == 1:
        return ok("DNS", f"SPF of {domain}: {found[0]}")
    words = f"{domain} has {len(found) or 'no'} SPF record{'s' if found else ''}"
    return warning(
        "DNS", words, "have one TXT record v=spf1 … that names the mail server; without it mail is taken for spam"
    )


def _dkim(domain: str) -> Finding:
    selector = current_app.config["MAIL_DKIM_SELECTOR"]
    if selector is None:
        return ok("DNS", "DKIM was not looked at: MAIL_DKIM_SELECTOR does not say under which name its key lies")
    name = f"{selector}._domainkey.{domain}"
    if any(re.search(r"(^|;)\s*p=[^;\s]", text) for text in _records(name, "TXT")):
        return ok("DNS", f"DKIM: there is a key at {name}")
    return warning(
        "DNS", f"there is no DKIM key at {name}", "publish the TXT record that the mail server's owner gives"
    )


def _dmarc(domain: str) -> Finding:
    """Its own, or that of a domain above it."""
    labels = domain.split(".")
    for above in (".".join(labels[number:]) for number in range(len(labels) - 1)):
        if found := [text for text in _records(f"_dmarc.{above}", "TXT") if text.startswith("v=DMARC1")]:
            return ok("DNS", f"DMARC of {above}: {found[0]}")
    return warning(
        "DNS", f"{domain} has no DMARC record", f"a TXT record at _dmarc.{domain}: v=DMARC1; p=none; rua=mailto:…"
    )
