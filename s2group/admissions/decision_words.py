"""What the mail about a decision says: the group's own words from a content file, or else the portal's."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from flask import current_app

from s2group.admissions.rules.states import State
from s2group.admissions.wording import HEADINGS
from s2group.core.errors import log_error
from s2group.core.i18n import in_language
from s2group.core.localized import Locale, LocalizedText

FILE = "decisions.toml"
# States that the group tells; the others are the applicant's own doing.
TOLD = (State.SCREENING, State.INTERVIEW, State.WAITLIST, State.OFFER, State.DECLINED)


@dataclass(frozen=True)
class Words:
    """The subject of a mail, and its paragraphs in one text."""

    subject: str
    text: str


def read_decisions(folder: Path) -> dict[State, dict[str, LocalizedText]]:
    """Subject and text of each state that the file in `folder` names; nothing where there is no such file.

    Raises ValueError that names the file, the state and what is wrong.
    """
    path = folder / FILE
    if not path.exists():
        return {}
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeError) as error:
        raise ValueError(f"{FILE}: {error}") from error
    return {_state(name): _words(name, table) for name, table in tables.items()}


def _state(name: str) -> State:
    if name not in TOLD:
        raise ValueError(f"{FILE}: [{name}] is none of {', '.join(TOLD)}")
    return State(name)


def _words(name: str, table: object) -> dict[str, LocalizedText]:
    if not isinstance(table, dict) or set(table) != {"subject", "text"}:
        raise ValueError(f"{FILE}: [{name}] needs subject and text, and nothing else")
    for key, texts in table.items():
        complete = isinstance(texts, dict) and set(texts) == {"zh", "en"}
        if not complete or not all(isinstance(each, str) and each.strip() for each in texts.values()):
            raise ValueError(f"{FILE}: [{name}] {key} needs a text in zh and one in en")
    return {key: LocalizedText(**texts) for key, texts in table.items()}


def words_for(state: State, locale: Locale) -> Words:
    """What the mail says when an applicant is told this state. A file with a mistake is logged and left aside."""
    try:
        own = read_decisions(current_app.config["CONTENT_DIR"]).get(state)
    except ValueError as error:
        log_error("the words of decisions cannot be read", error)
        own = None
    if own:
        return Words(*(own[key].in_locale(locale)[0].strip() for key in ("subject", "text")))
    with in_language(locale):
        heading = str(HEADINGS[state])
    return Words(heading, heading)
