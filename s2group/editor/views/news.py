"""Views of the editors' pages, and the page that makes the first administrator."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_security import current_user, login_user

from s2group.accounts.queries import first_admin_link_works
from s2group.accounts.services import AccountError, LinkError, create_first_admin
from s2group.content.group.queries import group_day, group_zone
from s2group.content.news.files import NEWS
from s2group.content.news.models import NewsItem
from s2group.content.news.queries import fed_at, news_item, news_to_edit
from s2group.content.news.services import (
    NewsConflictError,
    Show,
    SlugTakenError,
    save_news_item,
    tried_news_item,
    version_of,
)
from s2group.content.news.sharing import end_sharing, share, shared_until
from s2group.content.news.wording import news_day
from s2group.content.publications.queries import publication_by_key
from s2group.content.records.errors import ContentError
from s2group.core.clock import now
from s2group.core.headers import unstored
from s2group.core.i18n import current_locale, public_url
from s2group.core.permissions import Action, allow, personal
from s2group.editor.forms.news import ALONG, SLUG_TAKEN, NewsForm, SetupForm, fields_of, is_planned, news_form
from s2group.editor.paper_news import news_of
from s2group.editor.previewing import page_of
from s2group.editor.views.blueprint import blueprint
from s2group.editor.views.saving import names_for, take_pictures

PAGE_SIZE = 20
# The field whose entries name files.
PICTURES = "pictures"
# The buttons of the news form that do more than save.
VERBS = {"publish": Show.PUBLISHED, "take_back": Show.TAKEN_BACK}


@blueprint.route("/account/setup/<token>/", methods=["GET", "POST"])
@personal
def setup(token: str) -> Any:
    """Make the first administrator. Looking at the page does not use up the link: a mail scanner may."""
    form = SetupForm()
    if not first_admin_link_works(token, now=now()):
        abort(404)
    if not form.validate_on_submit():
        return render_template("editor/setup.html", form=form), 422 if form.errors else 200
    try:
        user = create_first_admin(token=token, email=form.email.data, password=form.password.data, now=now())
    except LinkError:
        abort(404)
    except AccountError as error:
        form[error.field].errors = [*form[error.field].errors, str(error)]
        return render_template("editor/setup.html", form=form), 422
    login_user(user, authn_via=["first_admin_link"])
    return redirect(url_for("editor.home"))


@blueprint.get("/editor/news/")
@allow(Action.EDIT_CONTENT)
def news() -> Any:
    """Every news item, published or not."""
    try:
        page = news_to_edit(size=PAGE_SIZE, after=request.args.get("after"))
    except ValueError:
        abort(404)
    return render_template("editor/news.html", page=page, moment=now(), news_day=news_day)


@blueprint.route("/editor/news/new/", methods=["GET", "POST"])
@allow(Action.EDIT_CONTENT)
def new_news_item() -> Any:
    """Write a news item."""
    return _edit(_form(None, {"day": group_day(now())}), None)


@blueprint.route("/editor/news/<slug>/", methods=["GET", "POST"])
@allow(Action.EDIT_CONTENT)
def edit_news_item(slug: str) -> Any:
    """Change a news item. A form that comes back after somebody gave the item another address is kept, not lost."""
    item = news_item(slug)
    if item is None and request.method == "GET":
        abort(404)
    return _edit(_form(item, fields_of(item, group_zone()) if item else {}), item)


@blueprint.post("/editor/news/<slug>/share/")
@allow(Action.EDIT_CONTENT)
def share_news_item(slug: str) -> Any:
    """Make a link that shows an unpublished item, which is told this once, or end all that there are."""
    item = news_item(slug) or abort(404)
    if request.form.get("do") == "end":
        end_sharing(item, actor=current_user.id, now=now())
        flash("ended")
        return redirect(url_for("editor.edit_news_item", slug=slug), 303)
    if item.published_at and item.published_at <= now():
        abort(404)
    token = share(item, actor=current_user.id, now=now())
    link = public_url("site.shared_draft", locale=current_locale(), token=token)
    return unstored(_page(_form(item, fields_of(item, group_zone())), item, link=link))


@blueprint.post("/editor/publication/<path:key>/news/")
@allow(Action.EDIT_CONTENT)
def news_of_paper(key: str) -> Any:
    """Write a draft from the facts of a paper; pressed again, it leads to the same one."""
    paper = publication_by_key(key) or abort(404)
    draft = news_of(paper, group_day(now()))
    item = save_news_item(item_id=None, draft=draft, seen="", actor=current_user.id, now=now())
    return redirect(url_for("editor.edit_news_item", slug=item.slug), 303)


def _form(item: NewsItem | None, shown: dict[str, Any]) -> NewsForm:
    return news_form(item, names_for([NEWS.by_name[name] for name in ALONG]), shown)


def _edit(form: NewsForm, item: NewsItem | None) -> Any:
    action = request.form.get("action", "")
    is_right = form.validate_on_submit()
    take_pictures(form)
    more = form.read_controls() if is_right else {}
    if (
        not is_right
        or form.errors
        or (action not in (*VERBS, "preview") and not form.says_when_for_saving(item, now()))
    ):
        return _page(form, item), 422 if form.errors else 200
    otherwise = Show.PUBLISHED if is_planned(item, now()) else Show.AS_IT_WAS
    typed: dict[str, Any] = {
        "item_id": item.id if item else None, "draft": form.draft(more), "seen": form.version.data or "",
        "actor": current_user.id, "now": now(),
    }  # fmt: skip
    try:
        if action == "preview":
            with tried_news_item(**typed) as tried:
                return page_of(NEWS, tried)
        saved = save_news_item(**typed, show=VERBS.get(action, otherwise), publish_at=form.moment())
    except SlugTakenError:
        form.slug.errors = [SLUG_TAKEN]
        return _page(form, item), 422
    except ContentError as error:
        name = error.field if error.field in NEWS.by_name else PICTURES
        form.complain(name, str(error.remedy))
        return _page(form, item), 422
    except NewsConflictError:
        return _conflict(form, item), 409
    flash(action if action in VERBS else "save")
    return redirect(url_for("editor.edit_news_item", slug=saved.slug))


def _conflict(form: NewsForm, item: NewsItem | None) -> str:
    """Show both versions. From here on the editor has seen the other one, so that saving again replaces it."""
    form.version.data = version_of(item)
    return _page(form, item, conflict=True)


def _page(form: NewsForm, item: NewsItem | None, *, conflict: bool = False, link: str = "") -> str:
    return render_template(
        "editor/news_item.html",
        form=form,
        item=item,
        conflict=conflict,
        link=link,
        shared_until=shared_until(item, now=now()) if item else None,
        moment=now(),
        fed_at=fed_at,
    )
