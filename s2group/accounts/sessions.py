"""Sessions as rows: a cookie holds a random token and nothing else, and a session that was ended is over everywhere.

A visitor who only needs form tokens has no row: the secret of the forms is derived from the cookie's token. A row is
made, always under a new token, when somebody signs in, gets access to an application, or is to be told something.

Rows are read when the session is first asked for, and written on a connection of their own, before or after the
request's own transaction, never within it.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import Any, cast

from flask import Flask, current_app, g, request
from flask import session as session_proxy
from flask.sessions import SessionInterface, SessionMixin
from sqlalchemy import ColumnElement, Row, and_, delete, insert, or_, select, update
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from s2group.accounts.models import BrowserSession, KnownDevice, User
from s2group.accounts.rules import (
    LONGEST_TOKEN,
    STAFF_IDLE_LIMIT,
    TOUCH_INTERVAL,
    VISITOR_IDLE_LIMIT,
    device_of,
    form_token,
    session_end,
)
from s2group.audit.rules import SessionsEnded
from s2group.audit.services import record
from s2group.core.clock import now
from s2group.core.database import BUSY_TIMEOUT_MS, delete_some_at_a_time, own_transaction, transaction
from s2group.core.errors import as_storage_error
from s2group.core.identifiers import new_token, token_hash
from s2group.core.permissions import has_session
from s2group.core.storage_errors import StorageError, storage_error
from s2group.extensions import db
from s2group.links.rules import Purpose
from s2group.links.services import remove

# Where Flask-WTF looks for the secret of the forms.
FORM_SECRET = "csrf_token"  # noqa: S105 - a name
# Not worth a row of their own; Flask-Security notes with fs_cc that it might send a cookie which we do not use.
PASSING_NOTES = {FORM_SECRET, "fs_cc"}
# How long a page that is looked at waits to note in the session, for instance, that a message was shown. Others write
# for milliseconds; who writes for longer delays no page by more than this.
LOOKING_TIMEOUT_MS = 500


class StoredSession(SessionMixin):
    """The session of one request: Flask's `session`. Nothing is read before somebody asks for something in it.

    A page that is the same for everybody (core.permissions.public) finds nothing in it, whoever asks, and puts nothing
    into it. Where disk or database fail it, it is nobody's for the rest of the request, and is not written.
    """

    modified = False

    def __init__(self, cookie: str | None) -> None:
        self.cookie = cookie if cookie and len(cookie) <= LONGEST_TOKEN else None
        self.token = self.cookie or new_token()
        self.has_failed = False
        self._row: Row[Any] | None = None
        self._data: dict[str, Any] | None = None

    @property
    def is_loaded(self) -> bool:
        """Whether anybody has asked."""
        return self._data is not None

    @property
    def id(self) -> int | None:
        """The number of its row, where it has one."""
        self._load()
        return self._row.id if self._row else None

    @property
    def user_id(self) -> int | None:
        """The account that is signed in."""
        self._load()
        return self._row.user_id if self._row else None

    def renew(self, user: User | None = None, *, wait_ms: int = BUSY_TIMEOUT_MS) -> int:
        """Write the session down at once under a new token, signed in as `user` if given; the number of its row.

        Whoever knew the former token has nothing from then on. Forms that lie open go on working, unless somebody
        signs in. Raises what disk or database raise.
        """
        token, data, moment = new_token(), self._load(), now()
        values: dict[str, Any] = {"token_hash": token_hash(token), "seen_at": moment, "data": data}
        if user:
            data[FORM_SECRET] = _form_secret(token)
            device = device_of(request.user_agent.string)
            values |= {"user_id": user.id, "device": device, "ends_at": session_end(signed_in=True, now=moment)}
        with self._nobodys_on_failure(), own_transaction(wait_ms=wait_ms) as connection:
            row = self._row and connection.execute(self._update(**values)).one_or_none()
            if row is None:
                new = {"created_at": moment, "ends_at": session_end(signed_in=False, now=moment)}
                made = insert(BrowserSession).values(**{**new, **values}).returning(*_COLUMNS)
                row = connection.execute(made).one()
        self.token, self._row, self.modified = token, row, False
        return int(row.id)

    def end(self) -> None:
        """End the session at once, wherever its cookie may be by now. Raises what disk or database raise."""
        if self.id is not None:
            with own_transaction() as connection:
                connection.execute(self._update(ended_at=now()))
        self.token, self._row, self.modified = new_token(), None, False
        self._data = {FORM_SECRET: _form_secret(self.token)}

    def keep(self) -> None:
        """Write down what has changed, or now and then that the session is in use.

        A page that is only looked at hardly waits for others who write. What cannot be written is lost, and not the
        answer.
        """
        if self.has_failed or not (self.modified or self._is_touch_due()):
            return
        if request.method in ("GET", "HEAD"):
            self._keep_hardly_waiting()
            return
        with suppress(StorageError), as_storage_error():
            self._write()

    def remember(self, key: str, value: Any) -> None:
        """Write down at once what the page that is shown now leans on. Raises what disk or database raise."""
        self[key] = value
        self._write()

    def _keep_hardly_waiting(self) -> None:
        try:
            self._write(wait_ms=LOOKING_TIMEOUT_MS if self.modified else 0)
        except Exception as error:
            if storage_error(error) is None:
                raise

    def _write(self, *, wait_ms: int = BUSY_TIMEOUT_MS) -> None:
        data = self._load()
        if self._row:
            with own_transaction(wait_ms=wait_ms) as connection:
                connection.execute(self._update(data=data, seen_at=now()))
            self.modified = False
        elif data.keys() - PASSING_NOTES:
            self.renew(wait_ms=wait_ms)

    def _update(self, **values: Any) -> Any:
        """Nothing where the session has ended meanwhile."""
        ours = (BrowserSession.id == self.id, BrowserSession.ended_at.is_(None))
        return update(BrowserSession).where(*ours).values(**values).returning(*_COLUMNS)

    def _is_touch_due(self) -> bool:
        return self._row is not None and now() - self._row.seen_at >= TOUCH_INTERVAL

    def _load(self) -> dict[str, Any]:
        if self._data is None:
            if not has_session():
                return {}
            g.session_was_read = True
            with self._nobodys_on_failure():
                self._row = _live_row(self.cookie, now()) if self.cookie else None
            self._data = dict(self._row.data) if self._row else {FORM_SECRET: _form_secret(self.token)}
        return self._data

    @contextmanager
    def _nobodys_on_failure(self) -> Iterator[None]:
        """Sign nobody in by halves: what was meant to be written is not written later, without what goes with it.

        Forms keep their secret, because the page that tells of the failure sends again what was typed.
        """
        try:
            yield
        except Exception:
            secret = (self._data or {}).get(FORM_SECRET) or _form_secret(self.token)
            self.has_failed, self._row, self._data = True, None, {FORM_SECRET: secret}
            raise

    def __getitem__(self, key: str) -> Any:
        return self._load()[key]

    def __setitem__(self, key: str, value: Any) -> None:
        if not has_session():
            raise RuntimeError(f"{request.endpoint} is the same for everybody: it cannot keep {key!r} in a session")
        self._load()[key] = value
        self.modified = True

    def __delitem__(self, key: str) -> None:
        del self._load()[key]
        self.modified = True

    def __iter__(self) -> Iterator[str]:
        return iter(self._load())

    def __len__(self) -> int:
        return len(self._load())


_COLUMNS = (BrowserSession.id, BrowserSession.user_id, BrowserSession.data, BrowserSession.seen_at)


class StoredSessions(SessionInterface):
    """Flask's way to sessions that are rows."""

    def open_session(self, app: Flask, request: Any) -> StoredSession:
        """The session of this cookie."""
        return StoredSession(request.cookies.get(self.get_cookie_name(app)))

    def save_session(self, app: Flask, session: SessionMixin, response: AnyResponse) -> None:
        """Keep what must be kept, and send the cookie where the browser has another, or none and was shown a form."""
        stored = cast("StoredSession", session)
        if not stored.is_loaded:
            return
        response.vary.add("Cookie")
        stored.keep()
        if stored.token == stored.cookie or (stored.has_failed and stored.cookie):
            return
        if stored.id is not None or FORM_SECRET in g:
            set_private_cookie(response, self.get_cookie_name(app), stored.token)
        elif stored.cookie:
            set_private_cookie(response, self.get_cookie_name(app), "", max_age=timedelta())


def set_private_cookie(response: AnyResponse, name: str, value: str, *, max_age: timedelta | None = None) -> None:
    """Set a cookie that no script reads; it lasts until the browser ends where nothing else is said."""
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    response.set_cookie(name, value, max_age=max_age, path="/", secure=secure, httponly=True, samesite="Lax")


def current_session() -> StoredSession:
    """The session of this request, by its own type."""
    return cast("StoredSession", session_proxy._get_current_object())  # type: ignore[attr-defined]


def end_sessions(session: Session, user: User | None, *, now: datetime) -> int:
    """End the sessions of an account, or of everybody, within the caller's transaction; how many there were.

    No browser is known as its own any more, and no mailed link lets anybody in, but one that invites.
    """
    whose = [BrowserSession.user_id == user.id] if user else []
    live = update(BrowserSession).where(BrowserSession.ended_at.is_(None), *whose).values(ended_at=now)
    session.execute(delete(KnownDevice).where(KnownDevice.user_id == user.id) if user else delete(KnownDevice))
    remove(
        session, (Purpose.SIGN_IN, Purpose.NEW_PASSWORD), [user.fs_uniquifier] if user else select(User.fs_uniquifier)
    )
    return len(session.execute(live.returning(BrowserSession.id)).all())


def sessions_of(user: User, *, now: datetime) -> Sequence[BrowserSession]:
    """The sessions in which an account is signed in, the one in use last first."""
    own = select(BrowserSession).where(BrowserSession.user_id == user.id, ~_is_over(now))
    return db.session.scalars(own.order_by(BrowserSession.seen_at.desc(), BrowserSession.id.desc())).all()


def end_some_sessions(*, user: User, which: str | None, but: int | None, now: datetime) -> int:
    """End that session of the owner which has this number, or all but one, in which they ask. How many there were."""
    with transaction() as session:
        live = sessions_of(user, now=now)
        ended = [each for each in live if (each.id != but if which is None else str(each.id) == which)]
        for each in ended:
            each.ended_at = now
        if ended:
            record(session, SessionsEnded(len(ended)), about=user.subject, at=now, actor_id=user.id)
    return len(ended)


def forget_ended_sessions(*, now: datetime) -> int:
    """Remove the sessions that are over, some in each transaction; how many there were."""
    return delete_some_at_a_time(BrowserSession.id, _is_over(now))


def _form_secret(token: str) -> str:
    return form_token(token, key=current_app.config["SECRET_KEY"])


def _live_row(cookie: str, now: datetime) -> Row[Any] | None:
    ours = select(*_COLUMNS).where(BrowserSession.token_hash == token_hash(cookie), ~_is_over(now))
    with db.engine.connect() as connection:
        return connection.execute(ours).one_or_none()


def _is_over(now: datetime) -> ColumnElement[bool]:
    staff, visitor = BrowserSession.user_id.is_not(None), BrowserSession.user_id.is_(None)
    return or_(
        BrowserSession.ended_at.is_not(None),
        BrowserSession.ends_at <= now,
        and_(staff, BrowserSession.seen_at < now - STAFF_IDLE_LIMIT),
        and_(visitor, BrowserSession.seen_at < now - VISITOR_IDLE_LIMIT),
    )
