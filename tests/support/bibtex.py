"""BibTeX as other programs read it."""

from bibtexparser.entrypoint import parse_string
from pybtex import errors
from pybtex.database import BibliographyData
from pybtex.database import parse_string as parse_strictly


def read_by_others(text: str) -> BibliographyData:
    """What two other readers make of an export; each complains of whatever it has to skip or to guess."""
    library = parse_string(text)
    assert library.failed_blocks == []
    errors.set_strict_mode(True)
    found = parse_strictly(text, "bibtex")
    assert [entry.key for entry in library.entries] == list(found.entries)
    return found
