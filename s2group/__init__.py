"""The portal of a research group: public pages, admissions, review, editor."""

from collections.abc import Mapping

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

import config
from s2group import cli
from s2group.accounts import sign_in
from s2group.admissions import asked_again, document_kinds
from s2group.admissions.interviews import wording as interview_wording
from s2group.apply.views import blueprint as apply_pages
from s2group.content.group import context
from s2group.core import errors, headers, i18n, logs, templating
from s2group.editor.views import blueprint as editor_pages
from s2group.editor.views.second_factor import mail_change
from s2group.extensions import csrf, db, limiter, migrate
from s2group.review.views import blueprint as review_pages
from s2group.site import kept_pages
from s2group.site.static_site import commands as static_site
from s2group.site.views import blueprint as public_pages
from s2group.site.views import components, metrics


def create_app(environ: Mapping[str, str] | None = None) -> Flask:
    """Build the app from the settings in `environ` (default: the process environment)."""
    app = Flask(__name__, template_folder=config.ROOT / "templates", static_folder=config.ROOT / "static")
    app.config.from_mapping(config.load(environ))

    db.init_app(app)
    migrate.init_app(app, db, directory=str(config.ROOT / "migrations"), render_as_batch=True)
    csrf.init_app(app)
    limiter.init_app(app)

    logs.init_app(app)
    i18n.init_app(app)
    templating.init_app(app)
    headers.init_app(app)
    errors.init_app(app)
    sign_in.init_app(app, factor_mailer=mail_change)
    context.init_app(app)
    asked_again.init_app(app)
    document_kinds.init_app(app)
    interview_wording.init_app(app)

    for pages in (public_pages, apply_pages, review_pages, editor_pages):
        app.register_blueprint(pages)
    components.init_app(app)
    cli.init_app(app)
    static_site.init_app(app)
    kept_pages.init_app(app)
    metrics.init_app(app)

    hops = app.config["TRUSTED_PROXIES"]
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app
