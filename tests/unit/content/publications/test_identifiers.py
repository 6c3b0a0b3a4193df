import pytest

from s2group.content.publications.lookup import Identifier, Scheme, identifier_in

DOI, ARXIV, ORCID = Scheme.DOI, Scheme.ARXIV, Scheme.ORCID


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("10.5555/Abc(1)2", (DOI, "10.5555/abc(1)2")),
        ("  doi: 10.5555/abc. ", (DOI, "10.5555/abc")),
        ("https://doi.org/10.5555%2FABC", (DOI, "10.5555/abc")),
        ("http://dx.doi.org/10.5555/abc/", (DOI, "10.5555/abc")),
        ("doi.org/10.5555/abc", (DOI, "10.5555/abc")),
        ("2105.02446", (ARXIV, "2105.02446")),
        ("arXiv:2105.02446v3 [eess.AS]", (ARXIV, "2105.02446")),
        ("https://arxiv.org/pdf/2105.02446v1.pdf", (ARXIV, "2105.02446")),
        ("https://doi.org/10.48550/arXiv.2105.02446", (ARXIV, "2105.02446")),
        ("math.GT/0309136", (ARXIV, "math.GT/0309136")),
        ("0000-0000-0000-1231", (ORCID, "0000-0000-0000-1231")),
        ("https://orcid.org/0000-0000-0000-001x", (ORCID, "0000-0000-0000-001X")),
        ("ORCID: 0000000000001231", (ORCID, "0000-0000-0000-1231")),
        ("0000-0000-0000-1232", None),
        ("0000-0000-0000-0019", None),
        ("10.5555/", None),
        ("10.5555/a b", None),
        ("10.5555/" + "a" * 200, None),
        ("https://example.org/10.5555/abc", None),
        ("https://doi.org.example.org/10.5555/abc", None),
        ("A title", None),
        ("", None),
    ],
)
def test_what_a_line_names(line: str, found: tuple[Scheme, str] | None) -> None:
    assert identifier_in(line) == (Identifier(*found) if found else None)
