"""What each kind of mail is, in words for the staff."""

from flask_babel import lazy_gettext

# By the folder of its templates.
MAIL_KINDS = {
    "decision_told": lazy_gettext("Decision, to the applicant"),
    "message_written": lazy_gettext("Message of the group, to the applicant"),
    "application_received": lazy_gettext("New application, to the group"),
    "application_confirmation": lazy_gettext("Confirmation, to the applicant"),
    "application_changed": lazy_gettext("Changed application, to the group"),
    "change_confirmation": lazy_gettext("Change confirmed, to the applicant"),
    "application_withdrawn": lazy_gettext("Withdrawal confirmed, to the applicant"),
    "offer_answered": lazy_gettext("Answer to the offer confirmed, to the applicant"),
    "offer_answered_notice": lazy_gettext("Answer to the offer, to the group"),
    "offer_reminder": lazy_gettext("Reminder of the offer, to the applicant"),
    "withdrawal_notice": lazy_gettext("Withdrawal, to the group"),
    "documents_asked": lazy_gettext("Further document asked for, to the applicant"),
    "document_sent": lazy_gettext("Further document, to the group"),
    "answer_asked": lazy_gettext("Answer asked for once more, to the applicant"),
    "answer_given": lazy_gettext("Answer given once more, to the group"),
    "file_unreadable": lazy_gettext("File that could not be opened, to the applicant"),
    "file_unreadable_notice": lazy_gettext("File that could not be opened, to the group"),
    "manage_link": lazy_gettext("Link to the application, to the applicant"),
    "application_deleted": lazy_gettext("Deletion confirmed, to the applicant"),
    "deletion_notice": lazy_gettext("Deletion, to the group"),
    "stuck_mail_digest": lazy_gettext("List of what needs somebody, to the administrators"),
    "letter_asked": lazy_gettext("Letter of recommendation asked for, to the referee"),
    "letter_reminder": lazy_gettext("Reminder of the letter, to the referee"),
    "letter_received": lazy_gettext("Letter has come, to the group"),
    "interview_invited": lazy_gettext("Interview: choose a time, to the applicant"),
    "interview_reminder": lazy_gettext("Interview: not chosen yet, to the applicant"),
    "interview_booked": lazy_gettext("Interview: time agreed, to the applicant"),
    "interview_booked_notice": lazy_gettext("Interview: time agreed, to the interviewers"),
    "interview_cancelled": lazy_gettext("Interview: cancelled, to the applicant"),
    "interview_cancelled_notice": lazy_gettext("Interview: cancelled, to the interviewers"),
    "interview_tomorrow": lazy_gettext("Interview: reminder, to the applicant"),
    "interview_tomorrow_notice": lazy_gettext("Interview: reminder, to the interviewers"),
    "interview_none_fits": lazy_gettext("Interview: no time fits, to the group"),
    "extension": lazy_gettext("Leave to apply late, to one person"),
    "draft_continue": lazy_gettext("Link to a draft, to its writer"),
    "sign_in_link": lazy_gettext("Link to sign in, to its owner"),
    "invitation": lazy_gettext("Invitation, to a new colleague"),
    "new_password": lazy_gettext("Link to choose a new password, to the owner of an account"),
    "second_factor": lazy_gettext("Second factor changed, to the owner of an account"),
    "notify_address": lazy_gettext("Link to confirm an address, to the owner of an account"),
    "profile_asked": lazy_gettext("Link to keep a profile, to a member"),
    "proposal_made": lazy_gettext("Proposal of a member, to an editor"),
    "proposal_accepted": lazy_gettext("Proposal accepted, to a member"),
    "proposal_declined": lazy_gettext("Proposal declined, to a member"),
    "mention": lazy_gettext("Mention in a discussion, to a colleague"),
    "mention_digest": lazy_gettext("Mentions of the day, to a colleague"),
    "answers_due": lazy_gettext("Reminder of answers that are due, to a colleague"),
    "draft_reminder": lazy_gettext("Reminder of a draft, to its writer"),
}


def mail_kind(message: str) -> str:
    """What this kind of mail is called; no identifier of ours, also where an older version wrote it."""
    return str(MAIL_KINDS.get(message, lazy_gettext("Mail")))
