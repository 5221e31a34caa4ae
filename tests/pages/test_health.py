"""What a machine that watches the site learns at /sante."""

from __future__ import annotations

import datetime as dt

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from directory.core.jobs import enqueue
from directory.core.time import utcnow


def jobs(client: FlaskClient) -> object:
    answer = client.get("/sante")
    assert answer.status_code == 200
    return answer.get_json()["jobs"]


def test_the_site_says_when_mails_are_late_or_need_somebody_and_still_works(
    client: FlaskClient, session: Session
) -> None:
    assert jobs(client) == "ok"
    job = enqueue(session, "test")
    session.commit()
    assert jobs(client) == "ok", "a worker has ten minutes"
    job.due_at = utcnow() - dt.timedelta(minutes=11)
    session.commit()
    assert jobs(client) == "late"
    job.state = "failed"
    session.commit()
    assert jobs(client) == "failed"


def test_the_site_says_whether_mails_leave(client: FlaskClient) -> None:
    assert client.get("/sante").get_json()["mail"] == "files"
