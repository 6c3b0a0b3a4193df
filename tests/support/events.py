"""Events of tests."""

from s2group.audit.rules import (
    AccountClosed,
    AccountMade,
    AccountOpened,
    AccountRenamed,
    ApplicationDeleted,
    CallChanged,
    Changed,
    DataExported,
    Details,
    DocumentAsked,
    DocumentSent,
    FilesRemoved,
    InterviewBooked,
    InterviewCancelled,
    InterviewInvited,
    InterviewNoneFits,
    InterviewReminded,
    Kind,
    LetterReceived,
    MailCameBack,
    MailSentAgain,
    MailSentElsewhere,
    Moved,
    Opened,
    PasswordChanged,
    RecordChanged,
    Reevaluated,
    RequirementsChanged,
    RoleGranted,
    RoleRevoked,
    SessionsEnded,
    Shown,
    SignedIn,
    Submitted,
    TagChanged,
    Tagged,
    TagMade,
    TagRemoved,
    TagRestored,
    TakenBack,
    Untagged,
    VerdictChange,
)
from s2group.extensions import db

CHANGES = (VerdictChange("exemption_quota", "met", "not_met"), VerdictChange("gone", None, "unknown"))
ONE_OF_EACH: dict[Kind, Details] = {
    each.kind: each
    for each in (
        Submitted(),
        Opened(),
        MailSentAgain("pi@example.org"),
        MailSentElsewhere("pi@example.org", "co@example.org"),
        MailCameBack("pi@example.org"),
        LetterReceived("测试丙"),
        FilesRemoved(2),
        Reevaluated(1, 2, CHANGES),
        Changed(2),
        Moved("submitted", "screening"),
        Shown("screening"),
        TakenBack("screening"),
        DocumentAsked("A certificate; 证明"),
        DocumentSent("A certificate; 证明"),
        DataExported(),
        ApplicationDeleted("request"),
        CallChanged(),
        RequirementsChanged(2),
        RecordChanged(2),
        Tagged("测试·强"),
        Untagged("测试·强"),
        TagMade("测试·强"),
        TagChanged("测试·强", "测试·很强"),
        TagRemoved("测试·强"),
        TagRestored("测试·强"),
        AccountMade(),
        AccountClosed(),
        AccountOpened(),
        PasswordChanged(),
        AccountRenamed("测试·小林"),
        RoleGranted("reviewer", 1),
        RoleRevoked("admin"),
        SessionsEnded(3),
        SignedIn(),
        InterviewInvited(),
        InterviewBooked("2026-09-26T06:00:00+00:00"),
        InterviewCancelled("2026-09-26T06:00:00+00:00"),
        InterviewReminded(),
        InterviewNoneFits("I sit an exam; 考试"),
    )
}


def without_event_triggers() -> list[str]:
    """The statements after which the database lets events be changed, as whoever owns it may."""
    if db.engine.dialect.name == "sqlite":
        names = ("event_is_never_changed", "event_is_never_replaced", "event_goes_with_its_application")
        return [f"DROP TRIGGER {name}" for name in names]
    return ["ALTER TABLE event DISABLE TRIGGER USER"]
