"""Papers by what they go by elsewhere: asked of Crossref, arXiv and ORCID, and told as entries in BibTeX.

Nobody is asked unless the operator allowed it (`S2_PAPER_LOOKUP`), and nothing that comes is believed: it is text for
the import, which shows it first.
"""

from s2group.content.publications.lookup.asking import Found, Missed, Why, look_up
from s2group.content.publications.lookup.identifiers import Identifier, Scheme, identifier_in

__all__ = ["Found", "Identifier", "Missed", "Scheme", "Why", "identifier_in", "look_up"]
