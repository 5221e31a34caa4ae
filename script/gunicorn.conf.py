"""How gunicorn serves the site; script/server starts it. HOST and PORT come from the environment."""

import contextlib
import gc
import os
import signal
import time

from gunicorn.arbiter import Arbiter
from gunicorn.workers.base import Worker
from sqlalchemy.exc import SQLAlchemyError

host = os.environ.get("HOST", "127.0.0.1")
port = os.environ.get("PORT", "5000")
netloc = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

bind = [netloc]
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 4
graceful_timeout = 10
loglevel = "warning"
proc_name = "ici-et-la-bas"
control_socket_disable = True  # it would be opened in ~/.gunicorn and shared by every site of this account


def post_worker_init(worker: Worker) -> None:
    """Read the corpus before the first visit; then say once, from the first worker, that pages are answered."""
    application = worker.app.wsgi()
    # A database that is not there yet is told page by page, and read at the first visit after it came.
    with contextlib.suppress(SQLAlchemyError), application.extensions["sessions"]() as session:
        session.connection(execution_options={"readonly": True})
        corpus = application.extensions["corpus"].current(session)
        application.extensions["suggester"].atlas(corpus)
        application.extensions["actors"].participations(session, corpus)
    gc.freeze()
    if worker.age == 1:
        print(f"Ici & Là-bas est prêt : http://{netloc}", flush=True)


def stop_keeper(keeper: int, patience: float = 30) -> None:
    """Stop script/worker, which is a child of this process, and wait for the mail being sent."""
    with contextlib.suppress(ProcessLookupError, ChildProcessError):
        os.kill(keeper, signal.SIGTERM)
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline and os.waitpid(keeper, os.WNOHANG) == (0, 0):
            time.sleep(0.05)


def on_exit(server: Arbiter) -> None:
    """Stop the worker too, then say that the stop was asked for and went well."""
    if os.environ.get("WORKER", "").isdecimal():
        stop_keeper(int(os.environ["WORKER"]))
    print("Ici & Là-bas est arrêté.", flush=True)
