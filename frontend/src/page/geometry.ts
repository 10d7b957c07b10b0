// Distances and areas in the frontal plane [mm].
import type { FieldDocument, Point2 } from '../api/types';
import type { ToxinField } from '../viewer/state';

export function inside(polygon: readonly Point2[], [x, y]: Point2): boolean {
  let found = false;
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++) {
    const [xi, yi] = polygon[i] as Point2;
    const [xj, yj] = polygon[j] as Point2;
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) found = !found;
  }
  return found;
}

export function distanceTo(path: readonly Point2[], [x, y]: Point2, closed: boolean): number {
  let least = Infinity;
  for (let i = closed ? 0 : 1; i < path.length; i++) {
    const [ax, ay] = path[(i + path.length - 1) % path.length] as Point2;
    const [bx, by] = path[i] as Point2;
    const [dx, dy] = [bx - ax, by - ay];
    const length = dx * dx + dy * dy;
    const share = length ? Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length)) : 0;
    least = Math.min(least, Math.hypot(x - ax - share * dx, y - ay - share * dy));
  }
  return least;
}

/** Distance from the orbital rim of the point's side; negative inside the orbit. */
export function rimDistance(rim: readonly Point2[], [x, y]: Point2): number {
  const at: Point2 = [Math.abs(x), y];
  return distanceTo(rim, at, true) * (inside(rim, at) ? -1 : 1);
}

const decoded = new WeakMap<FieldDocument, ToxinField>();

export function fieldOf(document: FieldDocument): ToxinField {
  const known = decoded.get(document);
  if (known) return known;
  const bytes = Uint8Array.from(atob(document.captured), (one) => one.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  const captured = Float32Array.from({ length: bytes.length >> 2 }, (_, index) => view.getFloat32(4 * index, true));
  const { x0, y0, step, width, height } = document;
  const field = { x0, y0, step, width, height, captured };
  decoded.set(document, field);
  return field;
}

/** Captured toxin at a point, straight between grid points; null off the grid. */
export function sample(field: ToxinField, [x, y]: Point2): number | null {
  const [u, v] = [(x - field.x0) / field.step, (y - field.y0) / field.step];
  const [i, j] = [Math.floor(u), Math.floor(v)];
  if (i < 0 || j < 0 || i >= field.width - 1 || j >= field.height - 1) return null;
  const value = (column: number, row: number): number => field.captured[row * field.width + column] ?? 0;
  const [a, b] = [u - i, v - j];
  const low = value(i, j) * (1 - a) + value(i + 1, j) * a;
  const high = value(i, j + 1) * (1 - a) + value(i + 1, j + 1) * a;
  return low * (1 - b) + high * b;
}
