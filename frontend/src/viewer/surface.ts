// The simulator's skin: a thin-plate spline through its known points, and the cylinder round the axis to which needles point.
import type { AnatomyDocument, Point2 } from '../api/types';

/** A length that turns angles round the axis into mm; the bake script uses the same. */
export const RADIUS = 80;

export class Surface {
  private readonly knots: Float64Array;
  private readonly coefficients: Float64Array;
  private readonly axis: Point2;
  private readonly rim: Point2[];

  constructor(anatomy: Pick<AnatomyDocument, 'skin' | 'axis' | 'rim'>) {
    const both = new Map<string, [number, number, number]>();
    for (const [x, y, z] of anatomy.skin) for (const side of [x, -x]) both.set(`${side + 0} ${y}`, [side, y, z]);
    const points = [...both.values()];
    this.knots = Float64Array.from(points.flatMap(([x, y]) => [x, y]));
    this.coefficients = solveSpline(this.knots, points.map((point) => point[2]));
    this.axis = anatomy.axis;
    this.rim = anatomy.rim;
  }

  /** z of the skin at (x, y) [mm]. */
  height(x: number, y: number): number {
    const n = this.knots.length / 2;
    const across = Math.abs(x);
    let z = this.coefficients[n]! + this.coefficients[n + 1]! * across + this.coefficients[n + 2]! * y;
    for (let k = 0; k < n; k++) {
      const squared = (across - this.knots[2 * k]!) ** 2 + (y - this.knots[2 * k + 1]!) ** 2;
      if (squared > 0) z += this.coefficients[k]! * 0.5 * squared * Math.log(squared);
    }
    return z;
  }

  /** The skin at (x, y) along the cylinder: u and v [mm]. */
  cylinder(x: number, y: number): Point2 {
    return [RADIUS * Math.atan2(x - this.axis[0], this.height(x, y) - this.axis[1]), y];
  }

  /** Distance to the orbital rim of the same side in the frontal plane [mm], negative inside it, and the nearest point of the rim. */
  toRim(x: number, y: number): { distance: number; at: Point2 } {
    const side = x < 0 ? -1 : 1;
    const across = Math.abs(x);
    let best = Infinity;
    let at: Point2 = [0, 0];
    let inside = false;
    this.rim.forEach(([ax, ay], k) => {
      const [bx, by] = this.rim[(k + 1) % this.rim.length]!;
      const share = clamp(((across - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2));
      const [px, py] = [ax + share * (bx - ax), ay + share * (by - ay)];
      const distance = Math.hypot(across - px, y - py);
      if (distance < best) [best, at] = [distance, [side * px, py]];
      if (ay > y !== by > y && across < ax + ((y - ay) / (by - ay)) * (bx - ax)) inside = !inside;
    });
    return { distance: inside ? -best : best, at };
  }
}

export const clamp = (value: number, low = 0, high = 1): number => Math.min(high, Math.max(low, value));

function solveSpline(knots: Float64Array, values: number[]): Float64Array {
  const n = values.length;
  const size = n + 3;
  const rows = Array.from({ length: size }, () => new Float64Array(size + 1));
  for (let i = 0; i < n; i++) {
    const row = rows[i]!;
    for (let k = 0; k < n; k++) {
      const squared = (knots[2 * i]! - knots[2 * k]!) ** 2 + (knots[2 * i + 1]! - knots[2 * k + 1]!) ** 2;
      row[k] = squared > 0 ? 0.5 * squared * Math.log(squared) : 0;
    }
    const flat = [1, knots[2 * i]!, knots[2 * i + 1]!];
    flat.forEach((value, k) => {
      row[n + k] = value;
      rows[n + k]![i] = value;
    });
    row[size] = values[i]!;
  }
  return solve(rows);
}

/** Gaussian elimination with pivots; each row ends with its right-hand side. */
export function solve(rows: Float64Array[]): Float64Array {
  const size = rows.length;
  for (let c = 0; c < size; c++) {
    let pivot = c;
    for (let r = c + 1; r < size; r++) if (Math.abs(rows[r]![c]!) > Math.abs(rows[pivot]![c]!)) pivot = r;
    [rows[c], rows[pivot]] = [rows[pivot]!, rows[c]!];
    const head = rows[c]!;
    for (let r = c + 1; r < size; r++) {
      const row = rows[r]!;
      const factor = row[c]! / head[c]!;
      if (factor !== 0) for (let k = c; k <= size; k++) row[k]! -= factor * head[k]!;
    }
  }
  const out = new Float64Array(size);
  for (let r = size - 1; r >= 0; r--) {
    const row = rows[r]!;
    let sum = row[size]!;
    for (let k = r + 1; k < size; k++) sum -= row[k]! * out[k]!;
    out[r] = sum / row[r]!;
  }
  return out;
}
