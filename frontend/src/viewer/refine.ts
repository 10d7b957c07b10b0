// One Catmull-Clark step, in the same order of points as the bake script: cage points, edges as faces first name them, faces.

/** Rows of a sparse matrix: row i has the entries from start[i] to start[i + 1]. */
export interface Refinement {
  start: Uint32Array;
  column: Uint16Array;
  weight: Float32Array;
  /** Fine quads, four for each coarse one. */
  quads: Uint32Array;
  count: number;
}

type Row = Map<number, number>;

function add(row: Row, other: Iterable<[number, number]>, times: number): void {
  for (const [column, weight] of other) row.set(column, (row.get(column) ?? 0) + weight * times);
}

function edges(faces: ArrayLike<number>, count: number): { ends: number[]; faceOf: number[][]; edgeOf: Uint32Array } {
  const known = new Map<number, number>();
  const ends: number[] = [];
  const faceOf: number[][] = [];
  const edgeOf = new Uint32Array(faces.length);
  for (let i = 0; i < faces.length; i++) {
    const a = faces[i]!;
    const b = faces[i % 4 === 3 ? i - 3 : i + 1]!;
    const key = Math.min(a, b) * count + Math.max(a, b);
    let edge = known.get(key);
    if (edge === undefined) {
      edge = faceOf.length;
      known.set(key, edge);
      ends.push(Math.min(a, b), Math.max(a, b));
      faceOf.push([]);
    }
    faceOf[edge]!.push(i >> 2);
    edgeOf[i] = edge;
  }
  return { ends, faceOf, edgeOf };
}

/** Rows of the cage's own points: the usual rule inside, the cubic spline on a border. */
function pointRows(faces: ArrayLike<number>, count: number, net: ReturnType<typeof edges>, faceRows: Row[]): Row[] {
  const rows: Row[] = Array.from({ length: count }, () => new Map());
  const valence = new Uint16Array(count);
  const border = new Uint8Array(count);
  net.faceOf.forEach((touching, edge) => {
    for (const end of [net.ends[2 * edge]!, net.ends[2 * edge + 1]!]) {
      valence[end]!++;
      if (touching.length < 2) border[end]!++;
    }
  });
  net.faceOf.forEach((touching, edge) => {
    const [a, b] = [net.ends[2 * edge]!, net.ends[2 * edge + 1]!];
    for (const [one, other] of [[a, b], [b, a]] as const) {
      const row = rows[one]!;
      if (border[one]) {
        if (touching.length < 2) add(row, [[one, -0.125], [other, 0.125]], 1);
      } else add(row, [[one, 1], [other, 1]], 1 / valence[one]! ** 2);
    }
  });
  for (let i = 0; i < faces.length; i++) {
    const point = faces[i]!;
    if (!border[point]) add(rows[point]!, faceRows[i >> 2]!, 1 / valence[point]! ** 2);
  }
  rows.forEach((row, point) => add(row, [[point, border[point] ? 1 : 1 - 3 / valence[point]!]], 1));
  return rows;
}

/** One Catmull-Clark step on quads over `count` points. */
export function refine(faces: ArrayLike<number>, count: number): Refinement {
  const net = edges(faces, count);
  const faceRows: Row[] = [];
  for (let f = 0; f < faces.length; f += 4) {
    const row: Row = new Map();
    for (let k = 0; k < 4; k++) add(row, [[faces[f + k]!, 0.25]], 1);
    faceRows.push(row);
  }
  const edgeRows = net.faceOf.map((touching, edge) => {
    const inner = touching.length === 2;
    const row: Row = new Map();
    add(row, [[net.ends[2 * edge]!, 1], [net.ends[2 * edge + 1]!, 1]], inner ? 0.25 : 0.5);
    if (inner) for (const face of touching) add(row, faceRows[face]!, 0.25);
    return row;
  });
  const rows = [...pointRows(faces, count, net, faceRows), ...edgeRows, ...faceRows];
  return { ...pack(rows), quads: children(faces, net.edgeOf, count, edgeRows.length), count: rows.length };
}

function pack(rows: Row[]): { start: Uint32Array; column: Uint16Array; weight: Float32Array } {
  const start = new Uint32Array(rows.length + 1);
  rows.forEach((row, i) => (start[i + 1] = start[i]! + row.size));
  const column = new Uint16Array(start[rows.length]!);
  const weight = new Float32Array(column.length);
  let at = 0;
  for (const row of rows)
    for (const [where, much] of row) {
      column[at] = where;
      weight[at++] = much;
    }
  return { start, column, weight };
}

function children(faces: ArrayLike<number>, edgeOf: Uint32Array, count: number, edgeCount: number): Uint32Array {
  const quads = new Uint32Array(4 * faces.length);
  for (let i = 0; i < faces.length; i++) {
    const before = i % 4 === 0 ? i + 3 : i - 1;
    quads.set([faces[i]!, count + edgeOf[i]!, count + edgeCount + (i >> 2), count + edgeOf[before]!], 4 * i);
  }
  return quads;
}

/** Fine points (3 for each) from cage points. */
export function applyRefinement(by: Refinement, cage: Float32Array, fine: Float32Array): void {
  for (let i = 0; i < by.count; i++) {
    let x = 0;
    let y = 0;
    let z = 0;
    for (let k = by.start[i]!; k < by.start[i + 1]!; k++) {
      const c = 3 * by.column[k]!;
      const w = by.weight[k]!;
      x += w * cage[c]!;
      y += w * cage[c + 1]!;
      z += w * cage[c + 2]!;
    }
    fine[3 * i] = x;
    fine[3 * i + 1] = y;
    fine[3 * i + 2] = z;
  }
}

/** Indices of two triangles for each quad. */
export function triangles(quads: ArrayLike<number>): Uint32Array {
  const out = new Uint32Array((quads.length / 4) * 6);
  for (let q = 0, t = 0; q < quads.length; q += 4, t += 6) {
    const [a, b, c, d] = [quads[q]!, quads[q + 1]!, quads[q + 2]!, quads[q + 3]!];
    out.set([a, b, c, a, c, d], t);
  }
  return out;
}
