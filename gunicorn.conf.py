"""How gunicorn serves the portal, with the mail worker at its side. Its settings come from config.py."""

import os
import runpy
import shutil
import subprocess
import sys
import tempfile
import threading
from datetime import timedelta
from urllib.parse import quote

from gunicorn import util
from gunicorn.arbiter import Arbiter
from gunicorn.glogging import Logger
from gunicorn.workers.base import Worker

from config import ROOT, load, refusing_in_lines  # gunicorn would take the name `config` for a setting

with refusing_in_lines():
    settings = load()

bind = f"127.0.0.1:{settings['PORT']}"
wsgi_app = "app:app"
worker_class = "gthread"
workers = 2
threads = 8
# Threads answer slowly only when the machine is choked; a worker that shows no life for so long is replaced.
timeout = 60
# How long requests under way may take to end when the service stops: an upload over a slow line.
graceful_timeout = 30
keepalive = 5
limit_request_line = 4094
limit_request_fields = 64
limit_request_field_size = 8190
# The app itself counts the proxies it may believe (S2_TRUSTED_PROXIES).
forwarded_allow_ips = ""
# A socket that takes commands from other processes: nobody here needs it.
control_socket_disable = True

accesslog = "-"
# By its path, and not imported: see there.
log_lines = runpy.run_path(str(ROOT / "s2group" / "core" / "log_lines.py"))

# The workers count requests together, in memory where there is any to mount: a full disk must stop no worker.
if settings["METRICS_TOKEN"]:
    memory = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: PTH112, S108 - a folder of our own is made in it
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="s2group-metrics-", dir=memory)

MILLISECOND = timedelta(milliseconds=1)


class logger_class(Logger):  # noqa: N801 - the name of the setting
    """gunicorn's log, in the form of the portal's own."""

    def setup(self, cfg):
        """Open the logs."""
        super().setup(cfg)
        for handler in self.error_log.handlers + self.access_log.handlers:
            handler.setFormatter(log_lines["formatter"](settings["LOG_FORMAT"]))

    def access(self, resp, req, environ, request_time):
        """Log a request. No query, no address, no browser: nothing that tells who it was.

        The path as it came over the line: the portal has moved its /en away, and a decoded line break could forge an
        entry.
        """
        fields = {
            "method": environ["REQUEST_METHOD"],
            "path": quote(environ.get("SCRIPT_NAME", "") + environ["PATH_INFO"], safe="/~", encoding="latin-1"),
            "status": str(resp.status).partition(" ")[0],
            "bytes": resp.sent,
            "milliseconds": request_time // MILLISECOND,
        }
        request_id = next((value for name, value in resp.headers if name == "X-Request-ID"), None)
        words = '"%(method)s %(path)s" %(status)s %(bytes)s bytes %(milliseconds)s ms'
        self.access_log.info(words, fields, extra={"request_id": request_id, "fields": fields})


class MailWorker(threading.Thread):
    """Keeps one `mail deliver` process running for as long as gunicorn does.

    A process of its own, so that a mail server that hangs holds up no visitor. Where gunicorn itself is killed, the
    worker sees that its parent is gone and ends.
    """

    PAUSE_SECONDS = 5
    COMMAND = (sys.executable, "-m", "flask", "--app", "app", "mail", "deliver", "--parent", str(os.getpid()))

    def __init__(self, log: Logger) -> None:
        super().__init__(name="mail-worker", daemon=True)
        self.log = log
        self.stopping = threading.Event()
        self.lock = threading.Lock()
        self.process: subprocess.Popen[bytes] | None = None
        # gunicorn forks its workers at any time; one forked in the middle of Popen would inherit its pipe, and Popen
        # would wait for that worker's end.
        os.register_at_fork(
            before=self.lock.acquire, after_in_parent=self.lock.release, after_in_child=self.lock.release
        )

    def run(self) -> None:
        """Start the process, and again some seconds after it has ended."""
        while process := self._start_process():
            status = process.wait()
            if not self.stopping.is_set():
                self.log.warning("The mail worker ended (status %s); starting it again", status)
            self.stopping.wait(self.PAUSE_SECONDS)

    def _start_process(self) -> subprocess.Popen[bytes] | None:
        with self.lock:
            if not self.stopping.is_set():
                self.process = subprocess.Popen(self.COMMAND, cwd=ROOT)
                return self.process
        return None

    def end_process(self) -> None:
        """Let the process finish the mail it is sending, and end."""
        with self.lock:
            if self.process:
                self.process.terminate()

    def stop(self) -> None:
        """End the process for good; wait for it as long as for a request, then kill it."""
        self.stopping.set()
        self.end_process()
        self.join(graceful_timeout)
        if self.process and self.is_alive():
            self.process.kill()


def post_worker_init(_worker: Worker) -> None:
    """Make a worker ready.

    The process that looks into files is started before the first one comes, and a request that never reaches the app,
    such as one for an endless address, is answered as the app would.
    """
    # The worker has the portal by now; the parent process must not.
    from s2group.core.errors import raw_answer
    from s2group.documents.sandbox import server as inspector

    def write_error(sock, status_int, reason, _mesg):
        util.write_nonblock(sock, raw_answer(status_int, reason, settings))

    util.write_error = write_error
    inspector.start()


def when_ready(server: Arbiter) -> None:
    """Start the mail worker once gunicorn listens."""
    if settings["EMBEDDED_WORKER"]:
        server.mail_worker = MailWorker(server.log)
        server.mail_worker.start()


def on_reload(server: Arbiter) -> None:
    """After a SIGHUP the mail worker, too, runs the new code."""
    if settings["EMBEDDED_WORKER"]:
        server.mail_worker.end_process()


def on_exit(server: Arbiter) -> None:
    """Leave no process behind, and no counts."""
    shutil.rmtree(os.environ.get("PROMETHEUS_MULTIPROC_DIR", ""), ignore_errors=True)
    if settings["EMBEDDED_WORKER"]:
        server.mail_worker.stop()
