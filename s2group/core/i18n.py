"""Which language a request is in, and how dates, sizes and addresses are said in it.

The address decides: `/…` is Chinese and `/en/…` English. A WSGI middleware moves the `/en` from the
path to the mount point, so views, `url_for` and redirects stay in the reader's language by themselves.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from babel import Locale as BabelLocale
from babel.support import NullTranslations
from flask import Flask, current_app, g, request
from flask_babel import Domain, force_locale
from markupsafe import Markup, escape

from s2group.core.localized import Locale, LocalizedText
from s2group.extensions import babel

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ENGLISH_PREFIX = "/en"
ENVIRON_KEY = "s2group.locale"
# Under which `g` keeps what a request's texts are translated by.
CATALOGUE = "s2group_catalogue"
# The two languages as Babel knows them, and the catalogues of the extensions. Found once: it looks at a thousand names.
CATALOGUES: dict[Locale, BabelLocale] = {"zh": BabelLocale.parse("zh_CN"), "en": BabelLocale.parse("en")}
LANG_TAGS: dict[Locale, str] = {"zh": "zh-CN", "en": "en"}
# What OpenGraph calls them.
OG_LOCALES: dict[Locale, str] = {"zh": "zh_CN", "en": "en_US"}
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


class LocalePrefix:
    """Takes `/en` off the path, remembers the language, and leaves the rest to the app."""

    def __init__(self, app: "WSGIApplication") -> None:
        self.app = app

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        english = path.startswith(ENGLISH_PREFIX + "/")
        environ[ENVIRON_KEY] = "en" if english else "zh"
        if english:
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + ENGLISH_PREFIX
            environ["PATH_INFO"] = path.removeprefix(ENGLISH_PREFIX)
        return self.app(environ, start_response)


def current_locale() -> Locale:
    """The language of the request; Chinese outside one."""
    return cast("Locale", request.environ.get(ENVIRON_KEY, "zh")) if request else "zh"


class Texts(Domain):  # type: ignore[misc]
    """The portal's texts: which catalogue a request reads is found out once, and not for each of hundreds of texts."""

    def get_translations(self) -> NullTranslations:
        """The catalogue of the language that is being translated into."""
        try:
            found: NullTranslations | None = g.get(CATALOGUE)
        except RuntimeError:  # outside an application
            return NullTranslations()
        if found is None:
            found = super().get_translations()
            setattr(g, CATALOGUE, found)
        return found


@contextmanager
def in_language(locale: Locale) -> Iterator[None]:
    """Translate into `locale` for a while, for mail to somebody who reads another language."""
    with force_locale(CATALOGUES[locale]):
        before = g.pop(CATALOGUE, None) if g else None
        try:
            yield
        finally:
            if g:
                setattr(g, CATALOGUE, before)


def same_page_in(locale: Locale) -> str:
    """The path of the page being shown, in `locale`."""
    root = request.script_root.removesuffix(ENGLISH_PREFIX)
    prefix = ENGLISH_PREFIX if locale == "en" else ""
    query = "?" + request.query_string.decode("latin-1") if request.query_string else ""
    return f"{root}{prefix}{request.path}{query}"


def public_url(endpoint: str, *, locale: Locale, **values: Any) -> str:
    """The absolute address of a page for mail, feeds and hreflang, from PUBLIC_URL and never from a request."""
    parts = urlsplit(current_app.config["PUBLIC_URL"])
    mount = parts.path.rstrip("/") + (ENGLISH_PREFIX if locale == "en" else "") or "/"
    adapter = current_app.url_map.bind(parts.netloc, mount, url_scheme=parts.scheme)
    return adapter.build(endpoint, values, force_external=True)


def listed(things: Iterable[str], locale: Locale | None = None) -> str:
    """The things in a row, as the language (or else the reader's) puts them."""
    return (", " if (locale or current_locale()) == "en" else "、").join(things)


def plain_text(text: LocalizedText | None) -> str:
    """`text` in the reader's language, or in the other one where it is missing."""
    return text.in_locale(current_locale())[0] if text else ""


def marked_text(text: LocalizedText | None) -> Markup:
    """As plain_text, as HTML that says so where it fell back to the other language."""
    words, language = (text or LocalizedText()).in_locale(current_locale())
    return mark_language(words, language)


def mark_language(words: str, language: Locale) -> Markup:
    """Escape `words`, and announce their language where it is not the page's (WCAG 3.1.2)."""
    if not words or language == current_locale():
        return escape(words)
    return Markup('<span lang="{}">{}</span>').format(LANG_TAGS[language], words)


def long_date(day: date, locale: Locale | None = None) -> str:
    """2026 年 9 月 2 日, or 2 September 2026."""
    if (locale or current_locale()) == "zh":
        return f"{day.year} 年 {day.month} 月 {day.day} 日"
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def short_date(day: date) -> str:
    """9 月 2 日, or 2 September, where the year goes without saying."""
    return f"{day.month} 月 {day.day} 日" if current_locale() == "zh" else f"{day.day} {MONTHS[day.month - 1]}"


def long_month(day: date, locale: Locale | None = None) -> str:
    """The month of a day: 2026 年 9 月, or September 2026."""
    if (locale or current_locale()) == "zh":
        return f"{day.year} 年 {day.month} 月"
    return f"{MONTHS[day.month - 1]} {day.year}"


def long_time(moment: datetime, timezone: str, locale: Locale | None = None) -> str:
    """2026 年 9 月 2 日 14:06（UTC+8）, or 2 September 2026, 14:06 (UTC+8)."""
    local = moment.astimezone(ZoneInfo(timezone))
    return _day_and_time(local, f"{local:%H:%M}", utc_offset(local), locale or current_locale())


def stamp(moment: datetime, timezone: str) -> str:
    """2026 年 9 月 2 日 14:06:30, or 2 September 2026, 14:06:30, for lists that say the time zone once."""
    local = moment.astimezone(ZoneInfo(timezone))
    return f"{long_date(local)}{'' if current_locale() == 'zh' else ','} {local:%H:%M:%S}"


def clock_time(moment: datetime, timezone: str) -> str:
    """14:06, for what is about to happen."""
    return f"{moment.astimezone(ZoneInfo(timezone)):%H:%M}"


def until(start: datetime, end: datetime, locale: Locale | None = None) -> str:
    """The hour at which something ends that began at `start` by the same clock: 16:00, or with its date on another day.

    The midnight after is 24:00.
    """
    if end.date() == start.date():
        return f"{end:%H:%M}"
    if end.time() == time() and end.date() == start.date() + timedelta(days=1):
        return "24:00"
    day, comma = long_date(end.date(), locale), "" if (locale or current_locale()) == "zh" else ","
    return f"{day}{comma} {end:%H:%M}"


def end_of_span(last: datetime, first: datetime, timezone: str) -> str:
    """When what begins at `first` ends, by the clock of the zone, as `until` writes it."""
    zone = ZoneInfo(timezone)
    return until(first.astimezone(zone), last.astimezone(zone))


def deadline(moment: datetime, timezone: str, locale: Locale | None = None) -> str:
    """The same of a moment by which something must be done: midnight is 24:00 of the day that ends with it."""
    local = moment.astimezone(ZoneInfo(timezone))
    if local.time() != time():
        return long_time(moment, timezone, locale)
    return _day_and_time(local - timedelta(days=1), "24:00", utc_offset(local), locale or current_locale())


def _day_and_time(day: date, clock: str, zone: str, locale: Locale) -> str:
    if locale == "zh":
        return f"{long_date(day, 'zh')} {clock}（{zone}）"
    return f"{long_date(day, 'en')}, {clock} ({zone})"


def utc_offset(moment: datetime) -> str:
    """UTC+8, or UTC−3:30."""
    minutes = round((moment.utcoffset() or moment - moment).total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    sign = "−" if minutes < 0 else "+"
    return f"UTC{sign}{hours}" + (f":{rest:02d}" if rest else "")


def file_size(size: int) -> str:
    """A number of bytes as people read it: 830 B, 12.5 kB, 9.9 MB (powers of 1,000)."""
    if size < 1000:
        return f"{size} B"
    if size < 1_000_000:
        return f"{size / 1000:.1f} kB"
    return f"{size / 1_000_000:.1f} MB"


def init_app(app: Flask) -> None:
    """Bind the language of requests, and give the templates their words for it."""
    babel.init_app(app, locale_selector=lambda: CATALOGUES[current_locale()], default_locale=str(CATALOGUES["zh"]))
    babel.domain_instance = texts = Texts()
    # Flask-Babel's own ask for the domain before each text, which takes longer than the text.
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: texts.get_translations().ugettext(text),
        lambda one, many, number: texts.get_translations().ungettext(one, many, number),
        newstyle=True,
    )
    app.wsgi_app = LocalePrefix(app.wsgi_app)  # type: ignore[method-assign]
    app.jinja_env.filters.update(
        plain=plain_text,
        marked=marked_text,
        long_date=long_date,
        short_date=short_date,
        long_time=long_time,
        deadline=deadline,
        stamp=stamp,
        end_of_span=end_of_span,
        clock_time=clock_time,
        file_size=file_size,
    )
    app.jinja_env.globals.update(
        current_locale=current_locale,
        same_page_in=same_page_in,
        public_url=public_url,
        LANG_TAGS=LANG_TAGS,
        OG_LOCALES=OG_LOCALES,
    )
