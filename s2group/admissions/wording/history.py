"""What the history of an application calls things."""

from collections.abc import Mapping
from types import MappingProxyType

from s2group.admissions.wording.outcomes import VERDICTS
from s2group.admissions.wording.states import HEADINGS, STATES
from s2group.audit.wording import Names


def event_names(requirements: Mapping[str, str] = MappingProxyType({}), timezone: str = "UTC") -> Names:
    """What the reader calls what events keep of an application; `requirements` names them by their keys.

    `timezone` is that in which moments are told.
    """
    return Names(
        states={state.value: str(words) for state, words in STATES.items()},
        headings={state.value: str(words) for state, words in HEADINGS.items()},
        verdicts={verdict: str(words) for verdict, words in VERDICTS.items()},
        requirements=requirements,
        timezone=timezone,
    )
