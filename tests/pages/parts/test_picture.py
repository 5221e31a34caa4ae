"""The still picture of links: what it frames, where it bends, how it crosses the Pacific."""

from __future__ import annotations

import pytest

from directory.pages.parts.picture import RATIO, SCALE, draw

QUIMPER, ANTSIRABE, SUVA, WALLIS = (-4.1, 48.0), (47.03, -19.87), (178.44, -18.14), (-176.2, -13.3)


def test_nothing_to_draw_is_no_picture() -> None:
    assert draw([]) is None


def test_every_end_is_inside_the_frame() -> None:
    picture = draw([(QUIMPER, ANTSIRABE), (QUIMPER, SUVA), (WALLIS, SUVA)])
    assert picture is not None
    left, top, width, height = picture.frame
    assert width / height == pytest.approx(RATIO, rel=0.01)
    for x, y in (*picture.here, *picture.there):
        assert left < x < left + width
        assert top < y < top + height


def test_a_link_across_the_pacific_takes_the_short_way() -> None:
    picture = draw([(WALLIS, SUVA)])
    assert picture is not None
    (curve,) = picture.curves
    assert abs(curve.end[0] - curve.start[0]) < 10 * SCALE


def test_two_links_of_one_place_share_its_mark() -> None:
    picture = draw([(QUIMPER, ANTSIRABE), (QUIMPER, SUVA), (QUIMPER, SUVA)])
    assert picture is not None
    assert (len(picture.here), len(picture.there), len(picture.curves)) == (1, 2, 2)


def test_two_ends_at_the_same_point_still_make_a_picture() -> None:
    picture = draw([(QUIMPER, QUIMPER)])
    assert picture is not None
    assert picture.frame[2] > 0


def test_an_end_that_is_a_whole_territory_is_told_apart_on_whichever_turn_of_the_globe() -> None:
    picture = draw([(WALLIS, SUVA), (QUIMPER, ANTSIRABE)], areas=[SUVA])
    assert picture is not None
    assert picture.areas == {picture.there[0]}
    assert picture.areas <= {curve.end for curve in picture.curves}


@pytest.mark.parametrize("ratio", [1.3, 1.5, 2.0])
def test_a_picture_has_the_ratio_that_is_asked(ratio: float) -> None:
    picture = draw([(QUIMPER, ANTSIRABE)], ratio=ratio)
    assert picture is not None
    assert picture.frame[2] / picture.frame[3] == pytest.approx(ratio, rel=0.01)


def test_the_land_is_drawn_again_where_the_frame_goes_past_the_end_of_the_world() -> None:
    pacific, home = draw([(WALLIS, SUVA)]), draw([(QUIMPER, ANTSIRABE)])
    assert pacific is not None
    assert home is not None
    assert len(pacific.turns) == 2
    assert home.turns == (0.0,)
