"""Fictional applicants and staff, to try the portal with. Never for a portal that real people use."""

import io
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app

from s2group.accounts import services as accounts
from s2group.accounts.queries import user_by_email
from s2group.admissions.models import AdmissionRoute, Application
from s2group.admissions.queries import application_by_form_key, open_calls
from s2group.admissions.services.submissions import submit_application
from s2group.core.permissions import Role
from s2group.demo.people import Applicant, applicants
from s2group.documents.services import take_upload
from s2group.documents.store import read_bytes
from s2group.evaluation.services import open_application
from s2group.mail.delivery import deliver_due
from s2group.mail.queries import mails_of

CONSENT = "demo"
# What came earlier has been looked at, a day after it came.
LOOKED_AT = timedelta(days=14)


class DemoRefusedError(RuntimeError):
    """This portal is not one to put fictional people into; the text says why."""


@dataclass(frozen=True)
class DemoReport:
    """How many applicants were added, and the new password of every demo account, by its address."""

    added: int
    passwords: dict[str, str]

    def __str__(self) -> str:
        added = (
            f"Added {self.added} fictional applicants." if self.added else "The fictional applicants are there already."
        )
        accounts = [f"  {email}  {password}" for email, password in self.passwords.items()]
        return "\n".join([added, "Staff accounts, with new passwords:", *accounts])


def make_demo(*, now: datetime) -> DemoReport:
    """Add whichever of the fictional applicants are missing, and give the demo accounts new passwords.

    They apply as anybody does, over the two months before `now`. All mail that this makes is written to files before
    it returns. Raises DemoRefusedError in production, where a mail server is set, and where no call is open.
    """
    route = _route(now)
    passwords = {_address(role): _renew_account(role, now) for role in Role}
    missing = [each for each in applicants() if application_by_form_key(_form_key(each)) is None]
    for applicant in missing:
        _apply(applicant, route, now - applicant.before)
    return DemoReport(len(missing), passwords)


def _route(now: datetime) -> AdmissionRoute:
    """The route to apply for, where a trial run can harm nobody."""
    if current_app.config["ENV_NAME"] == "production":
        raise DemoRefusedError("this is a portal in production")
    if current_app.config["MAIL_SERVER"]:
        raise DemoRefusedError("MAIL_SERVER is set, and the group would be mailed about people who do not exist")
    calls = open_calls(now)
    if not calls:
        raise DemoRefusedError("no call is open; `flask --app app content load` reads the calls")
    return calls[0].routes[0]


def _address(role: Role) -> str:
    return f"demo-{role.value}@example.org"


def _renew_account(role: Role, now: datetime) -> str:
    """The new password of the role's account, which is made where it is missing."""
    email, password = _address(role), secrets.token_urlsafe(12)
    if user_by_email(email):
        accounts.set_password(email=email, password=password, now=now)
    else:
        accounts.add_account(email=email, role=role, password=password, now=now)
    return password


def _form_key(applicant: Applicant) -> str:
    """By which a second run knows the applicant; no form is given such a key."""
    return f"demo-applicant-{applicant.number:02}"


def _apply(applicant: Applicant, route: AdmissionRoute, at: datetime) -> None:
    from s2group.demo.resumes import resume_pdf  # reportlab is there in development only

    resume = io.BytesIO(resume_pdf(applicant))
    application = submit_application(
        route=route,
        name=applicant.name,
        email=applicant.email,
        answers=applicant.answers,
        documents={"resume": take_upload(stream=resume, original_name=f"{applicant.name}.pdf", now=at)},
        locale=applicant.locale,
        form_key=_form_key(applicant),
        consent_version=CONSENT,
        now=at,
    )
    _write_mail(application, at)
    reader = user_by_email(_address(Role.PI))
    if applicant.before > LOOKED_AT and reader:
        open_application(reference=application.reference, actor=reader, now=at + timedelta(days=1))


def _write_mail(application: Application, at: datetime) -> None:
    """Write the mail to files now: left waiting, it would go out once somebody sets a mail server."""
    deliver_due(now=at, read_attachment=read_bytes)
    if any(mail.state in ("waiting", "stuck") for mail in mails_of(application.reference)):
        raise RuntimeError("mail about a fictional applicant could not be written to a file")
