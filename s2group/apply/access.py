"""Which applications a browser may look at and change: those it sent, and those whose e-mailed link it has used."""

from contextlib import suppress

from s2group.accounts.sessions import current_session
from s2group.admissions.access import give_access, has_access
from s2group.admissions.models import Application
from s2group.core.errors import as_storage_error
from s2group.core.storage_errors import StorageError


def remember(application: Application) -> None:
    """Let this browser change the application from now on, under a new session token.

    Nothing happens where disk or database cannot note it now: what was done before stands, and the application's pages
    offer a link by mail.
    """
    with suppress(StorageError), as_storage_error():
        give_access(application=application, session_id=current_session().renew())


def may_change(application: Application) -> bool:
    """Whether this browser may change the application."""
    return has_access(application, session_id=current_session().id)


def may_look(application: Application) -> bool:
    """Whether this browser may see the application.

    Whoever knows the reference may, until the address is changed: the reader of the former mailbox knows it too.
    """
    return application.access_version == 1 or may_change(application)
