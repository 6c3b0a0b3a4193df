"""The extensions, not yet bound to an app, and the base class of every table."""

from ipaddress import IPv6Address

import flask
from flask_babel import Babel
from flask_compress import Compress
from flask_limiter import Limiter
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    """The base of every table. Constraint names are fixed, so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def client_network() -> str:
    """Whom a rate limit counts: the IPv4 address, or of IPv6 the /64, which a single customer has at the least."""
    shown = flask.request.remote_addr or "127.0.0.1"
    try:
        address = IPv6Address(shown)
    except ValueError:
        return shown
    return str(address.ipv4_mapped or IPv6Address(int(address) >> 64 << 64))


db = SQLAlchemy(model_class=Base)
migrate = Migrate()
babel = Babel()
csrf = CSRFProtect()
limiter = Limiter(client_network)
compress = Compress()
