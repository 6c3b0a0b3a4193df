"""Writing the public site as plain files, which any web server shows."""

import os
from collections.abc import Iterator
from contextvars import Context
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask, current_app, render_template
from markupsafe import Markup
from sqlalchemy import select

from s2group.content.records.models import FormerAddress
from s2group.core.disk import new_folder
from s2group.core.i18n import ENGLISH_PREFIX, ENVIRON_KEY
from s2group.core.localized import LOCALES
from s2group.extensions import db
from s2group.site.static_site.crawl import HTML, Answer, Found, Visitor
from s2group.site.static_site.places import INDEX, NOT_FOUND, Place, prefix_of
from s2group.site.static_site.search_index import search_index
from s2group.site.static_site.texts import OF_PORTAL, Hosts, Texts
from s2group.site.views.search import MOST, PAGES, names_of_kinds

# All files of an export, one a line: what else lies in its folder is not ours to replace.
LIST = ".exported"
# GitHub Pages leaves out what begins with a dot or an underscore, unless it finds this.
NO_JEKYLL = ".nojekyll"


class NotAnExportError(Exception):
    """The folder holds files that no export has written."""


@dataclass(frozen=True)
class Report:
    """How many files were written, and which links of which pages lead nowhere."""

    files: int
    broken: dict[str, str]


def export_site(folder: Path, *, portal: str, base: str, now: datetime) -> Report:
    """Write the public site in both languages into `folder`, whole or not at all, in place of a former export.

    The pages will lie at `base`; what is not of the public site stays links to `portal`. Raises NotAnExportError,
    NotForEverybodyError, NotDrawnError, OSError.
    """
    if other := _others(folder):
        raise NotAnExportError(other)
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    hosts = Hosts(app.config["PUBLIC_URL"], portal, base)
    own_pages = {
        "site.search": lambda place: Context().run(_search_page, app, place),
        "site.robots": lambda _place: _robots(hosts),
    }
    visitor = Visitor(app, own_pages)
    found = visitor.walk(_starts())
    index = Context().run(_index, app, now, hosts)
    files = dict(_files(visitor, found, hosts)) | {INDEX: index, NO_JEKYLL: b""}
    files[LIST] = "".join(f"{name}\n" for name in sorted(files)).encode()
    with new_folder(folder, in_place_of_former=True) as made:
        for name, data in files.items():
            (made / name).parent.mkdir(parents=True, exist_ok=True)
            (made / name).write_bytes(data)
        _let_everybody_read(made)
    return Report(len(files), found.broken)


def _let_everybody_read(folder: Path) -> None:
    """The web server runs as somebody else."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)


def _others(folder: Path) -> str:
    """A file that is none of an export's; empty if there is none."""
    listed = folder / LIST
    ours = {*listed.read_text().splitlines(), LIST} if listed.is_file() else set()
    below = ((Path(base) / name).relative_to(folder).as_posix() for base, _, names in os.walk(folder) for name in names)
    return next((name for name in below if name not in ours), "")


def _starts() -> Iterator[str]:
    """What leads to everything, and the addresses that records went by before."""
    yield from ("/", f"{ENGLISH_PREFIX}/", "/sitemap.xml", "/robots.txt")
    rules = current_app.url_map.bind("localhost")
    known = db.session.execute(select(FormerAddress.kind, FormerAddress.key).order_by(FormerAddress.kind)).all()
    for kind, key in known:
        if kind in PAGES:
            endpoint, argument = PAGES[kind]
            address = rules.build(endpoint, {argument: key})
            yield from (address, f"{ENGLISH_PREFIX}{address}")


def _files(visitor: Visitor, found: Found, hosts: Hosts) -> Iterator[tuple[str, bytes]]:
    texts = Texts(found, visitor.places, hosts)
    for place, answer in found.pages.items():
        yield place.file, texts.of(place, answer)
    for place in found.leading_on.keys() - found.pages.keys():
        yield place.file, texts.leading_on(place)
    for locale in LOCALES:
        place = Place("", locale, f"{prefix_of(locale)}/{NOT_FOUND}", f"{prefix_of(locale)}/{NOT_FOUND}".lstrip("/"))
        yield place.file, texts.not_found(place, visitor.ask(place.address))


def _search_page(app: Flask, place: Place) -> Answer:
    mount = prefix_of(place.locale)
    with app.test_request_context("/search/", environ_overrides={ENVIRON_KEY: place.locale, "SCRIPT_NAME": mount}):
        page = render_template(
            "site/exported_search.html",
            index=f"/{INDEX}",
            of_portal=f"{OF_PORTAL}{mount}/search/",
            names=names_of_kinds(),
            most=MOST,
            count=Markup("<span data-count></span>"),
        )
    return Answer(200, HTML, page.encode())


def _index(app: Flask, now: datetime, hosts: Hosts) -> bytes:
    with app.test_request_context("/search/"):
        return search_index(now, hosts.portal)


def _robots(hosts: Hosts) -> Answer:
    path = urlsplit(hosts.base).path
    mounts = [f"{path}{prefix_of(locale)}" for locale in LOCALES]
    areas = [f"{mount}/{area}" for mount in mounts for area in ("search/", "news/by/", "publications/by/")]
    lines = ["User-agent: *", *(f"Disallow: {area}" for area in areas), "", f"Sitemap: {hosts.base}/sitemap.xml", ""]
    return Answer(200, "text/plain", "\n".join(lines).encode())
