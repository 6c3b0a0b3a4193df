"""What can happen, and what is kept of each happening."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar, Self

from s2group.core.json_values import JsonValues


class SubjectKind(StrEnum):
    """What an event is about."""

    APPLICATION = "application"
    MAIL = "mail"
    CALL = "call"
    ROUTE = "route"
    RECORD = "record"
    ACCOUNT = "account"
    TAG = "tag"
    PORTAL = "portal"


@dataclass(frozen=True)
class Subject:
    """The one thing that an event is about: its kind and its key, and the application that it belongs to, if any.

    An event of an application goes with it, so nothing about an applicant may be kept of any other subject.
    """

    kind: SubjectKind
    key: str
    application_id: int | None = None


class Kind(StrEnum):
    """What happened."""

    SUBMITTED = "submitted"
    CHANGED = "changed"
    MOVED = "moved"
    SHOWN = "shown"
    TAKEN_BACK = "taken_back"
    MOVE_UNDONE = "move_undone"
    WAITLIST_STEP = "waitlist_step"
    BULK_APPLIED = "bulk_applied"
    BULK_UNDONE = "bulk_undone"
    MORE_OFFERS_THAN_PLACES = "more_offers_than_places"
    OPENED = "opened"
    REEVALUATED = "reevaluated"
    DIFFERENCE_CHECKED = "difference_checked"
    OUTCOME_VERIFIED = "outcome_verified"
    OUTCOME_OVERRIDDEN = "outcome_overridden"
    DOCUMENT_ASKED = "document_asked"
    DOCUMENT_SENT = "document_sent"
    ASKED_AGAIN = "asked_again"
    CONFIRMED = "confirmed"
    REQUEST_TAKEN_BACK = "request_taken_back"
    LETTER_RECEIVED = "letter_received"
    INTERVIEW_INVITED = "interview_invited"
    INTERVIEW_BOOKED = "interview_booked"
    INTERVIEW_CANCELLED = "interview_cancelled"
    INTERVIEW_REMINDED = "interview_reminded"
    INTERVIEW_NONE_FITS = "interview_none_fits"
    INTERVIEW_HELD = "interview_held"
    INTERVIEW_TAKEN_BACK = "interview_taken_back"
    INTERVIEW_NOT_TOLD = "interview_not_told"
    FILES_REMOVED = "files_removed"
    RATED = "rated"
    ABSTAINED = "abstained"
    RATINGS_SEEN_EARLY = "ratings_seen_early"
    ASSIGNED = "assigned"
    UNASSIGNED = "unassigned"
    CONFLICT_DECLARED = "conflict_declared"
    CONFLICT_WITHDRAWN = "conflict_withdrawn"
    MAIL_SENT_AGAIN = "mail_sent_again"
    MAIL_SENT_ELSEWHERE = "mail_sent_elsewhere"
    MAIL_CAME_BACK = "mail_came_back"
    REPLY_ADDED = "reply_added"
    REPLY_REMOVED = "reply_removed"
    RELEASE_QUEUED = "release_queued"
    RELEASE_TAKEN_BACK = "release_taken_back"
    RELEASE_SKIPPED = "release_skipped"
    MESSAGE_SENT = "message_sent"
    TEMPLATE_CHANGED = "template_changed"
    TEMPLATE_FILE_ADDED = "template_file_added"
    TEMPLATE_FILE_REMOVED = "template_file_removed"
    DATA_EXPORTED = "data_exported"
    APPLICATION_DELETED = "application_deleted"
    CALL_CHANGED = "call_changed"
    REQUIREMENTS_CHANGED = "requirements_changed"
    RECORD_CHANGED = "record_changed"
    RECORD_MOVED = "record_moved"
    DRAFT_SHARED = "draft_shared"
    DRAFT_SHARE_ENDED = "draft_share_ended"
    PROFILE_ASKED = "profile_asked"
    PROPOSAL_MADE = "proposal_made"
    PROPOSAL_ACCEPTED = "proposal_accepted"
    PROPOSAL_DECLINED = "proposal_declined"
    EXPORTED = "exported"
    DOSSIER_MADE = "dossier_made"
    COMMENTED = "commented"
    COMMENT_CHANGED = "comment_changed"
    COMMENT_REMOVED = "comment_removed"
    TAGGED = "tagged"
    UNTAGGED = "untagged"
    TAG_MADE = "tag_made"
    TAG_CHANGED = "tag_changed"
    TAG_REMOVED = "tag_removed"
    TAG_RESTORED = "tag_restored"
    EXTENSION_GIVEN = "extension_given"
    EXTENSION_ENDED = "extension_ended"
    ACCOUNT_MADE = "account_made"
    ACCOUNT_CLOSED = "account_closed"
    ACCOUNT_OPENED = "account_opened"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a name
    ACCOUNT_RENAMED = "account_renamed"
    ROLE_GRANTED = "role_granted"
    ROLE_REVOKED = "role_revoked"
    SESSIONS_ENDED = "sessions_ended"
    ACCOUNT_INVITED = "account_invited"
    INVITATION_WITHDRAWN = "invitation_withdrawn"
    PASSWORD_LINK_SENT = "password_link_sent"  # noqa: S105 - a name
    SIGNED_IN = "signed_in"
    WRONG_CODE = "wrong_code"
    SECOND_FACTOR_ADDED = "second_factor_added"
    SECOND_FACTOR_REMOVED = "second_factor_removed"
    SECOND_FACTOR_RESET = "second_factor_reset"
    RECOVERY_CODES_MADE = "recovery_codes_made"
    RECOVERY_CODE_USED = "recovery_code_used"


@dataclass(frozen=True)
class Details(JsonValues):
    """What is kept of an event beside who, when and what about. One class for each kind."""

    kind: ClassVar[Kind]


@dataclass(frozen=True)
class Submitted(Details):
    """An application came."""

    kind = Kind.SUBMITTED


@dataclass(frozen=True)
class Changed(Details):
    """Its applicant sent another version: the one of this number."""

    kind = Kind.CHANGED
    version: int


@dataclass(frozen=True)
class Moved(Details):
    """Its state was another one from then on."""

    kind = Kind.MOVED
    before: str
    after: str


@dataclass(frozen=True)
class Shown(Details):
    """From then on the applicant was shown this state."""

    kind = Kind.SHOWN
    state: str


@dataclass(frozen=True)
class TakenBack(Details):
    """The applicant took the withdrawal back, and was shown this state from then on."""

    kind = Kind.TAKEN_BACK
    state: str


@dataclass(frozen=True)
class MoveUndone(Details):
    """A move of the staff was undone before anybody was told of it."""

    kind = Kind.MOVE_UNDONE
    before: str
    after: str


@dataclass(frozen=True)
class WaitlistStep(Details):
    """On the waiting list of its route it has this number now."""

    kind = Kind.WAITLIST_STEP
    number: int


@dataclass(frozen=True)
class BulkApplied(Details):
    """Somebody did this to so many applications at once; what became of each, its own events say."""

    kind = Kind.BULK_APPLIED
    action: str
    count: int


@dataclass(frozen=True)
class BulkUndone(Details):
    """What was done to so many applications at once was undone."""

    kind = Kind.BULK_UNDONE
    action: str
    count: int


@dataclass(frozen=True)
class MoreOffersThanPlaces(Details):
    """It was offered a place of a route that had fewer than offers then, for this reason."""

    kind = Kind.MORE_OFFERS_THAN_PLACES
    offers: int
    places: int
    reason: str


@dataclass(frozen=True)
class Opened(Details):
    """A reader had their first look at the newest version."""

    kind = Kind.OPENED


@dataclass(frozen=True)
class VerdictChange:
    """A requirement, by its key, with another verdict than before; None where one of the versions does not ask it."""

    requirement: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Reevaluated(Details):
    """It was judged by another version of the requirements."""

    kind = Kind.REEVALUATED
    before: int
    after: int
    changes: tuple[VerdictChange, ...] = ()

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """What to_dict gave, also after it was JSON."""
        changes = tuple(VerdictChange(**change) for change in values["changes"])
        return cls(**{**values, "changes": changes})


@dataclass(frozen=True)
class DifferenceChecked(Details):
    """A reader has looked at what the résumé says of a field otherwise than the form."""

    kind = Kind.DIFFERENCE_CHECKED
    field: str
    stated: str
    found: str


@dataclass(frozen=True)
class OutcomeVerified(Details):
    """Somebody of the staff found the same verdict as stood there."""

    kind = Kind.OUTCOME_VERIFIED
    requirement: str
    verdict: str


@dataclass(frozen=True)
class OutcomeOverridden(Details):
    """Somebody of the staff found another verdict, for this reason."""

    kind = Kind.OUTCOME_OVERRIDDEN
    requirement: str
    before: str
    after: str
    reason: str


@dataclass(frozen=True)
class DocumentAsked(Details):
    """The group asked for a further document in these words."""

    kind = Kind.DOCUMENT_ASKED
    text: str


@dataclass(frozen=True)
class DocumentSent(Details):
    """The document came that was asked for in these words."""

    kind = Kind.DOCUMENT_SENT
    text: str


@dataclass(frozen=True)
class AskedAgain(Details):
    """The group asked once more for one answer or document, for this reason."""

    kind = Kind.ASKED_AGAIN
    text: str


@dataclass(frozen=True)
class Confirmed(Details):
    """The applicant said once more what the application says already; another answer is a change."""

    kind = Kind.CONFIRMED


@dataclass(frozen=True)
class RequestTakenBack(Details):
    """The group wants no answer any more to what it asked in these words."""

    kind = Kind.REQUEST_TAKEN_BACK
    text: str


@dataclass(frozen=True)
class LetterReceived(Details):
    """The letter of the referee of this name came."""

    kind = Kind.LETTER_RECEIVED
    referee: str


@dataclass(frozen=True)
class InterviewInvited(Details):
    """The applicant was invited to choose the time of an interview."""

    kind = Kind.INTERVIEW_INVITED


@dataclass(frozen=True)
class InterviewBooked(Details):
    """It was agreed that the interview begins at this moment, in ISO 8601: by the applicant, or for them."""

    kind = Kind.INTERVIEW_BOOKED
    starts_at: str


@dataclass(frozen=True)
class InterviewCancelled(Details):
    """The interview does not take place at this moment, in ISO 8601."""

    kind = Kind.INTERVIEW_CANCELLED
    starts_at: str


@dataclass(frozen=True)
class InterviewReminded(Details):
    """The applicant was reminded to choose a time."""

    kind = Kind.INTERVIEW_REMINDED


@dataclass(frozen=True)
class InterviewNoneFits(Details):
    """No time suits the applicant, who says why."""

    kind = Kind.INTERVIEW_NONE_FITS
    text: str


@dataclass(frozen=True)
class InterviewHeld(Details):
    """The staff settled this about an interview, which nobody is told yet; `starts_at` in ISO 8601 where it is a time.

    `what`: invited, booked, cancelled or reminded.
    """

    kind = Kind.INTERVIEW_HELD
    what: str
    starts_at: str | None


@dataclass(frozen=True)
class InterviewTakenBack(Details):
    """The staff took back what they had settled before anybody was told."""

    kind = Kind.INTERVIEW_TAKEN_BACK
    what: str
    starts_at: str | None


@dataclass(frozen=True)
class InterviewNotTold(Details):
    """What the staff had settled was told to nobody: the application left interviews, or its applicant chose a time."""

    kind = Kind.INTERVIEW_NOT_TOLD
    what: str
    reason: str


@dataclass(frozen=True)
class FilesRemoved(Details):
    """So many files were removed, because they were kept long enough."""

    kind = Kind.FILES_REMOVED
    count: int


@dataclass(frozen=True)
class Rated(Details):
    """A reviewer submitted a rating, or another one than before."""

    kind = Kind.RATED


@dataclass(frozen=True)
class Abstained(Details):
    """A reviewer said that they do not rate it."""

    kind = Kind.ABSTAINED


@dataclass(frozen=True)
class RatingsSeenEarly(Details):
    """Somebody who decides had the ratings shown without having rated it."""

    kind = Kind.RATINGS_SEEN_EARLY


@dataclass(frozen=True)
class Assigned(Details):
    """The account of this address shall rate it."""

    kind = Kind.ASSIGNED
    reviewer: str


@dataclass(frozen=True)
class Unassigned(Details):
    """The account of this address need not rate it any more."""

    kind = Kind.UNASSIGNED
    reviewer: str


@dataclass(frozen=True)
class ConflictDeclared(Details):
    """The account of this address must not rate it; a rating of theirs is gone."""

    kind = Kind.CONFLICT_DECLARED
    reviewer: str


@dataclass(frozen=True)
class ConflictWithdrawn(Details):
    """The account of this address may rate it again."""

    kind = Kind.CONFLICT_WITHDRAWN
    reviewer: str


@dataclass(frozen=True)
class MailSentAgain(Details):
    """A mail that had not arrived at this address was sent once more."""

    kind = Kind.MAIL_SENT_AGAIN
    recipient: str


@dataclass(frozen=True)
class MailSentElsewhere(Details):
    """What a mail to one address says was sent to another."""

    kind = Kind.MAIL_SENT_ELSEWHERE
    before: str
    after: str


@dataclass(frozen=True)
class MailCameBack(Details):
    """A mail to this address came back."""

    kind = Kind.MAIL_CAME_BACK
    recipient: str


@dataclass(frozen=True)
class ReplyAdded(Details):
    """A mail from this address, which somebody of the group had got, was added to the application."""

    kind = Kind.REPLY_ADDED
    sender: str


@dataclass(frozen=True)
class ReplyRemoved(Details):
    """Such a mail was taken away again."""

    kind = Kind.REPLY_REMOVED
    sender: str


@dataclass(frozen=True)
class ReleaseQueued(Details):
    """A message to the applicant was queued, which tells this state, or none."""

    kind = Kind.RELEASE_QUEUED
    state: str | None


@dataclass(frozen=True)
class ReleaseTakenBack(Details):
    """It was taken back before its time: the applicant has heard nothing."""

    kind = Kind.RELEASE_TAKEN_BACK
    state: str | None


@dataclass(frozen=True)
class ReleaseSkipped(Details):
    """It was not sent when its time came; why not, as evaluation.releases.rules.Outcome says it."""

    kind = Kind.RELEASE_SKIPPED
    state: str | None
    reason: str


@dataclass(frozen=True)
class MessageSent(Details):
    """A mail of this subject that the staff wrote went into the outbox."""

    kind = Kind.MESSAGE_SENT
    subject: str


@dataclass(frozen=True)
class TemplateChanged(Details):
    """The words for this kind of mail are others now: the version of this number."""

    kind = Kind.TEMPLATE_CHANGED
    template: str
    version: int


@dataclass(frozen=True)
class TemplateFileAdded(Details):
    """A file goes along with the mails of a template from now on."""

    kind = Kind.TEMPLATE_FILE_ADDED
    template: str
    name: str


@dataclass(frozen=True)
class TemplateFileRemoved(Details):
    """A file goes along with the mails of a template no more."""

    kind = Kind.TEMPLATE_FILE_REMOVED
    template: str
    name: str


@dataclass(frozen=True)
class DataExported(Details):
    """The applicant fetched all that is held about them."""

    kind = Kind.DATA_EXPORTED


@dataclass(frozen=True)
class ApplicationDeleted(Details):
    """The application is gone; why, as privacy.deletion says it. About its reference alone, so that it stays."""

    kind = Kind.APPLICATION_DELETED
    reason: str


@dataclass(frozen=True)
class CallChanged(Details):
    """A call came, or its file says something else than before."""

    kind = Kind.CALL_CHANGED


@dataclass(frozen=True)
class RequirementsChanged(Details):
    """What a route asks for is another version now: the one of this number."""

    kind = Kind.REQUIREMENTS_CHANGED
    version: int


@dataclass(frozen=True)
class RecordChanged(Details):
    """A person changed a record of the group: what it says now is the revision of this number."""

    kind = Kind.RECORD_CHANGED
    revision: int


@dataclass(frozen=True)
class RecordMoved(Details):
    """A person put a record into another place among those of its kind, counted from 1."""

    kind = Kind.RECORD_MOVED
    place: int
    of: int


@dataclass(frozen=True)
class DraftShared(Details):
    """An editor made a link that shows a news item before it is published."""

    kind = Kind.DRAFT_SHARED


@dataclass(frozen=True)
class DraftShareEnded(Details):
    """An editor ended the links that show a news item before it is published."""

    kind = Kind.DRAFT_SHARE_ENDED


@dataclass(frozen=True)
class ProfileAsked(Details):
    """A member was mailed a link to keep their own profile."""

    kind = Kind.PROFILE_ASKED


@dataclass(frozen=True)
class ProposalMade(Details):
    """A member proposed something for the public record by that link."""

    kind = Kind.PROPOSAL_MADE


@dataclass(frozen=True)
class ProposalAccepted(Details):
    """What a member proposed was taken over."""

    kind = Kind.PROPOSAL_ACCEPTED


@dataclass(frozen=True)
class ProposalDeclined(Details):
    """What a member proposed was not taken over."""

    kind = Kind.PROPOSAL_DECLINED


@dataclass(frozen=True)
class Exported(Details):
    """What a search showed, so many applications, was taken along in this form. `search` holds nobody's name."""

    kind = Kind.EXPORTED
    form: str
    count: int
    search: str


@dataclass(frozen=True)
class DossierMade(Details):
    """All of it was taken along as one PDF."""

    kind = Kind.DOSSIER_MADE


@dataclass(frozen=True)
class Commented(Details):
    """A colleague said something in its discussion."""

    kind = Kind.COMMENTED


@dataclass(frozen=True)
class CommentChanged(Details):
    """The author said otherwise what had been said in these words, which no history shows."""

    kind = Kind.COMMENT_CHANGED
    before: str


@dataclass(frozen=True)
class CommentRemoved(Details):
    """The author took back what had been said in these words, which no history shows."""

    kind = Kind.COMMENT_REMOVED
    text: str


@dataclass(frozen=True)
class Tagged(Details):
    """It got the shared tag of this name."""

    kind = Kind.TAGGED
    tag: str


@dataclass(frozen=True)
class Untagged(Details):
    """It lost the shared tag of this name."""

    kind = Kind.UNTAGGED
    tag: str


@dataclass(frozen=True)
class TagMade(Details):
    """A tag of this name is there for all from then on."""

    kind = Kind.TAG_MADE
    name: str


@dataclass(frozen=True)
class TagChanged(Details):
    """It is called otherwise."""

    kind = Kind.TAG_CHANGED
    before: str
    after: str


@dataclass(frozen=True)
class TagRemoved(Details):
    """Nobody sees the tag of this name any more."""

    kind = Kind.TAG_REMOVED
    name: str


@dataclass(frozen=True)
class TagRestored(Details):
    """It is there again, wherever it was."""

    kind = Kind.TAG_RESTORED
    name: str


@dataclass(frozen=True)
class ExtensionGiven(Details):
    """One person may apply to the route until this moment, in UTC. Nothing tells who: the event outlives the draft."""

    kind = Kind.EXTENSION_GIVEN
    until: str


@dataclass(frozen=True)
class ExtensionEnded(Details):
    """It was taken back."""

    kind = Kind.EXTENSION_ENDED


@dataclass(frozen=True)
class AccountMade(Details):
    """An account of the staff was made."""

    kind = Kind.ACCOUNT_MADE


@dataclass(frozen=True)
class AccountClosed(Details):
    """It can sign in no longer."""

    kind = Kind.ACCOUNT_CLOSED


@dataclass(frozen=True)
class AccountOpened(Details):
    """It can sign in again."""

    kind = Kind.ACCOUNT_OPENED


@dataclass(frozen=True)
class PasswordChanged(Details):
    """It has another password."""

    kind = Kind.PASSWORD_CHANGED


@dataclass(frozen=True)
class AccountRenamed(Details):
    """Colleagues see it under this name from then on."""

    kind = Kind.ACCOUNT_RENAMED
    name: str


@dataclass(frozen=True)
class RoleGranted(Details):
    """It has a further role, everywhere or for the applications of one route."""

    kind = Kind.ROLE_GRANTED
    role: str
    route_id: int | None = None


@dataclass(frozen=True)
class RoleRevoked(Details):
    """It has lost a role as it was granted."""

    kind = Kind.ROLE_REVOKED
    role: str
    route_id: int | None = None


@dataclass(frozen=True)
class SessionsEnded(Details):
    """So many sessions were ended, of an account or of everybody."""

    kind = Kind.SESSIONS_ENDED
    count: int


@dataclass(frozen=True)
class AccountInvited(Details):
    """Its owner was mailed a link to choose the first password."""

    kind = Kind.ACCOUNT_INVITED


@dataclass(frozen=True)
class InvitationWithdrawn(Details):
    """The links that invited its owner work no longer."""

    kind = Kind.INVITATION_WITHDRAWN


@dataclass(frozen=True)
class PasswordLinkSent(Details):
    """Its owner was mailed a link to choose another password."""

    kind = Kind.PASSWORD_LINK_SENT


@dataclass(frozen=True)
class SignedIn(Details):
    """Somebody signed in."""

    kind = Kind.SIGNED_IN


@dataclass(frozen=True)
class WrongCode(Details):
    """Somebody who knew its password gave a wrong code, or a used one: somebody else may know the password."""

    kind = Kind.WRONG_CODE


@dataclass(frozen=True)
class SecondFactorAdded(Details):
    """It has a further second factor: "app" or "passkey", and what its owner calls that."""

    kind = Kind.SECOND_FACTOR_ADDED
    what: str
    name: str = ""


@dataclass(frozen=True)
class SecondFactorRemoved(Details):
    """Its owner has taken a second factor away."""

    kind = Kind.SECOND_FACTOR_REMOVED
    what: str
    name: str = ""


@dataclass(frozen=True)
class SecondFactorReset(Details):
    """Everything that proves a second factor was taken away: its owner has lost the phone."""

    kind = Kind.SECOND_FACTOR_RESET


@dataclass(frozen=True)
class RecoveryCodesMade(Details):
    """It has new recovery codes, and the earlier ones work no longer."""

    kind = Kind.RECOVERY_CODES_MADE


@dataclass(frozen=True)
class RecoveryCodeUsed(Details):
    """A recovery code stood in for the phone; so many are left."""

    kind = Kind.RECOVERY_CODE_USED
    left: int


DETAILS: dict[Kind, type[Details]] = {each.kind: each for each in Details.__subclasses__()}


def read_details(kind: str, values: Mapping[str, Any]) -> Details:
    """The record of an event from what is stored of it."""
    return DETAILS[Kind(kind)].from_dict(values)
