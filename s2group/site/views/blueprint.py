"""The blueprint of the pages that everybody may read."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint

from s2group.content.records.rules import language_of
from s2group.site.views import marks, wording

blueprint = Blueprint("site", __name__)
# The page of an address that does not exist belongs to no blueprint.
blueprint.add_app_template_global(marks.group_mark)


@blueprint.context_processor
def _words() -> dict[str, Callable[..., Any]]:
    return wording.words_for_templates() | marks.marks_for_templates() | {"language_of": language_of}
