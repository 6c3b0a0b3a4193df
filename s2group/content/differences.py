"""What a load did, or would do, in words for the operator."""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from s2group.content.records.loading import Change

# Of a value, in characters.
LONGEST = 80


def what_was_left(changes: Iterable[Change]) -> Iterator[str]:
    """A sentence for each record that a person has edited or removed, and that the files would change."""
    return (SENTENCES[change.what](change) for change in changes if change.what in SENTENCES)


def differences(changes: Iterable[Change]) -> Iterator[str]:
    """A line for each record, and for each of its fields what the portal says and what the files say."""
    for change in changes:
        told = SENTENCES.get(change.what)
        yield told(change) if told else f"{change.what} {change.kind} {change.key}"
        for name, (portal, files) in change.fields.items():
            yield f"  {name}: {_shown(portal)} → {_shown(files)}"


def _left(change: Change) -> str:
    record = f"{change.kind} {change.key} was edited in the portal and is left"
    if not change.fields:
        return f"{record}: the files no longer have it"
    return f"{record}: the files differ in {', '.join(change.fields)}"


def _left_out(change: Change) -> str:
    return f"{change.kind} {change.key} was removed in the portal and is left out"


def _in_another_order(change: Change) -> str:
    return f"the order of {change.kind} was changed in the portal and is left"


# By what becomes of a record that is not as the files say.
SENTENCES: dict[str, Callable[[Change], str]] = {"left": _left, "out": _left_out, "order": _in_another_order}


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=_plain)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _plain(value: Any) -> Any:
    return {"zh": value.zh, "en": value.en} if hasattr(value, "zh") else str(value)
