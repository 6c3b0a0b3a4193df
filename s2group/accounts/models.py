"""Staff accounts and the sessions of browsers."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any

from flask_security import RoleMixin, UserMixin
from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from s2group.accounts.rules import LONGEST_NAME, Notify, shown_name
from s2group.audit.rules import Subject, SubjectKind
from s2group.core.database import UtcDateTime
from s2group.core.localized import Locale
from s2group.core.permissions import ROLES_OF_ROUTES, Role
from s2group.extensions import Base


def names(values: Iterable[StrEnum]) -> str:
    """The values as a list within a CHECK."""
    return ", ".join(repr(str(value)) for value in values)


class NamedRole(RoleMixin):
    """What Flask-Security knows of a role."""

    def __init__(self, name: str) -> None:
        self.name = name


class User(Base, UserMixin):
    """A member of the staff who can sign in."""

    __tablename__ = "user_account"
    __table_args__ = (
        CheckConstraint("email = lower(email)", name="email_lower"),
        CheckConstraint(f"notify IN ({names(Notify)})", name="notify_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    # A hash; empty until its owner has chosen one.
    password: Mapped[str] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    # Changing it ends every session of the account.
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # What colleagues call its owner; empty where nobody has said so.
    name: Mapped[str] = mapped_column(String(LONGEST_NAME), default="")
    # The language of the mail about colleagues, and when it is sent: rules.Notify.
    locale: Mapped[Locale] = mapped_column(String(2), default="zh")
    notify: Mapped[str] = mapped_column(String(10), default=Notify.AT_ONCE.value)
    # Where it is sent, when that is not `email`; and the address that waits for its owner to follow a mailed link.
    notify_email: Mapped[str | None] = mapped_column(String(254))
    notify_email_asked: Mapped[str | None] = mapped_column(String(254))
    # Whether single letters do something on its pages.
    keys_on: Mapped[bool] = mapped_column(default=True)
    # Flask-Security's names: "authenticator" where an app is set up, and its key, encrypted with one of the portal's.
    tf_primary_method: Mapped[str | None] = mapped_column(String(20))
    tf_totp_secret: Mapped[str | None] = mapped_column(String(255))
    # The 30 seconds of the last code that was taken: neither it nor an earlier one is taken again.
    totp_counter: Mapped[int | None] = mapped_column(BigInteger)
    # Hashes of the codes that are left for when the phone is lost. Of PostgreSQL's kinds of JSON the one that can be
    # compared, because accounts are asked for with DISTINCT.
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(JSON().with_variant(JSONB(), "postgresql"))
    grants: Mapped[list["RoleGrant"]] = relationship(
        order_by="RoleGrant.id", back_populates="user", cascade="all, delete-orphan", passive_deletes=True
    )

    passkeys: Mapped[list["Passkey"]] = relationship(
        order_by="Passkey.id", back_populates="user", cascade="all, delete-orphan", passive_deletes=True
    )

    @property
    def shown_name(self) -> str:
        """What colleagues call its owner: the name, or the address before the @."""
        return shown_name(self.name, self.email)

    @property
    def is_invited(self) -> bool:
        """Whether its owner has not chosen a password yet."""
        return not self.password

    @property
    def has_second_factor(self) -> bool:
        """Whether a password alone does not sign in."""
        return self.tf_primary_method is not None or bool(self.passkeys)

    @property
    def notify_address(self) -> str:
        """Where mail about what colleagues write goes."""
        return self.notify_email or self.email

    @property
    def mark(self) -> str:
        """The beginning of fs_uniquifier (80 bits): what a link keeps that ends with the account's sessions."""
        return self.fs_uniquifier[:20]

    @property
    def subject(self) -> Subject:
        """What events about it are about."""
        return Subject(SubjectKind.ACCOUNT, str(self.id))

    @property
    def roles(self) -> list[RoleMixin]:  # type: ignore[override]
        """The roles as Flask-Security takes them: it knows no routes, so it hears of what holds everywhere alone."""
        return [NamedRole(grant.role) for grant in self.grants if grant.route_id is None]


class RoleGrant(Base):
    """A role that an account has: everywhere, or for the applications of one route."""

    __tablename__ = "role_grant"
    __table_args__ = (
        CheckConstraint(f"role IN ({names(Role)})", name="role_known"),
        CheckConstraint(f"route_id IS NULL OR role IN ({names(ROLES_OF_ROUTES)})", name="route_of_reviewing_roles"),
        UniqueConstraint("user_id", "role", "route_id"),
        # Two NULLs are not the same to the constraint before.
        Index("uq_role_grant_everywhere", "user_id", "role", unique=True, sqlite_where=text("route_id IS NULL"),
              postgresql_where=text("route_id IS NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"))
    role: Mapped[str] = mapped_column(String(16))
    # With its route a grant goes: left without one it would hold everywhere.
    route_id: Mapped[int | None] = mapped_column(ForeignKey("admission_route.id", ondelete="CASCADE"), index=True)
    user: Mapped[User] = relationship(back_populates="grants")


class Passkey(Base):
    """A key pair in a device of an account's owner; the portal has the public half, and what the owner calls it."""

    __tablename__ = "passkey"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"), index=True)
    # Both in the letters of base64url.
    credential_id: Mapped[str] = mapped_column(String(1364), unique=True)
    public_key: Mapped[str] = mapped_column(String(2000))
    # How often it has signed, where the device counts.
    sign_count: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    user: Mapped[User] = relationship(back_populates="passkeys")


class BrowserSession(Base):
    """What is kept of a browser: who is signed in there, and a few notes. Only the hash of its cookie is kept.

    A visitor of whom nothing needs to be kept has no row.
    """

    __tablename__ = "session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    # Who is signed in; nobody where an applicant uses it.
    user_id: Mapped[int | None] = mapped_column(ForeignKey(User.id), index=True)
    # Browser and system of whoever signed in, as rules.device_of says them.
    device: Mapped[str | None] = mapped_column(String(40))
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # The last request, give or take rules.TOUCH_INTERVAL.
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # When it is over, however much it is used; and when it was ended before that.
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class KnownDevice(Base):
    """A browser in which somebody has signed in: it is not held up by wrong passwords that others try elsewhere."""

    __tablename__ = "known_device"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id), index=True)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SignInTries(Base):
    """Wrong passwords in a row for one e-mail address, or in one known device."""

    __tablename__ = "sign_in_tries"

    # A hash of the address, which need not be one of an account's.
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    tries: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    # Before that no password is looked at.
    opens_at: Mapped[datetime] = mapped_column(UtcDateTime)
