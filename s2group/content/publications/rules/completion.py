"""What one record of a paper can give to another: it fills what is empty and adds to lists and links."""

from collections.abc import Mapping
from typing import Any

TEXTS = ("award", "abstract", "volume", "number", "pages", "publisher", "repository", "doi", "arxiv")
LISTS = ("keywords", "impact")
LINKS = "links"


def missing(known: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """What `other` has and `known` lacks, by column; of a list or the links only the new ones."""
    new = {name: other[name] for name in TEXTS if other.get(name) and not known.get(name)}
    for name in LISTS:
        new[name] = [item for item in other.get(name, ()) if item not in known.get(name, ())]
    links = known.get(LINKS, {})
    new[LINKS] = {
        label: address
        for label, address in other.get(LINKS, {}).items()
        if label not in links and address not in links.values()
    }
    return {name: value for name, value in new.items() if value}


def completed(known: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of `known` that change when it gets what `missing` found."""
    changed = {name: value for name, value in new.items() if name in TEXTS}
    changed |= {name: [*known.get(name, ()), *new[name]] for name in LISTS if name in new}
    return changed | ({LINKS: {**known.get(LINKS, {}), **new[LINKS]}} if LINKS in new else {})
