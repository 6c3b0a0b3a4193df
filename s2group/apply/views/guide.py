"""The guide for applicants, as docs/guides/ has it."""

import re

from flask import render_template

from config import ROOT
from s2group.apply.views.blueprint import blueprint
from s2group.core.i18n import current_locale
from s2group.core.permissions import public

# A line that ends within a Chinese sentence; a space there would show.
WITHIN_CHINESE = re.compile(r"(?<=[^\x00-\x7f])(?P<end>\*\*)?\n(?=\*{0,2}[^\x00-\x7f])")


@blueprint.get("/admissions/guide/")
@public
def guide() -> str:
    """How to apply, from what one needs to what happens afterwards."""
    name = "applying.md" if current_locale() == "en" else "applying.zh.md"
    _title, _for_whom, text = (ROOT / "docs" / "guides" / name).read_text(encoding="utf-8").split("\n\n", 2)
    return render_template("apply/guide.html", text=WITHIN_CHINESE.sub(r"\g<end>", text))
