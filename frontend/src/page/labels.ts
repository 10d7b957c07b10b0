// Labels in two columns beside the face, in the order of their points, none over another.

export interface Label<T> {
  item: T;
  x: number;
  y: number;
  side: 'left' | 'right';
}

export interface Placed<T> {
  item: T;
  from: { x: number; y: number };
  /** The edge of the label that faces its point. */
  to: { x: number; y: number };
}

const STEP = 27; // px from label to label
const AWAY = 96; // px from the outermost point to its column
const EDGE = 190; // px that a label may need
const TOOLS = 76; // px of the buttons at the right edge

export function columns<T>(labels: readonly Label<T>[], width: number, height: number): Placed<T>[] {
  return (['left', 'right'] as const).flatMap((side) => {
    const own = labels.filter((one) => one.side === side).sort((a, b) => a.y - b.y);
    const sign = side === 'left' ? -1 : 1;
    const outermost = own.reduce((most, one) => Math.max(most, sign * one.x), -Infinity);
    const x = sign < 0 ? Math.max(EDGE, -outermost - AWAY) : Math.min(width - EDGE - TOOLS, outermost + AWAY);
    const heights = spread(own.map((one) => one.y), height);
    return own.map((one, index) => ({ item: one.item, from: { x: one.x, y: one.y }, to: { x, y: heights[index] as number } }));
  });
}

/** Sorted heights moved apart to at least a step, about their common middle, within the picture. */
export function spread(heights: readonly number[], height: number): number[] {
  const moved: number[] = [];
  for (const one of heights) moved.push(Math.max(one, (moved[moved.length - 1] ?? -Infinity) + STEP));
  const excess = heights.length ? ((moved[moved.length - 1] as number) - (heights[heights.length - 1] as number)) / 2 : 0;
  const least = STEP - (moved[0] ?? 0);
  const most = height - STEP - (moved[moved.length - 1] ?? 0);
  const shift = Math.min(Math.max(-excess, least), Math.max(most, least));
  return moved.map((one) => one + shift);
}
