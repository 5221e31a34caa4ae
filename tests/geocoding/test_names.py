"""Names as columns: whatever the names, they are found whole, by beginning and by three letters, as a plain list is."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.geocoding.build import columns as writing
from directory.geocoding.build.draft import Draft, Entry
from directory.geocoding.names import HERE, THERE, Names, pack, trigram_code, unpack
from directory.geocoding.places import Kind
from directory.geocoding.spelling import sound

KEYS = st.lists(st.text("abcdefz019", min_size=1, max_size=14), min_size=1, max_size=40, unique=True)


def made_of(keys: list[str]) -> Names:
    draft = Draft()
    for index, key in enumerate(keys):
        entry = Entry(Kind.TOWN, key, "FR" if index % 2 else "ML", 1.0, 1.0, index, index / 100)
        draft.add(entry, key)
    with writing.second_process() as second:
        return Names(dict(writing.columns(draft, second)))


@settings(deadline=None, max_examples=25)
@given(KEYS, st.text("abcdefz019{é", max_size=14))
def test_names_answer_as_a_plain_list_does(keys: list[str], asked: str) -> None:
    names, ordered = made_of(keys), sorted(keys)
    assert [names.key(name).decode() for name in range(names.size)] == ordered
    for key in (*keys, asked):
        found = names.find(key)
        assert found == (ordered.index(key) if key in ordered else None)
    assert {names.key(name).decode() for name in names.existing([*keys, asked or "a"])} == set(keys)
    begun = {place for place, _, _ in names.beginning(asked, HERE | THERE, 100)} if asked else set()
    assert begun == {index for index, key in enumerate(keys) if asked and key.startswith(asked)}
    for place, _, length in names.beginning(keys[0][:1], HERE, 100):
        assert place % 2 == 1
        assert length == len(keys[place])


@settings(deadline=None, max_examples=25)
@given(KEYS)
def test_trigrams_and_sounds_lead_to_the_names_that_have_them(keys: list[str]) -> None:
    names, ordered = made_of(keys), sorted(keys)
    for trigram in {key[i : i + 3] for key in keys for i in range(len(key) - 2)}:
        code = trigram_code(trigram)
        holding = [number for number, key in enumerate(ordered) if trigram in key]
        assert names.with_trigram(code).tolist() == holding
        assert names.trigram_counts[code] == len(holding)
        assert sorted(names.sharing({code: 1.0}, HERE | THERE, 0, 99, 99)) == holding
        assert sorted(names.sharing({code: 1.0}, HERE | THERE, 0, 99, 99)) == holding, "the sheet is wiped"
    for number, key in enumerate(ordered):
        if len(key) >= writing.SHORTEST_HEARD and len(sound(key)) >= writing.SHORTEST_SOUND:
            assert number in names.sounding(sound(key), HERE | THERE, 99)


@given(st.lists(st.sets(st.integers(0, 2_000_000), min_size=1, max_size=30), min_size=1, max_size=10))
def test_growing_numbers_are_packed_and_unpacked(runs: list[set[int]]) -> None:
    growing = np.array([number for run in runs for number in sorted(run)], dtype=np.int32)
    starts = np.cumsum([0, *(len(run) for run in runs)])[:-1]
    coded, begins = pack(growing, starts)
    letters = np.frombuffer(coded, np.uint8)
    ends = [*begins.tolist()[1:], len(coded)]
    for run, begin, end in zip(runs, begins.tolist(), ends, strict=True):
        assert unpack(letters[begin:end]).tolist() == sorted(run)


def test_columns_that_do_not_fit_together_are_refused() -> None:
    draft = Draft()
    draft.add(Entry(Kind.TOWN, "Kayes", "ML", 14.4, -11.4, 1, 0.5), "Kayes")
    with writing.second_process() as second:
        columns = dict(writing.columns(draft, second))
    for name in ("sides", "bearers", "places", "qualities", "priors", "trigrams", "trigram_starts", "sounds"):
        with pytest.raises((ValueError, IndexError)):
            Names(columns | {name: columns[name] + b"\0" * 4})
