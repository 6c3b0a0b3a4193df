"""Who may do what: one table, one function, and the mark that every view carries."""

from collections.abc import Callable
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
    DECIDE_APPLICATIONS = "decide applications"
    EDIT_NEWS = "edit news"
    MANAGE_MAIL = "manage mail"


GRANTS: dict[Action, frozenset[Role]] = {
    Action.READ_APPLICATIONS: frozenset({Role.ADMIN, Role.PI, Role.REVIEWER}),
    Action.DECIDE_APPLICATIONS: frozenset({Role.ADMIN, Role.PI}),
    Action.EDIT_NEWS: frozenset({Role.ADMIN, Role.PI, Role.EDITOR}),
    Action.MANAGE_MAIL: frozenset({Role.ADMIN, Role.PI}),
}


class Account(Protocol):
    """What authorize() must know of a user."""

    @property
    def is_authenticated(self) -> bool: ...

    @property
    def role(self) -> str: ...


def authorize(user: Account, action: Action) -> bool:
    """Whether `user` may do `action`. Serves pages, files, search, exports and mail alike."""
    return user.is_authenticated and Role(user.role) in GRANTS[action]


def public(view: Callable[P, R]) -> Callable[P, R]:
    """Mark a view as open to everybody."""
    view.access = "public"  # type: ignore[attr-defined]
    return view


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
