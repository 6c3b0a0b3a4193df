"""What happened, in words: one place for all kinds of events."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext, lazy_gettext

from s2group.audit.rules import (
    ApplicationDeleted,
    Changed,
    CommentChanged,
    CommentRemoved,
    Details,
    DifferenceChecked,
    InterviewHeld,
    InterviewNotTold,
    InterviewTakenBack,
    Kind,
    MailSentElsewhere,
    MoreOffersThanPlaces,
    Moved,
    MoveUndone,
    OutcomeOverridden,
    OutcomeVerified,
    RecordMoved,
    RecoveryCodeUsed,
    Reevaluated,
    ReleaseQueued,
    ReleaseSkipped,
    ReleaseTakenBack,
    RoleGranted,
    RoleRevoked,
    SecondFactorAdded,
    SecondFactorRemoved,
    Shown,
    SubjectKind,
    TagChanged,
    TakenBack,
    VerdictChange,
)
from s2group.core.i18n import long_time
from s2group.core.permissions import Role

# For the staff.
KINDS = {
    Kind.SUBMITTED: lazy_gettext("Received"),
    Kind.CHANGED: lazy_gettext("Changed by the applicant"),
    Kind.MOVED: lazy_gettext("Moved"),
    Kind.SHOWN: lazy_gettext("Shown to the applicant"),
    Kind.TAKEN_BACK: lazy_gettext("Withdrawal taken back"),
    Kind.MOVE_UNDONE: lazy_gettext("Move undone"),
    Kind.WAITLIST_STEP: lazy_gettext("Place on the waiting list"),
    Kind.BULK_APPLIED: lazy_gettext("Several applications changed"),
    Kind.BULK_UNDONE: lazy_gettext("Several applications changed back"),
    Kind.MORE_OFFERS_THAN_PLACES: lazy_gettext("More offers than places"),
    Kind.OPENED: lazy_gettext("Opened"),
    Kind.REEVALUATED: lazy_gettext("Judged again"),
    Kind.DIFFERENCE_CHECKED: lazy_gettext("Difference between form and résumé checked"),
    Kind.OUTCOME_VERIFIED: lazy_gettext("Outcome verified"),
    Kind.OUTCOME_OVERRIDDEN: lazy_gettext("Outcome overridden"),
    Kind.DOCUMENT_ASKED: lazy_gettext("Further document asked for"),
    Kind.DOCUMENT_SENT: lazy_gettext("Further document sent"),
    Kind.ASKED_AGAIN: lazy_gettext("Asked once more"),
    Kind.CONFIRMED: lazy_gettext("Answered once more: it stays as it was"),
    Kind.REQUEST_TAKEN_BACK: lazy_gettext("Request to the applicant taken back"),
    Kind.LETTER_RECEIVED: lazy_gettext("Letter received"),
    Kind.INTERVIEW_INVITED: lazy_gettext("Invited to choose an interview time"),
    Kind.INTERVIEW_BOOKED: lazy_gettext("Interview time agreed"),
    Kind.INTERVIEW_CANCELLED: lazy_gettext("Interview time cancelled"),
    Kind.INTERVIEW_REMINDED: lazy_gettext("Reminded to choose an interview time"),
    Kind.INTERVIEW_NONE_FITS: lazy_gettext("No interview time suits the applicant"),
    Kind.INTERVIEW_HELD: lazy_gettext("About an interview, held before it is told"),
    Kind.INTERVIEW_TAKEN_BACK: lazy_gettext("About an interview, taken back before it was told"),
    Kind.INTERVIEW_NOT_TOLD: lazy_gettext("About an interview, not told"),
    Kind.RATED: lazy_gettext("Rated"),
    Kind.ABSTAINED: lazy_gettext("Abstained from rating"),
    Kind.RATINGS_SEEN_EARLY: lazy_gettext("Ratings looked at before rating"),
    Kind.ASSIGNED: lazy_gettext("Assigned"),
    Kind.UNASSIGNED: lazy_gettext("Assigned no more"),
    Kind.CONFLICT_DECLARED: lazy_gettext("Conflict of interest declared"),
    Kind.CONFLICT_WITHDRAWN: lazy_gettext("Conflict of interest withdrawn"),
    Kind.FILES_REMOVED: lazy_gettext("Files removed"),
    Kind.MAIL_SENT_AGAIN: lazy_gettext("Mail sent again"),
    Kind.MAIL_SENT_ELSEWHERE: lazy_gettext("Mail sent to another address"),
    Kind.MAIL_CAME_BACK: lazy_gettext("Mail came back"),
    Kind.REPLY_ADDED: lazy_gettext("Reply added"),
    Kind.REPLY_REMOVED: lazy_gettext("Reply taken away"),
    Kind.RELEASE_QUEUED: lazy_gettext("Message queued"),
    Kind.RELEASE_TAKEN_BACK: lazy_gettext("Message taken back before it went"),
    Kind.RELEASE_SKIPPED: lazy_gettext("Message not sent"),
    Kind.MESSAGE_SENT: lazy_gettext("Message sent to the applicant"),
    Kind.TEMPLATE_CHANGED: lazy_gettext("Words of a mail changed"),
    Kind.TEMPLATE_FILE_ADDED: lazy_gettext("File added to a mail"),
    Kind.TEMPLATE_FILE_REMOVED: lazy_gettext("File of a mail removed"),
    Kind.DATA_EXPORTED: lazy_gettext("Data fetched by the applicant"),
    Kind.APPLICATION_DELETED: lazy_gettext("Application deleted"),
    Kind.CALL_CHANGED: lazy_gettext("Call changed"),
    Kind.REQUIREMENTS_CHANGED: lazy_gettext("Requirements changed"),
    Kind.RECORD_CHANGED: lazy_gettext("Record changed"),
    Kind.DRAFT_SHARED: lazy_gettext("Link to a draft made"),
    Kind.DRAFT_SHARE_ENDED: lazy_gettext("Links to a draft ended"),
    Kind.RECORD_MOVED: lazy_gettext("Record put in another place"),
    Kind.PROFILE_ASKED: lazy_gettext("Asked to keep their profile"),
    Kind.PROPOSAL_MADE: lazy_gettext("Proposal by a member"),
    Kind.PROPOSAL_ACCEPTED: lazy_gettext("Proposal of a member accepted"),
    Kind.PROPOSAL_DECLINED: lazy_gettext("Proposal of a member declined"),
    Kind.EXPORTED: lazy_gettext("Exported"),
    Kind.DOSSIER_MADE: lazy_gettext("Dossier exported"),
    Kind.COMMENTED: lazy_gettext("Comment"),
    Kind.COMMENT_CHANGED: lazy_gettext("Comment changed"),
    Kind.COMMENT_REMOVED: lazy_gettext("Comment taken back"),
    Kind.TAGGED: lazy_gettext("Tagged"),
    Kind.UNTAGGED: lazy_gettext("Tag taken off"),
    Kind.TAG_MADE: lazy_gettext("Tag made"),
    Kind.TAG_CHANGED: lazy_gettext("Tag renamed"),
    Kind.TAG_REMOVED: lazy_gettext("Tag removed"),
    Kind.TAG_RESTORED: lazy_gettext("Tag brought back"),
    Kind.EXTENSION_GIVEN: lazy_gettext("One person may still apply"),
    Kind.EXTENSION_ENDED: lazy_gettext("Extension taken back"),
    Kind.ACCOUNT_MADE: lazy_gettext("Account made"),
    Kind.ACCOUNT_CLOSED: lazy_gettext("Account closed"),
    Kind.ACCOUNT_OPENED: lazy_gettext("Account opened again"),
    Kind.PASSWORD_CHANGED: lazy_gettext("Password changed"),
    Kind.ACCOUNT_RENAMED: lazy_gettext("Account has another name"),
    Kind.ROLE_GRANTED: lazy_gettext("Role granted"),
    Kind.ROLE_REVOKED: lazy_gettext("Role taken back"),
    Kind.SESSIONS_ENDED: lazy_gettext("Sessions ended"),
    Kind.ACCOUNT_INVITED: lazy_gettext("Invited by mail"),
    Kind.INVITATION_WITHDRAWN: lazy_gettext("Invitation withdrawn"),
    Kind.PASSWORD_LINK_SENT: lazy_gettext("Link to choose a password mailed"),
    Kind.SIGNED_IN: lazy_gettext("Signed in"),
    Kind.WRONG_CODE: lazy_gettext("Wrong code after the right password"),
    Kind.SECOND_FACTOR_ADDED: lazy_gettext("Second factor set up"),
    Kind.SECOND_FACTOR_REMOVED: lazy_gettext("Second factor removed"),
    Kind.SECOND_FACTOR_RESET: lazy_gettext("Second factor reset"),
    Kind.RECOVERY_CODES_MADE: lazy_gettext("New recovery codes made"),
    Kind.RECOVERY_CODE_USED: lazy_gettext("Recovery code used"),
}
REASONS = {
    "request": lazy_gettext("on request"),
    "retention": lazy_gettext("kept long enough"),
    # Of a message that was not sent.
    "changed": lazy_gettext("the decision had changed"),
    "known": lazy_gettext("the applicant knew already"),
    "withdrawn": lazy_gettext("the application was withdrawn"),
    "left": lazy_gettext("the application is in interviews no longer"),
    "chosen": lazy_gettext("the applicant has chosen a time meanwhile"),
}
INTERVIEW_NEWS = {
    "invited": lazy_gettext("invitation"),
    "booked": lazy_gettext("time"),
    "cancelled": lazy_gettext("cancellation"),
    "reminded": lazy_gettext("reminder"),
}
# What is done to several applications at once, by the key of the action.
BULK_ACTIONS = {
    "move": lazy_gettext("moved"),
    "tag": lazy_gettext("tagged"),
    "untag": lazy_gettext("tag taken off"),
    "assign": lazy_gettext("assigned"),
    "unassign": lazy_gettext("assigned no more"),
}
SUBJECTS = {
    SubjectKind.APPLICATION: lazy_gettext("application"),
    SubjectKind.MAIL: lazy_gettext("mail"),
    SubjectKind.CALL: lazy_gettext("call"),
    SubjectKind.ROUTE: lazy_gettext("route"),
    SubjectKind.RECORD: lazy_gettext("record of the group"),
    SubjectKind.ACCOUNT: lazy_gettext("account"),
    SubjectKind.TAG: lazy_gettext("tag"),
    SubjectKind.PORTAL: lazy_gettext("the portal"),
}
ROLES = {
    Role.ADMIN: lazy_gettext("administrator"),
    Role.PI: lazy_gettext("principal investigator"),
    Role.REVIEWER: lazy_gettext("reviewer"),
    Role.EDITOR: lazy_gettext("editor"),
}
FACTORS = {"app": lazy_gettext("code of an app"), "passkey": lazy_gettext("passkey")}
# What a comment said before, which readers of the history need not be allowed to read.
NOT_REPEATED = (CommentChanged, CommentRemoved)
# For applicants, of whose events these need no more words.
APPLICANTS_KINDS = {
    Kind.SUBMITTED: lazy_gettext("You sent your application."),
    Kind.TAKEN_BACK: lazy_gettext("You took the withdrawal back."),
    Kind.DOCUMENT_ASKED: lazy_gettext("The group asked for a further document."),
    Kind.DOCUMENT_SENT: lazy_gettext("You sent a further document."),
}


@dataclass(frozen=True)
class Names:
    """What the reader calls what events keep, by its key; `headings` say a state to the applicant.

    `timezone` is that in which moments are told.
    """

    states: Mapping[str, str]
    headings: Mapping[str, str]
    verdicts: Mapping[str, str]
    requirements: Mapping[str, str]
    timezone: str


def in_words(details: Details, names: Names) -> str:
    """An event for the staff, in the reader's language."""
    more = [] if isinstance(details, NOT_REPEATED) else _more(details, names)
    return " · ".join(filter(None, [str(KINDS[details.kind]), *more]))


def _more(details: Details, names: Names) -> list[str]:
    """What the kind does not say."""
    match details:
        case Moved() | MoveUndone() | MailSentElsewhere() | TagChanged():
            return _before_and_after(details, names)
        case Shown(state) | TakenBack(state) | ReleaseQueued(state) | ReleaseTakenBack(state):
            return [names.states.get(state or "", "")]
        case Changed(version):
            return [f"{version - 1} → {version}"]
        case Reevaluated() | OutcomeVerified() | OutcomeOverridden():
            return _what_was_judged(details, names)
        case DifferenceChecked(_field, stated, found):
            return [f"{stated} ≠ {found}"]
        case MoreOffersThanPlaces() | RecordMoved():
            return _of_places(details)
        case RoleGranted() | RoleRevoked() | SecondFactorAdded() | SecondFactorRemoved() | RecoveryCodeUsed():
            return _of_account(details)
        case InterviewHeld() | InterviewTakenBack() | InterviewNotTold():
            return _of_interview(details, names)
        case ApplicationDeleted(reason) | ReleaseSkipped(reason=reason):
            return [str(REASONS[reason])]
    return _as_kept(details, names)


def _before_and_after(details: Moved | MoveUndone | MailSentElsewhere | TagChanged, names: Names) -> list[str]:
    both = [details.before, details.after]
    if isinstance(details, Moved | MoveUndone):
        both = [names.states[each] for each in both]
    return [" → ".join(both)]


def _of_places(details: MoreOffersThanPlaces | RecordMoved) -> list[str]:
    if isinstance(details, RecordMoved):
        return [f"{details.place} / {details.of}"]
    return [f"{details.offers} / {details.places}", details.reason]


def _as_kept(details: Details, names: Names) -> list[str]:
    """Moments, what was done to several applications, and texts and numbers that are read as they are."""
    return [_value(name, value, names) for name, value in details.to_dict().items()]


def _value(name: str, value: Any, names: Names) -> str:
    if name.endswith("_at") or name == "until":
        return long_time(datetime.fromisoformat(value), names.timezone)
    return str(BULK_ACTIONS[value] if name == "action" else value)


def _of_account(
    details: RoleGranted | RoleRevoked | SecondFactorAdded | SecondFactorRemoved | RecoveryCodeUsed,
) -> list[str]:
    match details:
        case RoleGranted(role, route_id) | RoleRevoked(role, route_id):
            return [str(ROLES[Role(role)]), *([str(gettext("for one route"))] if route_id else [])]
        case SecondFactorAdded(what, name) | SecondFactorRemoved(what, name):
            return [str(FACTORS[what]), name]
    return [str(gettext("left: %(count)s", count=details.left))]


def _of_interview(details: InterviewHeld | InterviewTakenBack | InterviewNotTold, names: Names) -> list[str]:
    what = str(INTERVIEW_NEWS[details.what])
    if isinstance(details, InterviewNotTold):
        return [what, str(REASONS[details.reason])]
    time = [long_time(datetime.fromisoformat(details.starts_at), names.timezone)] if details.starts_at else []
    return [what, *time]


def _what_was_judged(details: Reevaluated | OutcomeVerified | OutcomeOverridden, names: Names) -> list[str]:
    if isinstance(details, Reevaluated):
        changes = (_verdict_change(change, names) for change in details.changes)
        return [f"{details.before} → {details.after}", *changes]
    what = _requirement(details.requirement, names)
    if isinstance(details, OutcomeVerified):
        return [str(gettext("%(what)s: %(value)s", what=what, value=names.verdicts[details.verdict]))]
    verdicts = f"{names.verdicts[details.before]} → {names.verdicts[details.after]}"
    return [str(gettext("%(what)s: %(value)s", what=what, value=verdicts)), *filter(None, [details.reason])]


def _verdict_change(change: VerdictChange, names: Names) -> str:
    verdicts = (names.verdicts[each] if each else gettext("Not asked") for each in (change.before, change.after))
    what = _requirement(change.requirement, names)
    return str(gettext("%(what)s: %(value)s", what=what, value=" → ".join(verdicts)))


def _requirement(key: str, names: Names) -> str:
    return names.requirements.get(key) or str(gettext("A requirement that is asked no more"))


def for_applicant(details: Details, names: Names) -> str:
    """An event for the applicant whom it concerns, in the reader's language."""
    match details:
        case Shown(state):
            return str(gettext("%(what)s.", what=names.headings[state]))
        case Changed(version):
            return str(gettext("You changed it: version %(number)s.", number=version))
    return str(APPLICANTS_KINDS[details.kind])
