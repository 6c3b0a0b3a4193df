"""Merge fields are filled once, and a text becomes HTML in which nothing of it is markup."""

import pytest

from s2group.evaluation.messages.rules import Unknown, as_html, fields_in, filled, unknown_fields


def test_values_are_never_templates_themselves() -> None:
    values = {"name": "{reference}", "reference": "7K3M"}
    assert filled("{name}/{reference}/{other}/{", values) == "{reference}/7K3M/{other}/{"
    assert filled("{name}", {"name": ""}) == "{name}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Offer[[, by {deadline}]]", "Offer, by Friday"),
        ("Offer[[, by {pi}]][[: {reference}]]", "Offer: 7K3M"),
        ("[[ {status}]]", ""),
        ("[S2] {reference} [[kept]] [[ [[x {pi}]]", "[S2] 7K3M kept [[ "),
        ("[[{reference}\nuntil {deadline}]]", "7K3M\nuntil Friday"),
    ],
)
def test_what_stands_in_double_brackets_needs_its_fields(text: str, expected: str) -> None:
    values = {"deadline": "Friday", "reference": "7K3M", "pi": "", "status": "says that there is none"}
    assert filled(text, values, missing=["status"]) == expected


def test_an_unknown_field_is_named_with_its_place() -> None:
    text = "{name},\n hello {nmae} {\n{} {reference}"
    assert unknown_fields(text) == [Unknown("nmae", 2, 8), Unknown("", 3, 1)]
    assert fields_in(text) == ["name", "reference"]
    assert unknown_fields("{ name }") == [Unknown(" name ", 1, 1)]


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("one\ntwo\n\n \nthree\n", "<p>one<br>\ntwo</p>\n<p>three</p>"),
        ('<b>&"', "<p>&lt;b&gt;&amp;&quot;</p>"),
        (
            "见 https://example.org/a?b=1&c=2。好",
            '<p>见 <a href="https://example.org/a?b=1&amp;c=2">https://example.org/a?b=1&amp;c=2</a>。好</p>',
        ),
        ("(http://example.org/x).", '<p>(<a href="http://example.org/x">http://example.org/x</a>).</p>'),
        ("javascript:alert(1)", "<p>javascript:alert(1)</p>"),
        ('https://example.org/"onclick="x', None),
        ("", ""),
    ],
)
def test_a_text_as_html(text: str, html: str | None) -> None:
    made = as_html(text)
    assert made == html or (html is None and "onclick=&quot;x" in made and made.count('"') == 2)
