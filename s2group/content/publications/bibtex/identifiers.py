"""DOIs and arXiv numbers, however they are written."""

import re
from urllib.parse import unquote

DOI = re.compile(r"10\.\d{4,9}/\S+")
DOI_ADDRESS = re.compile(r"(https?://)?(dx\.|www\.)?doi\.org/", re.IGNORECASE)
DOI_OF_ARXIV = re.compile(r"10\.48550/arxiv\.", re.IGNORECASE)
ARXIV_NUMBER = re.compile(r"\d{4}\.\d{4,5}|[a-z-]+(\.[A-Z]{2})?/\d{7}")
ARXIV_ADDRESS = re.compile(r"(https?://)?(www\.|export\.)?arxiv\.org/(abs|pdf|html)/", re.IGNORECASE)
BEFORE_THE_NUMBER = re.compile(rf"({ARXIV_ADDRESS.pattern}|arxiv[:.\s]*|abs/)+", re.IGNORECASE)
BEHIND_THE_NUMBER = re.compile(r"(v\d+)?(\.pdf)?\s*(\[[^\]]*\])?$")


def bare_doi(written: str) -> str:
    """What stands behind prefix and address, in small letters; whether it is a DOI, `DOI` tells."""
    return unquote(DOI_ADDRESS.sub("", re.sub(r"^doi:\s*|[{}\\]", "", written, flags=re.IGNORECASE))).lower()


def bare_arxiv(written: str) -> str:
    """What stands between address and version; whether it is a number of arXiv, `ARXIV_NUMBER` tells."""
    return BEHIND_THE_NUMBER.sub("", BEFORE_THE_NUMBER.sub("", written))
