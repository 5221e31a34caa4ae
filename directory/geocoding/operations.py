"""Keeping what online providers answer, and their pace: anybody may ask, nobody more than once a second in all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from time import monotonic, sleep
from typing import Final

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from directory.core.time import utcnow
from directory.reference.wording import counted

from .gazetteer import Gazetteer
from .models import PlaceAnswer, ProviderTurn
from .providers import Hit, Proposal, Provider, State, propose
from .spelling import fold

KEPT: Final = {State.FOUND: dt.timedelta(days=90), State.NONE: dt.timedelta(days=7), State.DOWN: dt.timedelta(hours=1)}
BETWEEN: Final = dt.timedelta(seconds=1.1)
"""One request a second, and a little more: clocks differ."""
MOST_FAILURES: Final = 3
PAUSE: Final = dt.timedelta(minutes=10)
"""After three failures in a row, a provider is left alone for ten minutes; then one request tries again."""
SKEW: Final = dt.timedelta(seconds=5)
LONGEST_KEY: Final = 300
SHORTEST: Final = 2
LONGEST_WAIT, LONGEST_ALL = 2.5, 5.0
"""Seconds a person waits for a turn that another one has, and in all before no further provider is asked."""
SAID: Final = {
    "found": "{found} Choisissez le bon s’il y est, ou placez le repère.",
    "none": "Rien trouvé plus loin. Placez le repère, ou gardez la région ou le pays.",
    "down": "La recherche en ligne ne répond pas. Ce que le répertoire connaît reste valable, ou placez le repère.",
    "busy": "La recherche en ligne est occupée. Réessayez dans quelques secondes, ou placez le repère.",
    "off": "Ce site ne cherche pas en ligne. Placez le repère, ou gardez la région ou le pays.",
}
"""How looking further ended, the best first."""


class Turn(Enum):
    """Whether a provider may be asked now."""

    YES = "yes"
    WAIT = "wait"
    PAUSED = "paused"


@dataclass(frozen=True)
class Further:
    """How looking further ended, a key of `SAID`, and what the providers propose."""

    state: str
    proposals: tuple[Proposal, ...] = ()

    @property
    def message(self) -> str:
        """What to say of it, in French."""
        number = len(self.proposals)
        many = f"{counted(number).capitalize()} lieux trouvés en ligne."
        return SAID[self.state].format(found="Un lieu trouvé en ligne." if number == 1 else many)


def cache_key(query: str) -> str:
    """Return the key of a query in the cache: case, accents and marks make no difference; other scripts stay."""
    return (fold(query) or " ".join(query.split()))[:LONGEST_KEY]


def recall(session: Session, provider: str, query: str) -> tuple[State, list[Hit]] | None:
    """Return what a provider answered to a query not too long ago."""
    kept = session.scalar(
        select(PlaceAnswer).where(
            PlaceAnswer.provider == provider,
            PlaceAnswer.query == cache_key(query),
            PlaceAnswer.expires_at > utcnow(),
        )
    )
    return None if kept is None else (State(kept.state), [Hit(**hit) for hit in kept.hits])


def take_turn(session: Session, provider: str) -> Turn:
    """Take the next turn of asking a provider; the caller commits at once, so that every worker sees it."""
    now = utcnow()
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    first = insert(ProviderTurn).values(provider=provider, next_at=now - BETWEEN, failures=0)
    session.execute(first.on_conflict_do_nothing(index_elements=[ProviderTurn.provider]))
    # A turn far ahead was given by a clock that has gone back since.
    is_free = (ProviderTurn.next_at <= now) | (ProviderTurn.next_at > now + BETWEEN + SKEW)
    is_resumed = ProviderTurn.resumes_at.is_(None) | (ProviderTurn.resumes_at <= now)
    taken = session.scalar(
        update(ProviderTurn)
        .where(ProviderTurn.provider == provider, is_free, is_resumed)
        .values(next_at=now + BETWEEN, resumes_at=None)
        .returning(ProviderTurn.provider)
        .execution_options(synchronize_session=False)
    )
    if taken is not None:
        return Turn.YES
    resumes_at = session.scalar(select(ProviderTurn.resumes_at).where(ProviderTurn.provider == provider))
    return Turn.PAUSED if resumes_at is not None and resumes_at > now else Turn.WAIT


def remember(session: Session, provider: str, query: str, state: State, hits: list[Hit]) -> None:
    """Keep an answer as long as it is worth, forget the expired ones, and count the failures in a row."""
    now = utcnow()
    session.execute(delete(PlaceAnswer).where(PlaceAnswer.expires_at <= now))
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    kept = {"state": state.value, "hits": [hit.as_json() for hit in hits], "created_at": now}
    kept["expires_at"] = now + KEPT[state]
    row = insert(PlaceAnswer).values(provider=provider, query=cache_key(query), **kept)
    session.execute(row.on_conflict_do_update(index_elements=[PlaceAnswer.provider, PlaceAnswer.query], set_=kept))
    failures = ProviderTurn.failures + 1 if state is State.DOWN else 0
    turn = update(ProviderTurn).where(ProviderTurn.provider == provider)
    session.execute(turn.values(failures=failures))
    session.execute(turn.where(ProviderTurn.failures >= MOST_FAILURES).values(resumes_at=now + PAUSE))


def look_further(
    session: Session,
    providers: Sequence[Provider],
    text: str,
    gazetteer: Gazetteer | None,
    *,
    patience: float | None = None,
) -> Further:
    """Ask each provider until one proposes something, from the cache when it was asked before; never raises for them.

    Commits: a turn is seen by the other workers at once, and no transaction stays open while the network is waited
    for. `patience` is in seconds: how long a turn is waited for.
    """
    if not providers:
        return Further("off")
    if gazetteer is None or len(text) < SHORTEST:
        return Further("none")
    states, start = [], monotonic()
    patience = LONGEST_WAIT if patience is None else patience
    for provider in providers:
        state, hits = _ask(session, provider, text, patience)
        found = propose(provider.name, hits, text, gazetteer)
        if found:
            return Further("found", tuple(found))
        states.append("none" if state == "found" else state)
        if monotonic() - start > max(patience, LONGEST_ALL):
            break
    return Further(min(states, key=list(SAID).index))


def known_further(
    session: Session, providers: Sequence[Provider], text: str, gazetteer: Gazetteer | None
) -> tuple[Proposal, ...]:
    """What looking further found already, without asking anybody."""
    if gazetteer is None or len(text) < SHORTEST:
        return ()
    kept = ((provider.name, recall(session, provider.name, text)) for provider in providers)
    return tuple(one for name, found in kept if found for one in propose(name, found[1], text, gazetteer))


def _ask(session: Session, provider: Provider, text: str, patience: float) -> tuple[str, list[Hit]]:
    """Answer from the cache, else wait for a turn and ask."""
    if (kept := recall(session, provider.name, text)) is not None:
        return kept[0].value, kept[1]
    start = monotonic()
    while (turn := take_turn(session, provider.name)) is not Turn.YES:
        session.commit()
        if turn is Turn.PAUSED:
            return State.DOWN.value, []
        if monotonic() - start > patience:
            return "busy", []
        sleep(0.2)
    session.commit()
    state, hits = provider.ask(text)
    remember(session, provider.name, text, state, hits)
    session.commit()
    return state.value, hits
