"""Height maps of the lines, drawn from lines.toml along the cylinder of the simulator's frame."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from register import to_cylinder
from scipy.ndimage import gaussian_filter

__all__ = ["MAP", "Lines", "draw"]

Array = NDArray[np.float64]
# The map: u and v [mm]; above `fold` it is fine, below it (the neck) coarse.
MAP = {"u": 112.0, "top": 84.0, "fold": -112.0, "low": -262.0, "fine": 5.0, "coarse": 1.6}


class Lines(NamedTuple):
    """What was drawn: heights (rows, columns, 3), -1 at the deepest point of each region; regions; their lines."""

    height: Array
    names: list[str]
    channels: list[int]
    points: list[Array]


class _Stroke(NamedTuple):
    at: Array
    share: float
    width: float


def draw(path: Path) -> Lines:
    """All regions of a file of lines."""
    height, names, channels, points = np.zeros((*_shape(), 3)), [], [], []
    for number, (name, row) in enumerate(tomllib.loads(path.read_text(encoding="utf-8")).items()):
        for mirrored in (False, True) if name.endswith("_left") else (False,):
            random = np.random.default_rng([number, int(mirrored)])
            strokes = _strokes(row, random)
            if mirrored:
                strokes = [_mirror(stroke) for stroke in strokes]
            sheet = np.zeros(_shape())
            for stroke in strokes:
                _stroke(sheet, stroke, ridge=row.get("ridge", False))
            if "pits" in row:
                strokes += _pits(sheet, row["pits"], random)
            sheet = gaussian_filter(sheet, 0.7)
            height[..., row["channel"]] += sheet / np.ptp(sheet) if row.get("ridge") else sheet / -sheet.min()
            names.append(name.replace("_left", "_right") if mirrored else name)
            channels.append(row["channel"])
            points.append(np.concatenate([to_cylinder(stroke.at[:, 0], stroke.at[:, 1]) for stroke in strokes]))
    return Lines(height, names, channels, points)


def _strokes(row: dict[str, Any], random: np.random.Generator) -> list[_Stroke]:
    """The lines of a region, with natural variation."""
    drawn = [_Stroke(_vary(line["at"], random), line["share"], line["width"]) for line in row.get("lines", [])]
    if row.get("mirror"):
        drawn += [
            _mirror(_Stroke(_vary(line["at"], random), line["share"] * random.uniform(0.82, 1.0), line["width"]))
            for line in row["lines"]
        ]
    drawn += [_Stroke(_vary(line["at"], random), line["share"], line["width"]) for line in row.get("middle", [])]
    if "fan" in row:
        drawn += _fan(row["fan"], random)
    if "strew" in row:
        drawn += _strew(row["strew"], random)
    return drawn + (_fill(row["fill"], random) if "fill" in row else [])


def _vary(points: list[list[float]], random: np.random.Generator) -> Array:
    """A smooth curve through points that are moved by up to some tenths of a mm."""
    at = np.array(points) + random.normal(0.0, 0.3, (len(points), 2))
    for end, inner in ((0, 1), (-1, -2)):
        at[end] += random.uniform(-0.08, 0.3) * (at[inner] - at[end])
    at = np.concatenate([2 * at[:1] - at[1:2], at, 2 * at[-1:] - at[-2:-1]])
    steps = np.linspace(0, 1, 12, endpoint=False)[:, None]
    pieces = []
    for a, b, c, d in zip(at, at[1:], at[2:], at[3:], strict=False):
        pieces.append(b + 0.5 * steps * (c - a + steps * (2 * a - 5 * b + 4 * c - d + steps * (3 * (b - c) + d - a))))
    return np.concatenate([*pieces, at[-2:-1]])


def _mirror(stroke: _Stroke) -> _Stroke:
    return stroke._replace(at=stroke.at * (-1.0, 1.0))


def _ray(centre: Array, angle: float, near: float, far: float, bend: float) -> list[list[float]]:
    reach = np.linspace(0, 1, 4)
    turn = np.radians(angle + bend * reach**2)
    return (centre + (near + (far - near) * reach)[:, None] * np.stack([np.cos(turn), np.sin(turn)], -1)).tolist()


def _fan(row: dict[str, Any], random: np.random.Generator) -> list[_Stroke]:
    centre = np.array(row["centre"])
    return [
        _Stroke(
            _vary(_ray(centre, angle + random.normal(0, 2), near, far, random.normal(-3, 4)), random),
            share,
            row["width"],
        )
        for angle, near, far, share in row["rays"]
    ]


def _strew(row: dict[str, Any], random: np.random.Generator) -> list[_Stroke]:
    out, centre = [], np.array(row["centre"])
    for _ in range(row["count"]):
        near = random.uniform(*row["radius"])
        ray = _ray(
            centre, random.uniform(*row["angle"]), near, near + random.uniform(*row["length"]), random.normal(0, 6)
        )
        out.append(_Stroke(_vary(ray, random), random.uniform(*row["share"]), row["width"]))
    return out


def _fill(row: dict[str, Any], random: np.random.Generator) -> list[_Stroke]:
    out, (left, low, right, top), along = [], row["box"], np.array(row["along"])
    for _ in range(row["count"]):
        middle = np.array([random.uniform(left, right), random.uniform(low, top)])
        reach = along * random.uniform(*row["length"]) / 2
        points = [middle - reach, middle + np.array([0.0, 0.5]), middle + reach]
        out.append(_Stroke(_vary(np.array(points).tolist(), random), random.uniform(*row["share"]), row["width"]))
    return out


def _shape() -> tuple[int, int]:
    fine = (MAP["top"] - MAP["fold"]) * MAP["fine"]
    return int(fine + (MAP["fold"] - MAP["low"]) * MAP["coarse"]), int(2 * MAP["u"] * MAP["fine"])


def _rows(v: Array) -> Array:
    """Row of the map at v [mm]."""
    fold = (MAP["top"] - MAP["fold"]) * MAP["fine"]
    return np.where(v > MAP["fold"], (MAP["top"] - v) * MAP["fine"], fold + (MAP["fold"] - v) * MAP["coarse"])


def _grid() -> tuple[Array, Array]:
    rows, columns = _shape()
    row = np.arange(rows) + 0.5
    fold = (MAP["top"] - MAP["fold"]) * MAP["fine"]
    v = np.where(row < fold, MAP["top"] - row / MAP["fine"], MAP["fold"] - (row - fold) / MAP["coarse"])
    return (np.arange(columns) + 0.5) / MAP["fine"] - MAP["u"], v


def _window(points: Array, pad: float) -> tuple[tuple[slice, slice], Array, Array]:
    """The part of the map within `pad` of points, and u and v there."""
    u, v = _grid()
    low, high = points.min(0) - pad, points.max(0) + pad
    column = slice(*np.searchsorted(u, [low[0], high[0]]))
    row = slice(*np.clip(_rows(np.array([high[1], low[1]])), 0, len(v)).astype(int))
    return (row, column), *np.meshgrid(u[column], v[row])


def _stroke(sheet: Array, stroke: _Stroke, *, ridge: bool) -> None:
    """Press one line into a sheet; its ends taper, its borders are raised."""
    curve = to_cylinder(stroke.at[:, 0], stroke.at[:, 1])
    window, u, v = _window(curve, 7 * stroke.width)
    start, along = curve[:-1], np.diff(curve, axis=0)
    length = np.linalg.norm(along, axis=1)
    before = np.concatenate([[0.0], np.cumsum(length)])
    away, share = np.full(u.shape, np.inf), np.zeros(u.shape)
    for k in range(len(start)):
        du, dv = u - start[k, 0], v - start[k, 1]
        t = np.clip((du * along[k, 0] + dv * along[k, 1]) / length[k] ** 2, 0, 1)
        d = np.hypot(du - t * along[k, 0], dv - t * along[k, 1])
        nearer = d < away
        away[nearer], share[nearer] = d[nearer], ((before[k] + t * length[k]) / before[-1])[nearer]
    taper = np.clip(np.minimum(share, 1 - share) / (0.42 if ridge else 0.24), 0, 1)
    taper = stroke.share * taper * taper * (3 - 2 * taper)
    w = stroke.width * (0.6 + 0.4 * taper / stroke.share)
    if ridge:
        sheet[window] += taper * (np.exp(-((away / w) ** 2)) - 0.28 * np.exp(-(((away - 2.5 * w) / (1.4 * w)) ** 2)))
    else:
        furrow = 0.75 * np.exp(-((away / w) ** 2)) + 0.25 * np.exp(-((away / (2.2 * w)) ** 2))
        sheet[window] += taper * (0.22 * np.exp(-(((away - 2.8 * w) / (1.7 * w)) ** 2)) - furrow)


def _pits(sheet: Array, row: dict[str, Any], random: np.random.Generator) -> list[_Stroke]:
    """Dimples strewn evenly over an ellipse; returns their places as points of strokes."""
    places = []
    for _ in range(row["count"]):
        turn, far = random.uniform(0, 2 * np.pi), random.uniform(0, 1) ** 0.5
        at = np.array(row["centre"]) + far * np.array(row["radius"]) * [np.cos(turn), np.sin(turn)]
        places.append(at)
        centre = to_cylinder(at[:1], at[1:])
        size = random.uniform(*row["size"])
        window, u, v = _window(centre, 4 * size)
        away = np.hypot(u - centre[0, 0], v - centre[0, 1])
        sheet[window] -= random.uniform(*row["share"]) * (1 - far**4) * np.exp(-((away / size) ** 2))
    return [_Stroke(np.array(places), 1.0, 1.0)]
