"""What is said of the files of a form: which are taken, and what to do about one that was not."""

from flask import current_app
from flask_babel import gettext

import config
from s2group.admissions.document_kinds import RESUME, accepted_types
from s2group.documents.rules import EXTENSIONS, PDF_ONLY


def largest_file() -> str:
    """The largest file that is taken, such as 10 MB."""
    return f"{current_app.config['MAX_DOCUMENT_BYTES'] // config.MEGABYTE} MB"


def accept_attribute(kind: str) -> str:
    """What the browser offers to choose from: media types, and how such files are called where it knows no types."""
    types = [media_type for media_type in EXTENSIONS if media_type in accepted_types(kind)]
    names = [f".{EXTENSIONS[media_type]}" for media_type in types]
    return ",".join([*types, *names, *([".jpeg"] if ".jpg" in names else [])])


def formats(kind: str) -> str:
    """The same for people."""
    return "PDF" if accepted_types(kind) == PDF_ONLY else str(gettext("PDF, JPEG or PNG"))


def problem(reason: str, kind: str, label: str) -> str:
    """What to do about a file of this kind that was not taken: "none" was selected, or the services refused it."""
    if kind == RESUME and reason == "none":
        return str(gettext("Select a PDF CV"))
    if reason == "wrong_type" and accepted_types(kind) == PDF_ONLY:
        return str(gettext("%(label)s: the file is not a PDF. Save it as PDF, then select it", label=label))
    words = {
        "none": gettext("%(label)s: select a file", label=label),
        "empty": gettext("%(label)s: the file is empty. Save it again, then select it", label=label),
        "too_big": gettext("%(label)s: select a file of at most %(size)s", label=label, size=largest_file()),
        "wrong_type": gettext(
            "%(label)s: the file is not a PDF, JPEG or PNG. Save it as one, then select it", label=label
        ),
        "encrypted": gettext("%(label)s: save the file without a password, then select it", label=label),
        "damaged": gettext(
            "%(label)s: the file is damaged and shows nothing. Save it again, then select it", label=label
        ),
        "unreadable": gettext(
            "%(label)s: the portal could not open this file. Look at it on your device; select another one, or press "
            "the button again to send it all the same",
            label=label,
        ),
        "quota": gettext(
            "%(label)s: a lot was uploaded from your network within a day and not sent. Send what you have uploaded, "
            "or upload this file tomorrow",
            label=label,
        ),
        "failed": gettext("%(label)s: the upload did not get through. Select the file again", label=label),
    }
    return str(words[reason])
