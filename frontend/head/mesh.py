"""Cutting, one Catmull-Clark step, normals and ambient occlusion."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import scipy.sparse as sparse
from numpy.typing import NDArray

__all__ = ["Refinement", "normals", "occlusion", "part", "refine", "triangles"]

Array = NDArray[np.float64]
Indices = NDArray[np.int64]


class Refinement(NamedTuple):
    """One Catmull-Clark step: fine points are `matrix` @ coarse points; `faces` are the fine quads.

    Fine points come in the order: coarse points, edges as faces first name them, faces. The page repeats this order.
    """

    matrix: sparse.csr_matrix
    faces: Indices


class _Net(NamedTuple):
    """Faces, edges, whether an edge lies inside, and the matrices of face points and of the edges' middles."""

    faces: Indices
    edges: Indices
    inner: NDArray[np.bool_]
    of_face: sparse.csr_matrix
    middle: sparse.csr_matrix


def part(faces: Indices) -> tuple[Indices, Indices]:
    """The points that faces use (in the order of the whole mesh) and the faces numbered among them."""
    used = np.unique(faces)
    return used, np.searchsorted(used, faces)


def triangles(faces: Indices) -> Indices:
    """Two triangles for each quad, one after the other."""
    return np.concatenate([faces[:, [0, 1, 2]], faces[:, [0, 2, 3]]], axis=1).reshape(-1, 3)


def refine(faces: Indices, count: int) -> Refinement:
    """One Catmull-Clark step on quads over `count` points."""
    start, end = faces.ravel(), np.roll(faces, -1, axis=1).ravel()
    pairs = np.sort(np.stack([start, end], axis=1), axis=1)
    _, first, which = np.unique(pairs, axis=0, return_index=True, return_inverse=True)
    rank = np.empty(len(first), int)
    rank[np.argsort(first)] = np.arange(len(first))
    edge_of = rank[which.ravel()].reshape(faces.shape)
    edges = pairs[np.sort(first)]
    of_face = _entries(np.repeat(np.arange(len(faces)), 4), faces.ravel(), 0.25, (len(faces), count))
    middle = _entries(np.repeat(np.arange(len(edges)), 2), edges.ravel(), 0.5, (len(edges), count))
    edge_face = _entries(edge_of.ravel(), np.repeat(np.arange(len(faces)), 4), 1.0, (len(edges), len(faces)))
    sides = np.asarray(edge_face.sum(1)).ravel()
    inner = sides == 2
    of_edge = _rows(np.where(inner, 0.5, 1.0)) @ middle + _rows(np.where(inner, 0.25, 0.0)) @ (edge_face @ of_face)
    of_point = _points(_Net(faces, edges, inner, of_face, middle), count)
    return Refinement(sparse.vstack([of_point, of_edge, of_face]).tocsr(), _children(faces, edge_of, count, len(edges)))


def _points(net: _Net, count: int) -> sparse.csr_matrix:
    """Rows of the coarse points: the usual rule inside, the cubic spline on a border."""
    faces, edges, inner, of_face, middle = net
    touch_face = _entries(faces.ravel(), np.repeat(np.arange(len(faces)), 4), 1.0, (count, len(faces)))
    touch_edge = _entries(edges.ravel(), np.repeat(np.arange(len(edges)), 2), 1.0, (count, len(edges)))
    valence = np.asarray(touch_edge.sum(1)).ravel()
    border = edges[~inner]
    along = _entries(border.ravel(), border[:, ::-1].ravel(), 0.125, (count, count))
    on_border = np.asarray(along.sum(1)).ravel() > 0
    n = np.maximum(valence, 1.0)
    free = _rows(np.where(on_border, 0.0, 1 / n**2))
    inside = free @ touch_face @ of_face + 2 * free @ touch_edge @ middle
    keep = np.where(on_border, 1.0 - np.asarray(along.sum(1)).ravel(), (n - 3) / n)
    return inside + along + _rows(keep)


def _children(faces: Indices, edge_of: Indices, count: int, edges: int) -> Indices:
    centre = np.repeat(count + edges + np.arange(len(faces)), 4).reshape(-1, 4)
    return np.stack([faces, count + edge_of, centre, count + np.roll(edge_of, 1, axis=1)], axis=-1).reshape(-1, 4)


def _entries(row: Indices, column: Indices, value: float, shape: tuple[int, int]) -> sparse.csr_matrix:
    return sparse.csr_matrix((np.full(len(row), value), (row, column)), shape=shape)


def _rows(weight: Array) -> sparse.csr_matrix:
    return sparse.diags(weight).tocsr()


def normals(points: Array, faces: Indices) -> Array:
    """Unit normals of points (n, 3), weighted by area."""
    corner = points[triangles(faces)]
    facing = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
    total = np.zeros_like(points)
    for k in range(3):
        np.add.at(total, triangles(faces)[:, k], facing)
    return total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-12)


def occlusion(points: Array, faces: Indices, *, rays: int = 160, cell: float = 2.0) -> Array:
    """Share of the sky that each point sees (0 to 1), from depth maps in `rays` directions of cell [mm]."""
    normal, dense = normals(points, faces), _scatter(points, faces)
    seen, weight = np.zeros(len(points)), np.zeros(len(points))
    golden = np.pi * (3 - 5**0.5)
    for k in range(rays):
        up = 1 - (2 * k + 1) / rays
        ring = (1 - up**2) ** 0.5
        sky = np.array([ring * np.cos(golden * k), up, ring * np.sin(golden * k)])
        facing = np.clip(normal @ sky, 0, None)
        seen += facing * _lit(points + 1.2 * normal, dense, sky, cell=cell)
        weight += facing
    return seen / np.maximum(weight, 1e-9)


def _scatter(points: Array, faces: Indices) -> Array:
    """Points all over the surface, closer to each other than a cell of the depth map."""
    a, b, c, d = (points[faces[:, k]] for k in range(4))
    grid = (np.arange(6) + 0.5) / 6
    shares = [((1 - s) * (1 - t), s * (1 - t), s * t, (1 - s) * t) for s in grid for t in grid]
    return np.concatenate([i * a + j * b + k * c + m * d for i, j, k, m in shares])


def _lit(points: Array, dense: Array, sky: Array, *, cell: float) -> NDArray[np.bool_]:
    """Whether nothing of the surface lies between points and the sky."""
    side = np.cross(sky, [0.31, 0.17, 0.93])
    side /= np.linalg.norm(side)
    frame = np.stack([side, np.cross(sky, side)])
    low = (dense @ frame.T).min(0) - 2 * cell
    at, place = (np.floor((these @ frame.T - low) / cell).astype(int) for these in (dense, points))
    size = at.max(0) + 4
    top = np.full(size, -np.inf)
    np.maximum.at(top, (at[:, 0], at[:, 1]), dense @ sky)
    place = np.clip(place, 0, size - 1)
    return points @ sky > top[place[:, 0], place[:, 1]] - 1.0
