"""What the map would ask first, told in its page: one answer less to wait for, and never one to throw away.

The rules are those of static/js/map/flows.js, which asks by itself from the second question on; a test compares them.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from directory.initiatives.filters import Filters
from directory.initiatives.flows import COARSE_LEVEL, FINEST_LEVEL, FIRST_LOCAL_LEVEL, FlowAnswer, flows
from directory.initiatives.index import Corpus

CROWDED = 60
"""More links than this between régions and countries, and the world is told by zones and countries."""
MOST_STRANDS = 200
"""More links than this between two territories, and their départements are shown rather than their communes."""
_FINEST = {"z": 1, "r": 1, "p": 1, "d": 2, "a": 2, "c": 3, "e": 3, "v": 3}


def opening(corpus: Corpus, session: Session, filters: Filters) -> FlowAnswer:
    """The links that the map draws first for a selection, when its address does not say where to look."""
    keys = [*filters.here, *filters.there]
    if not keys:
        answer = flows(corpus, session, filters, level=COARSE_LEVEL)
        return answer if answer.flows_total <= CROWDED else flows(corpus, session, filters, level=0)
    is_link = bool(filters.here and filters.there)
    level = FINEST_LEVEL if is_link else max(_FINEST.get(key[0], COARSE_LEVEL) for key in keys)
    answer = flows(corpus, session, filters, level=level)
    is_dense = is_link and answer.flows_total > MOST_STRANDS
    return flows(corpus, session, filters, level=FIRST_LOCAL_LEVEL) if is_dense else answer
