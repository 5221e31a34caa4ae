"""The share image: a poster of 1200 × 630 pixels, words on gorse beside the map of their links.

Drawn by Pillow with the colours of the style sheets, the outlines of the base map and the site's own typefaces. What
is drawn comes from public cards and flows only: a withheld place is already coarse when it arrives here.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from directory.stills.frame import Frame
from directory.stills.lettering import ELLIPSIS, Face
from directory.stills.outlines import Points, read_outlines
from directory.stills.ribbons import Cubic, point_at
from directory.stills.scene import DIAMOND, Scene, Sizes, Symbol

WIDTH, HEIGHT = 1200, 630
PANEL = 452
"""Width of the words."""
MAP = (WIDTH - PANEL, HEIGHT)
MARGIN = 40
SMALL = 20
"""The smallest text: such a picture is shown at less than half its size."""
NAME = 23
FINE = 3
"""The map is drawn so many times larger, then reduced: Pillow's lines have no soft edges of their own."""
SIZES = Sizes(smallest=9, largest=34, thinnest=3.5, widest=15, line=28, names=7, reference=12)
STEPS = 28
"""Pieces of a ribbon, each of one colour."""


@dataclass(frozen=True)
class Line:
    """Words of the panel: their ink ("ink", "here", "there"), their size and weight, the lines they may take."""

    text: str
    ink: str
    size: int
    weight: int = 700
    most: int = 2
    family: str = "voice"
    before: int = 6
    """Pixels above."""
    mark: str = ""
    """A disc ("here") or a diamond ("there") before the first line."""


@dataclass(frozen=True)
class Poster:
    """What is drawn: the words, the scene in its frame, the small print, the name of the site."""

    lines: tuple[Line, ...]
    scene: Scene
    frame: Frame
    notes: tuple[str, ...]
    site_name: str


def name_face(static: Path) -> Face:
    """The face of the names on the map, to measure them with."""
    return Face(static / "vendor" / "fonts", "text", NAME, 650)


def draw_poster(poster: Poster, static: Path) -> bytes:
    """The PNG of a poster; `static` is the folder of the site's files."""
    inks = colours(static)
    sheet = Image.new("RGB", (WIDTH, HEIGHT), inks["gorse"])
    sheet.paste(_map(poster, static, inks), (PANEL, 0))
    pen = ImageDraw.Draw(sheet)
    face = name_face(static)
    for name in poster.scene.names:
        ink = inks["here" if name.is_here else "there"]
        face.draw(pen, (PANEL + name.x, name.y + NAME * 0.34), name.text, ink, inks["map-halo"])
    _panel(sheet, poster, static, inks)
    file = io.BytesIO()
    # 256 colours are all it has, soft edges included; a stronger compression takes ten times as long for 5 %.
    flat = sheet.quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    flat.save(file, "PNG", compress_level=6)
    return file.getvalue()


@lru_cache(maxsize=2)
def colours(static: Path) -> dict[str, str]:
    """The colours of the light theme, by the names of the style sheets without their dashes."""
    found: dict[str, str] = {}
    for name in ("tokens.css", "map-colours.css"):
        text = (static / "css" / name).read_text(encoding="utf-8")
        light = text[text.index(":root") :].split("}", 1)[0]
        found.update(re.findall(r"--([a-z0-9-]+):\s*(#[0-9a-f]{6})", light))
    return found


def _map(poster: Poster, static: Path, inks: dict[str, str]) -> Image.Image:
    """The ground, the ribbons and the symbols, at their size on the sheet."""
    image = Image.new("RGB", (MAP[0] * FINE, MAP[1] * FINE), inks["map-sea"])
    pen = ImageDraw.Draw(image)
    _ground(pen, poster.frame, static, inks)
    for ribbon in sorted(poster.scene.ribbons, key=lambda one: -one.count):
        _ribbon(pen, ribbon.curve, ribbon.width * FINE, (inks["here"], inks["there"]))
    for symbol in reversed(poster.scene.symbols):
        _symbol(pen, symbol, inks)
    return image.reduce(FINE)


def _ground(pen: ImageDraw.ImageDraw, frame: Frame, static: Path, inks: dict[str, str]) -> None:
    """Land, then borders and coasts, as static/js/map/base-layer.js lays them."""
    world = read_outlines(static / "geo" / "world.topo.json")
    france = read_outlines(static / "geo" / "france.topo.json")
    near = frame.scale / MAP[0] > 5  # narrower than 72 degrees
    _stroke(pen, frame, world["seam"].seen(*frame.box), inks["map-land"], 4)
    _fill(pen, frame, world["countries"].seen(*frame.box), inks["map-land"])
    _fill(pen, frame, france["regions"].seen(*frame.box), inks["map-france"])
    _stroke(pen, frame, world["borders"].seen(*frame.box), inks["map-border"], 1.1)
    _stroke(pen, frame, world["disputed"].seen(*frame.box), inks["map-disputed"], 1.2, dash=5)
    _stroke(pen, frame, world["coasts"].seen(*frame.box), inks["map-coast"], 1.0)
    _stroke(pen, frame, france["regions"].seen(*frame.box), inks["map-france-line"], 1.2 if near else 0.7)


def _placed(frame: Frame, line: Points) -> list[float]:
    """A line in fine pixels, points that fall on the same pixel told once."""
    pixels = np.rint((line - (frame.left, frame.top)) * (frame.scale * FINE)).astype(np.int32)
    kept = np.ones(len(pixels), dtype=bool)
    kept[1:] = (pixels[1:] != pixels[:-1]).any(axis=1)
    flat: list[float] = pixels[kept].ravel().astype(float).tolist()
    return flat


def _fill(pen: ImageDraw.ImageDraw, frame: Frame, lines: Sequence[Points], ink: str) -> None:
    for line in lines:
        flat = _placed(frame, line)
        if len(flat) >= 6:
            pen.polygon(flat, fill=ink)


def _stroke(
    pen: ImageDraw.ImageDraw, frame: Frame, lines: Sequence[Points], ink: str, width: float, dash: float = 0
) -> None:
    for line in lines:
        flat = _placed(frame, line)
        if len(flat) < 4:
            continue
        for part in _dashed(flat, dash * FINE) if dash else (flat,):
            pen.line(part, fill=ink, width=max(1, round(width * FINE)), joint="curve")


def _dashed(flat: list[float], length: float) -> list[list[float]]:
    """Pieces of a line, one length drawn and one not."""
    points = np.array(flat).reshape(-1, 2)
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    stops = np.arange(0.0, along[-1], length)
    ends = np.column_stack([np.interp(stops, along, points[:, axis]) for axis in (0, 1)])
    return [[*ends[at], *ends[at + 1]] for at in range(0, len(ends) - 1, 2)]


def _ribbon(pen: ImageDraw.ImageDraw, curve: Cubic, width: float, inks: tuple[str, str]) -> None:
    """A band shaded from here to there, in pieces that overlap so that no seam shows."""
    spine = np.array([point_at(curve, step / STEPS) for step in range(STEPS + 1)]) * FINE
    lean = np.gradient(spine, axis=0)
    length = np.hypot(lean[:, 0], lean[:, 1])[:, None]
    across = np.column_stack([-lean[:, 1], lean[:, 0]]) / np.maximum(length, 1e-6) * (width / 2)
    one, other = spine + across, spine - across
    here, there = (np.array(_rgb(ink)) for ink in inks)
    for at in range(STEPS):
        share = min(1.0, max(0.0, ((at + 0.5) / STEPS - 0.12) / 0.76))
        red, green, blue = np.rint(here + (there - here) * share).astype(int).tolist()
        end = min(at + 2, STEPS)
        ring = [*one[at : end + 1], *other[at : end + 1][::-1]]
        pen.polygon([tuple(point) for point in ring], fill=(red, green, blue))


def _rgb(ink: str) -> tuple[int, int, int]:
    return int(ink[1:3], 16), int(ink[3:5], 16), int(ink[5:7], 16)


def _symbol(pen: ImageDraw.ImageDraw, symbol: Symbol, inks: dict[str, str]) -> None:
    ink = inks["here" if symbol.is_here else "there"]
    if symbol.spot.is_area:
        _ring(pen, (symbol.x * FINE, symbol.y * FINE), (symbol.reach + 9) * FINE, ink)
    _shape(pen, (symbol.x * FINE, symbol.y * FINE), (symbol.r + 2.5) * FINE, symbol.is_here, inks["map-halo"])
    _shape(pen, (symbol.x * FINE, symbol.y * FINE), symbol.r * FINE, symbol.is_here, ink)


def _ring(pen: ImageDraw.ImageDraw, at: tuple[float, float], r: float, ink: str) -> None:
    """A dashed ring: the middle of a territory, not a point."""
    for turn in range(0, 360, 20):
        pen.arc((at[0] - r, at[1] - r, at[0] + r, at[1] + r), turn, turn + 11, fill=ink, width=round(2 * FINE))


def _shape(pen: ImageDraw.ImageDraw, at: tuple[float, float], r: float, is_disc: bool, ink: str) -> None:
    x, y = at
    if is_disc:
        pen.ellipse((x - r, y - r, x + r, y + r), fill=ink)
    else:
        h = r * DIAMOND
        pen.polygon(((x, y - h), (x + h, y), (x, y + h), (x - h, y)), fill=ink)


def _panel(sheet: Image.Image, poster: Poster, static: Path, inks: dict[str, str]) -> None:
    """The words, from the top; the mark, the name of the site and the small print, at the foot."""
    pen = ImageDraw.Draw(sheet)
    fonts = static / "vendor" / "fonts"
    width = PANEL - 2 * MARGIN
    foot = _foot(sheet, pen, poster, fonts, inks)
    factor, laid = _fitted(poster.lines, fonts, width, foot - MARGIN - 14)
    y = float(MARGIN - 8)
    for line, face, rows in laid:
        y += line.before * factor
        for at, row in enumerate(rows):
            y += face.size * (0.98 if line.size > 90 else 1.12)
            x = float(MARGIN)
            if line.mark and not at:
                radius = face.size * 0.27
                _soft_shape(
                    sheet, (x + radius, y - face.size * 0.34), radius, line.mark == "here", inks[f"{line.ink}-on-gorse"]
                )
                x += face.size * 0.82
            face.draw(pen, (x, y), row, inks["on-gorse" if line.ink == "ink" else f"{line.ink}-on-gorse"])


def _fitted(
    lines: Sequence[Line], fonts: Path, width: float, height: float
) -> tuple[float, list[tuple[Line, Face, list[str]]]]:
    """The lines at the largest size at which they fit, broken into rows."""
    laid: list[tuple[Line, Face, list[str]]] = []
    factor = 1.0
    for factor in (1.0, 0.92, 0.84, 0.76, 0.68, 0.6, 0.54):
        laid, needed, is_whole = [], 0.0, True
        for line in lines:
            face = Face(fonts, line.family, max(SMALL, round(line.size * factor)), line.weight)
            room = width - (face.size * 0.82 if line.mark else 0)
            rows = face.lines(line.text, room, line.most)
            is_whole = is_whole and face.holds(line.text, room) and not rows[-1].endswith(ELLIPSIS)
            laid.append((line, face, rows))
            needed += line.before * factor + len(rows) * face.size * (0.98 if line.size > 90 else 1.12)
        if needed <= height and is_whole:
            break
    return factor, laid


def _foot(sheet: Image.Image, pen: ImageDraw.ImageDraw, poster: Poster, fonts: Path, inks: dict[str, str]) -> float:
    """The mark, the name, the small print; where they begin."""
    face = Face(fonts, "text", SMALL, 420)
    rows = [row for note in poster.notes for row in face.lines(note, PANEL - 2 * MARGIN, 2)]
    y = HEIGHT - MARGIN + 6 - (len(rows) - 1) * 25.0
    top = y - 24 - 52
    for row in rows:
        face.draw(pen, (MARGIN, y), row, inks["on-gorse"])
        y += 25
    _splice(sheet, (MARGIN, top), inks)
    Face(fonts, "voice", 31, 700).draw(pen, (MARGIN + 96, top + 31), poster.site_name, inks["on-gorse"])
    return top


def _soft_shape(sheet: Image.Image, at: tuple[float, float], r: float, is_disc: bool, ink: str) -> None:
    """A disc or a diamond with soft edges on the sheet itself."""
    half = round(r * DIAMOND) + 2
    left, top = round(at[0]) - half, round(at[1]) - half
    stencil = Image.new("L", (2 * half * 4, 2 * half * 4))
    _shape(ImageDraw.Draw(stencil), ((at[0] - left) * 4, (at[1] - top) * 4), r * 4, is_disc, "#ffffff")
    sheet.paste(ink, (left, top), stencil.reduce(4))


def _splice(sheet: Image.Image, at: tuple[int, float], inks: dict[str, str]) -> None:
    """The mark of the site, 80 pixels wide, as templates/layouts/_marks.html has it on 64 units."""
    fine, unit = 4, 80 / 64 * 4
    turns = np.radians(np.arange(0, 121, 3))
    for side, height, r in (("here", 9.0, 5.5), ("there", 13.5, 6.5 / DIAMOND)):
        way = -1 if side == "here" else 1
        stencil = Image.new("L", (84 * fine, 34 * fine))
        pen = ImageDraw.Draw(stencil)
        strand = np.column_stack([32 + way * 25 * np.cos(turns), 17 - height * np.sin(turns)]) * unit
        pen.line(strand.ravel().tolist(), fill="#ffffff", width=round(3 * unit), joint="curve")
        for x, y in (strand[0], strand[-1]):
            _shape(pen, (x, y), 1.5 * unit, True, "#ffffff")
        _shape(pen, tuple(strand[0]), r * unit, side == "here", "#ffffff")
        sheet.paste(inks[f"{side}-on-gorse"], (at[0], round(at[1])), stencil.reduce(fine))
