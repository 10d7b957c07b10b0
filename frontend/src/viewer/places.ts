// Which triangle of the head lies at a place of the simulator's frontal plane, and the other way round.
import type { Point2 } from '../api/types';

/** A point of the mesh: three of its points and their shares. */
export interface Spot {
  corners: [number, number, number];
  shares: [number, number, number];
}

const CELL = 4;

export class Places {
  private readonly cells = new Map<number, number[]>();

  /** @param index triangles of the skin; @param place x, y of each point; @param inside 0 where a point is no place for a needle. */
  constructor(
    private readonly index: ArrayLike<number>,
    private readonly place: Float32Array,
    private readonly inside: Uint8Array,
  ) {
    for (let t = 0; t < index.length; t += 3) {
      const corners = [index[t]!, index[t + 1]!, index[t + 2]!];
      if (corners.some((corner) => !inside[corner])) continue;
      const xs = corners.map((corner) => place[2 * corner]!);
      const ys = corners.map((corner) => place[2 * corner + 1]!);
      for (let i = cell(Math.min(...xs)); i <= cell(Math.max(...xs)); i++)
        for (let j = cell(Math.min(...ys)); j <= cell(Math.max(...ys)); j++) {
          const key = i * 1024 + j;
          const known = this.cells.get(key);
          if (known) known.push(t);
          else this.cells.set(key, [t]);
        }
    }
  }

  /** The spot at (x, y) [mm]; null where the face has none. */
  spot([x, y]: Point2): Spot | null {
    for (const t of this.cells.get(cell(x) * 1024 + cell(y)) ?? []) {
      const corners: Spot['corners'] = [this.index[t]!, this.index[t + 1]!, this.index[t + 2]!];
      const shares = this.shares(corners, x, y);
      if (shares && Math.min(...shares) > -1e-4) return { corners, shares };
    }
    return null;
  }

  /** x and y [mm] of a spot, and whether a needle may go in there. */
  at({ corners, shares }: Spot): { at: Point2; inside: boolean } {
    const at: Point2 = [0, 0];
    corners.forEach((corner, k) => {
      at[0] += shares[k]! * this.place[2 * corner]!;
      at[1] += shares[k]! * this.place[2 * corner + 1]!;
    });
    return { at, inside: corners.every((corner) => this.inside[corner]! > 0) };
  }

  private shares([a, b, c]: Spot['corners'], x: number, y: number): Spot['shares'] | null {
    const p = this.place;
    const [ax, ay] = [p[2 * a]! - p[2 * c]!, p[2 * a + 1]! - p[2 * c + 1]!];
    const [bx, by] = [p[2 * b]! - p[2 * c]!, p[2 * b + 1]! - p[2 * c + 1]!];
    const [dx, dy] = [x - p[2 * c]!, y - p[2 * c + 1]!];
    const area = ax * by - ay * bx;
    if (area < 1e-6) return null; // turned away from the frontal plane
    const first = (dx * by - dy * bx) / area;
    const second = (ax * dy - ay * dx) / area;
    return [first, second, 1 - first - second];
  }
}

const cell = (value: number): number => Math.floor(value / CELL) + 256;

/** Mean of a field with `size` numbers for each point at a spot. */
export function mix({ corners, shares }: Spot, field: ArrayLike<number>, size: number): number[] {
  return Array.from({ length: size }, (_, k) =>
    corners.reduce((sum, corner, i) => sum + shares[i]! * field[corner * size + k]!, 0),
  );
}
