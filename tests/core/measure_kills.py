"""Kill the worker at random moments while it sends, and count what was lost and what left twice.

    python -m tests.core.measure_kills URL [JOBS] [KILLS] [SEED]

URL is that of an empty database. The figures of docs/measures/ come from here; nothing runs it by itself.
"""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter

from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import sessionmaker

from directory.core.database import make_engine
from directory.core.jobs import Job, enqueue
from directory.core.time import utcnow
from tests.core.test_worker import PROCESS
from tests.smtp import MailServer, mail_server

ANSWER_SECONDS = 0.003
"""What each answer of the mail server takes: about 20 ms for a mail, as a server nearby."""


def start(engine: Engine, server: MailServer, instance: str) -> subprocess.Popen[bytes]:
    """A worker in a process of its own."""
    url = engine.url.render_as_string(hide_password=False)
    return subprocess.Popen([sys.executable, "-c", PROCESS, url, server.url(), instance])


def kill_while_working(process: subprocess.Popen[bytes], heard: threading.Event, chance: random.Random) -> bool:
    """Wait until it talks to the mail server, then kill it some time later; False when it had finished."""
    heard.clear()
    while not heard.wait(0.01):
        if process.poll() is not None:
            return False
    time.sleep(chance.uniform(0, 0.15))
    process.send_signal(signal.SIGKILL)
    return process.wait() == -signal.SIGKILL


def main(url: str, count: int = 200, kills: int = 20, seed: int = 1) -> None:
    """Print one line of figures."""
    chance = random.Random(seed)  # noqa: S311  # moments, not secrets
    engine = make_engine(url)
    Job.__table__.create(engine)  # type: ignore[attr-defined]  # the table alone is enough
    sessions = sessionmaker(engine, expire_on_commit=False)
    with sessions.begin() as session:
        for number in range(count):
            enqueue(session, "tell", number=number)
    heard = threading.Event()

    def answer_slowly(_verb: str) -> None:
        heard.set()
        time.sleep(ANSWER_SECONDS)

    killed = 0
    with mail_server() as server, tempfile.TemporaryDirectory() as instance:
        server.when_heard = answer_slowly
        while killed < kills:
            if not kill_while_working(start(engine, server, instance), heard, chance):
                break
            killed += 1
            with sessions.begin() as session:  # five minutes pass at once for the lease of the dead
                session.execute(update(Job).where(Job.state == "running").values(leased_until=utcnow()))
        start(engine, server, instance).wait()
        copies = Counter(server.ids)
        subjects = {str(message["Subject"]) for message in server.taken}
    with sessions() as session:
        done = session.scalar(select(func.count()).where(Job.state == "done"))
    twice, more = sum(n == 2 for n in copies.values()), sum(n > 2 for n in copies.values())
    print(  # noqa: T201  # a command
        f"{engine.dialect.name}: {count} jobs, {killed} kills, {done} done, {count - len(subjects)} lost, "
        f"{twice} sent twice, {more} more than twice, {len(copies)} different Message-IDs"
    )


if __name__ == "__main__":
    main(sys.argv[1], *(int(number) for number in sys.argv[2:]))
