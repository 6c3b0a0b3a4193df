"""What the editor says of papers that were asked for elsewhere, and did not come."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from flask_babel import gettext, lazy_gettext

from s2group.content.publications.lookup import Missed, Why

REASONS = {
    Why.UNKNOWN: lazy_gettext("%(service)s does not know: %(what)s"),
    Why.SILENT: lazy_gettext("%(service)s did not answer. Try again later; these still stand in the field: %(what)s"),
    Why.BEYOND: lazy_gettext("Not asked for yet, for these were too many at a time. Look again to go on: %(what)s"),
    Why.NAMELESS: lazy_gettext("%(service)s has no DOI and no arXiv number for: %(what)s"),
    Why.EMPTY: lazy_gettext("%(service)s shows no papers of: %(what)s"),
    Why.OCCUPIED: lazy_gettext("Somebody else is looking papers up at this moment. Try again in half a minute."),
}


def sentences(missed: Iterable[Missed]) -> Iterator[str]:
    """One sentence for each reason."""
    for (why, service), group in groupby(sorted(missed, key=_reason), key=_reason):
        yield str(REASONS[why]) % {"service": service, "what": _listed([each.what for each in group])}


def _reason(missed: Missed) -> tuple[Why, str]:
    return missed.why, missed.service


def _listed(what: Sequence[str]) -> str:
    return str(gettext("; ")).join(what)
