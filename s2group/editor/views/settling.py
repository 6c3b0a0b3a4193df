"""Papers that may be one, and names that may be a member's: looked at side by side and settled by a press."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from s2group.content.publications.kind import PUBLICATION
from s2group.content.publications.models import Publication
from s2group.content.settling.queries import pairs_of_keys, papers_of_pairs, unlinked_names
from s2group.content.settling.services import keep_apart, link_name, mark_namesake, merge_papers
from s2group.core.clock import now
from s2group.core.permissions import Action, allow
from s2group.editor.revisions import Difference, differences
from s2group.editor.views.blueprint import blueprint
from s2group.extensions import db

# So many pairs and names stand on the page; what is settled makes room for more.
MOST_PAIRS, MOST_NAMES = 10, 50
# What an entry in BibTeX says differently, the other fields say more readably.
UNSEEN = ("bibtex",)


@blueprint.route("/editor/publications/settle/", methods=["GET", "POST"])
@allow(Action.EDIT_CONTENT)
def settle_papers() -> ResponseReturnValue:
    """Ask what only a person knows; who comes too late is told that it is settled."""
    if request.method != "POST":
        return _page()
    do = request.form.get("do", "")
    done = VERBS[do]() if do in VERBS else abort(400)
    flash(done, do if done else "late")
    return redirect(url_for("editor.settle_papers"), 303)


def _page() -> str:
    pairs, names = pairs_of_keys(db.session()), unlinked_names(db.session())
    shown = [(one, other, _differing(one, other)) for one, other in papers_of_pairs(pairs[:MOST_PAIRS])]
    return render_template(
        "editor/settling.html", pairs=shown, pair_count=len(pairs), names=names[:MOST_NAMES], name_count=len(names)
    )


def _differing(one: Publication, other: Publication) -> list[Difference]:
    return differences(PUBLICATION, _readable(one), _readable(other))


def _readable(paper: Publication) -> dict[str, Any]:
    values = PUBLICATION.as_json(PUBLICATION.of(paper))
    said = {name: value for name, value in values.items() if name not in UNSEEN}
    return said | {"authors": [author["name"] for author in values["authors"]]}


def _pair() -> tuple[str, str]:
    return request.form.get("one", ""), request.form.get("other", "")


def _merge() -> str:
    kept = merge_papers(_pair(), actor=current_user.id, now=now())
    return kept.key if kept else ""


def _keep_apart() -> str:
    return " ".join(_pair()) if keep_apart(_pair()) else ""


def _ask_again() -> str:
    return " ".join(_pair()) if keep_apart(_pair(), undo=True) else ""


def _link() -> str:
    slug = request.form.get("member", "")
    found = link_name(request.form.get("name", ""), slug, actor=current_user.id, now=now())
    return f"{slug} {len(found.papers)}" if found else ""


def _mark() -> str:
    found = mark_namesake(request.form.get("name", ""), actor=current_user.id, now=now())
    return str(len(found.papers)) if found else ""


# What each button does: what the page then tells by, or nothing where it has been done.
VERBS = {"one": _merge, "two": _keep_apart, "again": _ask_again, "link": _link, "mark": _mark}
