"""Addresses that lead on: the keys by which records went before."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, select
from sqlalchemy.orm import Session

from s2group.content.records.kinds import Kind
from s2group.content.records.models import FormerAddress


def former_keys(session: Session, kind: str) -> dict[str, int]:
    """Every former key of a kind, with the id of the record that it leads to."""
    columns = FormerAddress.key, FormerAddress.record_id
    return {row.key: row.record_id for row in session.execute(select(*columns).where(FormerAddress.kind == kind))}


def went_by(kind: str, former: str, record_id: Any) -> ColumnElement[bool]:
    """Of the row of which `record_id` is the column with the id: whether the record once went by `former`."""
    leads = (FormerAddress.kind == kind, FormerAddress.key == former, FormerAddress.record_id == record_id)
    return exists().where(*leads)


def present_key(session: Session, kind: Kind, former: str) -> str | None:
    """The key of the record of a kind that once went by `former`; None where there is none."""
    model: Any = kind.model
    column = getattr(model, kind.by_name[kind.key].attribute)
    return session.scalars(select(column).where(went_by(kind.name, former, model.id))).one_or_none()


def lead_on(session: Session, kind: str, former: str, record_id: int) -> None:
    """Let the address of `former` lead to a record."""
    session.merge(FormerAddress(kind=kind, key=former, record_id=record_id))


def use_again(session: Session, kind: str, keys: Iterable[str]) -> None:
    """Let these keys lead nowhere else: a record goes by them now."""
    wanted = set(keys)
    for found in session.scalars(select(FormerAddress).where(FormerAddress.kind == kind)):
        if found.key in wanted:
            session.delete(found)
    session.flush()


def forget_addresses(session: Session, kind: str, record_id: int) -> None:
    """Let nothing lead to a record that is deleted."""
    session.execute(delete(FormerAddress).where(FormerAddress.kind == kind, FormerAddress.record_id == record_id))
