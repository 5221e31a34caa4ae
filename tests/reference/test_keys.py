"""Territory keys: one spelling, one side, one level."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.reference import keys
from directory.reference.keys import Level, Side

EXAMPLES = {
    "c:29151": (Side.HERE, Level.COMMUNE),
    "c:2A004": (Side.HERE, Level.COMMUNE),
    "c:98818": (Side.HERE, Level.COMMUNE),
    "e:243500139": (Side.HERE, Level.EPCI),
    "d:29": (Side.HERE, Level.DEPARTEMENT),
    "d:2B": (Side.HERE, Level.DEPARTEMENT),
    "d:974": (Side.HERE, Level.DEPARTEMENT),
    "d:988": (Side.HERE, Level.DEPARTEMENT),
    "r:53": (Side.HERE, Level.REGION),
    "z:FX": (Side.HERE, Level.ZONE),
    "z:04": (Side.HERE, Level.ZONE),
    "z:NC": (Side.HERE, Level.ZONE),
    "v:2463232": (Side.THERE, Level.TOWN),
    "a:ML.01": (Side.THERE, Level.DIVISION),
    "a:GB.ENG": (Side.THERE, Level.DIVISION),
    "p:ML": (Side.THERE, Level.COUNTRY),
    "p:XK": (Side.THERE, Level.COUNTRY),
}

MALFORMED = [
    "", ":", "c", "c:", "29151", "c:2915", "c:291511", "c:2a004", "C:29151", "c: 29151", "c:29151 ", "c:29151\n",
    "c:٢٩١٥١", "e:24350013", "d:9", "d:96", "d:2C", "r:5", "r:053", "z:fx", "z:ZZ", "z:05", "v:0", "v:01", "v:-1",
    "a:ML", "a:ml.01", "a:ML.", "p:ml", "p:MLI", "x:ML", "p:FR", "p:RE", "p:NC", "a:FR.53", "cc:29151", "c::29151",
]  # fmt: skip

sources = st.one_of(
    st.builds(
        lambda d, n: (Level.COMMUNE, f"{d}{n:03d}"),
        st.sampled_from(["01", "2A", "2B", "75", "97"]),
        st.integers(0, 999),
    ),
    st.builds(lambda n: (Level.EPCI, f"{n:09d}"), st.integers(0, 999_999_999)),
    st.builds(lambda n: (Level.DEPARTEMENT, f"{n:02d}"), st.integers(1, 95)),
    st.builds(lambda n: (Level.REGION, f"{n:02d}"), st.integers(0, 99)),
    st.builds(lambda code: (Level.ZONE, code), st.sampled_from(sorted(keys.FRANCE_ZONES))),
    st.builds(lambda n: (Level.TOWN, str(n)), st.integers(1, 9_999_999_999)),
    st.builds(
        lambda country, code: (Level.DIVISION, f"{country}.{code}"),
        st.sampled_from(["ML", "MG", "GB", "US"]),
        st.from_regex(r"[A-Z0-9]{1,6}", fullmatch=True),
    ),
    st.builds(lambda country: (Level.COUNTRY, country), st.sampled_from(["ML", "MG", "BF", "PS", "XK"])),
)


@pytest.mark.parametrize(("key", "expected"), EXAMPLES.items())
def test_a_key_tells_its_side_and_its_level(key: str, expected: tuple[Side, Level]) -> None:
    assert keys.parse_key(key) == key
    assert (keys.side_of(key), keys.level_of(key)) == expected


@pytest.mark.parametrize("text", MALFORMED)
def test_a_malformed_key_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="territory"):
        keys.parse_key(text)


@given(sources)
def test_a_key_gives_back_the_level_and_the_code_it_was_made_of(source: tuple[Level, str]) -> None:
    level, code = source
    key = keys.make_key(level, code)
    assert (keys.level_of(key), keys.code_of(key)) == source
    assert keys.parse_key(key) == key


@given(st.text(max_size=20))
def test_any_text_is_either_a_key_kept_unchanged_or_refused(text: str) -> None:
    try:
        assert keys.parse_key(text) == text
    except ValueError:
        return
    assert keys.make_key(keys.level_of(text), keys.code_of(text)) == text


@given(st.text(max_size=6))
def test_a_side_is_never_guessed_from_an_unknown_letter(text: str) -> None:
    if text[1:2] == ":" and text[0] in "cedrzvap":
        assert keys.side_of(text) in Side
    else:
        with pytest.raises(ValueError, match="malformed"):
            keys.side_of(text)


@pytest.mark.parametrize(
    ("key", "country"),
    [("p:ML", "ML"), ("a:MG.03", "MG"), ("z:FX", "FR"), ("z:04", "RE"), ("z:NC", "NC"), ("d:29", None), ("v:12", None)],
)
def test_a_country_is_told_only_by_the_keys_that_carry_it(key: str, country: str | None) -> None:
    assert keys.country_of(key) == country
