"""Who may do what: one table, one gate, and the mark that every view carries."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import Any, ParamSpec, Protocol, TypeVar

from flask import abort, current_app, request
from flask_login import current_user

P = ParamSpec("P")
R = TypeVar("R")


class Role(StrEnum):
    """What a staff account is for."""

    ADMIN = "admin"
    PI = "pi"
    REVIEWER = "reviewer"
    EDITOR = "editor"


class Action(StrEnum):
    """What may be allowed or not."""

    READ_APPLICATIONS = "read applications"
    REVIEW_APPLICATIONS = "review applications"
    DECIDE_APPLICATIONS = "decide applications"
    EXPORT_APPLICATIONS = "export applications"
    EDIT_CONTENT = "edit content"
    # Who receives applications and what they are judged by stands there, so that it takes more than editing content.
    EDIT_CALLS = "edit calls"
    MANAGE_MAIL = "manage mail"
    READ_AUDIT = "read audit"
    MANAGE_ACCOUNTS = "manage accounts"


RIGHTS: dict[Role, frozenset[Action]] = {
    Role.ADMIN: frozenset(Action),
    Role.PI: frozenset(Action) - {Action.MANAGE_ACCOUNTS},
    Role.REVIEWER: frozenset({Action.READ_APPLICATIONS, Action.REVIEW_APPLICATIONS}),
    Role.EDITOR: frozenset({Action.EDIT_CONTENT}),
}
# What is done to an application, or to the mail about one. A grant for one route gives nothing else.
ON_APPLICATIONS = frozenset(
    {
        Action.READ_APPLICATIONS,
        Action.REVIEW_APPLICATIONS,
        Action.DECIDE_APPLICATIONS,
        Action.EXPORT_APPLICATIONS,
        Action.MANAGE_MAIL,
        Action.READ_AUDIT,
    }
)
# The roles that can be granted for one route alone.
ROLES_OF_ROUTES = (Role.PI, Role.REVIEWER)


class Grant(Protocol):
    """A role that an account has: everywhere, or for the applications of one route."""

    @property
    def role(self) -> str: ...

    @property
    def route_id(self) -> int | None: ...


class Account(Protocol):
    """What authorize() must know of a user; of a stranger the first alone."""

    @property
    def is_authenticated(self) -> bool: ...

    @property
    def grants(self) -> Iterable[Grant]: ...


class OfRoute(Protocol):
    """What belongs to an admission route: an application, or the route itself."""

    @property
    def route_id(self) -> int: ...


@dataclass(frozen=True)
class Reach:
    """Where an account may do something: everywhere, or on what belongs to these routes."""

    everywhere: bool
    route_ids: frozenset[int]

    def covers(self, thing: OfRoute) -> bool:
        """Whether it may be done to `thing`."""
        return self.everywhere or thing.route_id in self.route_ids


def reach(user: Account, action: Action) -> Reach:
    """Where `user` may do `action`; nowhere for a stranger."""
    grants = user.grants if user.is_authenticated else ()
    granting = [grant.route_id for grant in grants if action in RIGHTS[Role(grant.role)]]
    routes = {route_id for route_id in granting if route_id is not None} if action in ON_APPLICATIONS else ()
    return Reach(None in granting, frozenset(routes))


def authorize(user: Account, action: Action, thing: OfRoute | None = None) -> bool:
    """Whether `user` may do `action` to `thing`; without one, whether there is anything that they may do it to.

    Serves pages, files, search, exports and mail alike. What a page without a `thing` shows must be chosen by
    evaluation.access.
    """
    found = reach(user, action)
    return found.covers(thing) if thing is not None else found.everywhere or bool(found.route_ids)


def public(view: Callable[P, R]) -> Callable[P, R]:
    """Mark a view as open to everybody and the same for everybody: it has no session, and any cache may keep it."""
    view.access = "public"  # type: ignore[attr-defined]
    view.has_session = False  # type: ignore[attr-defined]
    return view


def personal(view: Callable[P, R]) -> Callable[P, R]:
    """Mark a view as open to everybody, and for whoever asks alone: it shows a form, or what this browser may see."""
    view.access = "public"  # type: ignore[attr-defined]
    return view


def has_session() -> bool:
    """Whether the page that is being answered may know who asks. What is no page of ours is the same for everybody."""
    if not request:
        return True  # a test that looks into the session of its client
    view = current_app.view_functions.get(request.endpoint or "")
    return view is not None and request.endpoint != "static" and getattr(view, "has_session", True)


def signed_in(view: Callable[P, R]) -> Callable[P, R]:
    """Mark a view as open to every account; a stranger is sent to the sign-in page."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        return view(*args, **kwargs) if current_user.is_authenticated else _to_sign_in()

    guarded.access = "signed in"  # type: ignore[attr-defined]
    return guarded


def allow(action: Action) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Mark a view as open to those who may do `action`.

    A stranger is sent to the sign-in page; an account without the right gets 404, as if the page did not exist.
    """

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            if not current_user.is_authenticated:
                return _to_sign_in()  # type: ignore[no-any-return]
            if not authorize(current_user, action):
                abort(404)
            return view(*args, **kwargs)

        guarded.access = action  # type: ignore[attr-defined]
        return guarded

    return decorate


def _to_sign_in() -> Any:
    if request.method == "POST":
        abort(401)  # a redirect would lose what was typed
    return current_app.login_manager.unauthorized()  # type: ignore[attr-defined]
