"""For whoever watches the service: does it run, can it do its work, and is nothing left lying?"""

import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from shutil import disk_usage

from flask import Response, current_app
from sqlalchemy.exc import SQLAlchemyError

from config import MAX_REQUEST, MEGABYTE
from s2group.core import clock
from s2group.core.errors import log_error
from s2group.core.permissions import public
from s2group.custody.queries import lost_files, oldest_unsent
from s2group.documents.store import store
from s2group.extensions import db
from s2group.mail.server_state import mail_server
from s2group.site.views.blueprint import blueprint

# A mail server that is down keeps a mail from being sent at once; what waits longer than this needs a person.
LONGEST_WAIT = timedelta(hours=1)
# Below this some form of the largest size cannot be taken any more.
LEAST_FREE = MAX_REQUEST


def _answer(word: str, status: int) -> Response:
    return Response(word + "\n", status=status, mimetype="text/plain", headers={"Cache-Control": "private, no-cache"})


@blueprint.get("/healthz")
@public
def alive() -> Response:
    """200 as long as the process answers."""
    return _answer("ok", 200)


@blueprint.get("/readyz")
@public
def ready() -> Response:
    """200 when all is well; 503 with a line for each thing that is not, for an alarm."""
    troubles = [*_storage_troubles(), *_recorded_troubles(clock.now())]
    return _answer("\n".join(troubles), 503) if troubles else _answer("ready", 200)


def _storage_troubles() -> Iterator[str]:
    """Whether a file can be stored, and how long there will be room.

    Uploads come by way of the folder for temporary files.
    """
    try:
        store.try_writing()
    except OSError as error:
        log_error("the store of the files cannot be written", error)
        yield "storage: the store of the files cannot be written"
        return
    data_dir: Path = current_app.config["DATA_DIR"]
    for name, place in (("data folder", data_dir), ("temporary files", tempfile.gettempdir())):
        if (free := disk_usage(place).free) < LEAST_FREE:
            yield f"disk: {free // MEGABYTE} MB are free for the {name}"
    if store.free_bytes() <= 0:
        yield "storage: there is no room for uploads"


def _recorded_troubles(now: datetime) -> Iterator[str]:
    """Asked of the database, which thereby shows that it answers."""
    try:
        server, waited, lost = mail_server(db.session()), oldest_unsent(now), lost_files()
    except SQLAlchemyError as error:
        log_error("the database does not answer", error)
        yield "database: it does not answer"
        return
    if lost:
        yield f"storage: {lost} stored files are missing or damaged; `flask --app app check` tells which"
    if server and server.state == "refusing":
        yield f"mail: the server refuses all mail ({server.reply_code}); the outbox waits"
    if waited and waited > LONGEST_WAIT:
        yield f"mail: the oldest unsent message has waited {waited // timedelta(minutes=1)} minutes"
