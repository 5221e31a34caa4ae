"""« Vouliez-vous dire… »: the words of the corpus that are written, or that sound, almost like one that finds nothing.

The words are those of what is published, and of nothing else: a word goes with the last text that held it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import OSA
from sqlalchemy import ColumnElement, CompoundSelect, Select, delete, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from directory.geocoding.spelling import sound
from directory.initiatives.analysis import MAX_UNITS, SMALL_WORDS, Token, Unit, parse, tokens
from directory.initiatives.models import Anchor, Initiative, Participation, SearchWord
from directory.initiatives.postings import holders, holds_any, is_sqlite
from directory.organisations.models import Organisation

SOUND = 60
SHORTEST, LONGEST = 4, 30
"""Letters of a word that is corrected, or offered: shorter ones are one slip from too many others."""
MOST_CORRECTED = 3
"""Words corrected in one query: beyond, it is another query."""
MOST_COMPARED = 5
"""Of the closest words, how many are counted in the corpus to tell which is meant."""


def vocabulary(texts: Iterable[str]) -> set[str]:
    """The words of what is indexed that may be offered in the place of another."""
    found = {term for text in texts for term in text.split()}
    return {term for term in found if term.isalpha() and SHORTEST <= len(term) <= LONGEST}


def learn(session: Session, texts: Iterable[str]) -> None:
    """The words of these search rows are known from now on."""
    learn_words(session, vocabulary(texts))


def learn_words(session: Session, words: Iterable[str]) -> None:
    """These words are known from now on."""
    rows = [{"word": word, "sound": sound(word)[:SOUND]} for word in sorted(words)]
    insert: Any = sqlite.insert if is_sqlite(session) else postgresql.insert
    if rows:
        session.execute(insert(SearchWord).on_conflict_do_nothing(), rows)


def forget(session: Session, texts: Iterable[str]) -> None:
    """The words of these former search rows are known no more, but those that another row holds."""
    gone = [word for word in sorted(vocabulary(texts)) if not holds_any(session, word)]
    if gone:
        session.execute(delete(SearchWord).where(SearchWord.word.in_(gone)))


def respelt(session: Session, text: str) -> str:
    """A typed text with the words that find nothing replaced by the closest ones of the corpus; "" when none is.

    The closest are written as a published text writes them.
    """
    replaced: list[tuple[Token, str]] = []
    for token in _unknown(session, text):
        if len(replaced) == MOST_CORRECTED:
            return ""
        if (close := closest(session, token.word)) is None:
            return ""
        replaced.append((token, _written(session, close)))
    for token, word in reversed(replaced):
        text = text[: token.start] + word + text[token.end :]
    return text if replaced else ""


def closest(session: Session, word: str) -> str | None:
    """The word of the corpus that sounds like a folded one, or that fewest slips of the finger tell from it.

    Of several, the one that most initiatives hold, then the first by the alphabet. None when nothing is close.
    """
    if not SHORTEST <= len(word) <= LONGEST or not word.isalpha():
        return None
    most = 1 if len(word) < 6 else 2 if len(word) < 9 else 3
    begun = _words(session, SearchWord.word.startswith(word[0], autoescape=True), len(word), most)
    near = _near(word, begun, most)
    if not near or near[0][1] > 1:
        near = min([near, _near(word, _slipped(session, word), 1)], key=lambda found: found[0][1] if found else 9)
    if not near or near[0][1] > 1:
        alike = session.scalars(select(SearchWord.word).where(SearchWord.sound == sound(word))).all()
        near = [(one, 0) for one in alike if abs(len(one) - len(word)) <= most + 1] or near
    if not near:
        return None
    best = [one for one, distance in near if distance == near[0][1]][:MOST_COMPARED]
    return min(best, key=lambda one: (-_held(session, one) if len(best) > 1 else 0, one))


def _near(word: str, words: list[str], most: int) -> list[tuple[str, int]]:
    """The words within so many slips, the fewest first."""
    found = process.extract(word, words, scorer=OSA.distance, score_cutoff=most, limit=None)
    return sorted(((one, int(distance)) for one, distance, _ in found), key=lambda pair: (pair[1], pair[0]))


def _words(session: Session, condition: ColumnElement[bool], length: int, most: int) -> list[str]:
    """Words of about a length, brought as one text: many rows of one word each cost more than they hold."""
    joined: Any = func.group_concat if is_sqlite(session) else func.string_agg
    size = func.length(SearchWord.word)
    statement = select(joined(SearchWord.word, " ")).where(condition, size.between(length - most, length + most))
    return str(session.scalar(statement) or "").split()


def _slipped(session: Session, word: str) -> list[str]:
    """The words that one slip on the first letter makes into this one: replaced, missing, added, swapped."""
    second = func.substr(SearchWord.word, 2, 1), func.substr(SearchWord.word, 2, 2)
    replaced = second[1] == word[1:3]
    missing = second[1] == word[:2]
    added, swapped = (SearchWord.word.startswith(one, autoescape=True) for one in (word[1:3], word[1] + word[0]))
    return _words(session, or_(replaced, missing, added, swapped), len(word), 1)


def _held(session: Session, word: str) -> int:
    return int(holders(session, Unit((word,), is_exact=True)).anywhere.sum())


def _unknown(session: Session, text: str) -> Iterator[Token]:
    """The words wanted, as they stand in the text, that find nothing by themselves."""
    query = parse(text)
    plain = {unit.words[0]: unit for unit in query.wanted if not unit.is_exact}
    exact = {word for unit in query.wanted if unit.is_exact for word in unit.words}
    tried = 0
    for token in tokens(text):
        if token.word in SMALL_WORDS or tried == 2 * MAX_UNITS:
            continue
        tried += 1
        if token.word in plain:
            if not holders(session, plain[token.word]).anywhere.any():
                yield token
        elif token.word in exact and not holds_any(session, token.word):
            yield token


def _written(session: Session, word: str) -> str:
    """The word with its accents and capitals, as a name or a sentence of an initiative writes it; else folded."""
    held = holders(session, Unit((word,), is_exact=True))
    flags = held.heading if held.heading.any() else held.anywhere
    if flags.any():
        identifier = int(flags.argmax())
        for is_name in (True, False):
            rows = session.execute(_names(identifier) if is_name else _prose(identifier))
            for text in (text for row in rows for text in row):
                for token in tokens(text):
                    if token.word == word:
                        written = text[token.start : token.end]
                        return str(written if is_name or token.start else written.lower())
    return word


def _names(identifier: int) -> CompoundSelect[str, str, str]:
    of_places = select(Anchor.label, Anchor.name, Anchor.context).where(Anchor.initiative_id == identifier)
    name = Organisation.name
    of_organisations = (
        select(name, name, name)
        .join(Participation, Participation.organisation_id == Organisation.id)
        .where(Participation.initiative_id == identifier)
    )
    return of_places.union_all(of_organisations)


def _prose(identifier: int) -> Select[str, str, str]:
    return select(Initiative.title, Initiative.summary, Initiative.description).where(Initiative.id == identifier)
