// Sheets painted along the simulator's cylinder: hairs of the brow, muscles, distances. In mm, on a canvas.
import type { MuscleShape, Point2 } from '../api/types';
import { forceColour, css, LEVATOR, RIM, TEN } from './scales';
import type { Scene } from './state';
import type { Surface } from './surface';

/** A canvas whose units are mm of u and v. */
export class Chart {
  readonly canvas: HTMLCanvasElement;
  readonly draw: CanvasRenderingContext2D;

  constructor(
    readonly low: Point2,
    readonly high: Point2,
    readonly scale: number,
  ) {
    this.canvas = document.createElement('canvas');
    this.canvas.width = Math.round((high[0] - low[0]) * scale);
    this.canvas.height = Math.round((high[1] - low[1]) * scale);
    const draw = this.canvas.getContext('2d', { willReadFrequently: true });
    if (!draw) throw new Error('this browser has no 2-D canvas');
    this.draw = draw;
    this.draw.setTransform(scale, 0, 0, -scale, -low[0] * scale, high[1] * scale);
  }

  clear(): void {
    this.draw.clearRect(this.low[0], this.low[1], this.high[0] - this.low[0], this.high[1] - this.low[1]);
  }

  /** The box of whole pixels round a box: what is cut along it has no soft edge. */
  onPixels([[u, v], [right, top]]: Box): Box {
    const [[left], [, upper]] = [this.low, this.high];
    const across = (at: number, round: (value: number) => number): number => left + round((at - left) * this.scale) / this.scale;
    const down = (at: number, round: (value: number) => number): number => upper - round((upper - at) * this.scale) / this.scale;
    return [[across(u, Math.floor), down(v, Math.ceil)], [across(right, Math.ceil), down(top, Math.floor)]];
  }

  line(points: Point2[], close = false): void {
    this.draw.beginPath();
    points.forEach(([u, v], k) => (k ? this.draw.lineTo(u, v) : this.draw.moveTo(u, v)));
    if (close) this.draw.closePath();
  }

  /** Text upright on the skin, centred, with a dark border. */
  write(text: string, [u, v]: Point2, size: number, colour: string): void {
    const { draw } = this;
    draw.save();
    draw.translate(u, v);
    draw.scale(1, -1);
    draw.font = `600 ${size}px system-ui, sans-serif`;
    draw.textAlign = 'center';
    draw.textBaseline = 'middle';
    draw.lineWidth = size / 4;
    draw.lineJoin = 'round';
    draw.strokeStyle = 'rgb(12 16 20 / 0.8)';
    draw.strokeText(text, 0, 0);
    draw.fillStyle = colour;
    draw.fillText(text, 0, 0);
    draw.restore();
  }
}

/** Random numbers that are the same every time. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 4294967296;
  };
}

/** The left brow: x, y of its middle, half its width, direction of its hairs from the midline's horizontal [degrees]. */
const BROW: [number, number, number, number][] = [
  [7.5, 20.6, 1.6, 86],
  [13, 22.4, 3.2, 70],
  [22, 24.8, 3.4, 46],
  [31, 26.8, 3.1, 28],
  [40, 27.4, 2.6, 8],
  [48, 25.6, 1.8, -14],
  [55, 22.2, 0.7, -24],
];
const HAIRS = 620;

/** Hairs of both brows as bright strokes on black; `sex` makes them wider. */
export function paintBrows(chart: Chart, surface: Surface, sex: number): void {
  const next = random(11);
  const { draw } = chart;
  draw.fillStyle = '#000';
  draw.fillRect(chart.low[0], chart.low[1], chart.high[0] - chart.low[0], chart.high[1] - chart.low[1]);
  draw.lineCap = 'round';
  for (const side of [1, -1])
    for (let k = 0; k < HAIRS; k++) {
      const at = (0.86 * next() + 0.14 * next()) * (BROW.length - 1);
      const stop = Math.min(BROW.length - 2, Math.floor(at));
      const [x, y, half, turn] = BROW[stop]!.map((one, i) => one + (at - stop) * (BROW[stop + 1]![i]! - one)) as [number, number, number, number];
      const off = (next() + next() - 1) * half * (0.8 + 0.45 * sex);
      const angle = ((turn - 30 * (off / half) + 22 * (next() - 0.5)) * Math.PI) / 180;
      const length = (3.2 + 3.2 * next()) * (0.55 + 0.45 * Math.min(1, half / 2.4));
      const bend = angle - 0.35 * next();
      const [cx, cy] = [x - 0.3 * length * Math.cos(angle), y - 0.4 * sex + off - 0.4 * length * Math.sin(angle)];
      const root = surface.cylinder(side * cx, cy);
      const middle = surface.cylinder(side * (cx + 0.5 * length * Math.cos(angle)), cy + 0.5 * length * Math.sin(angle));
      const tip = surface.cylinder(side * (cx + length * Math.cos(bend)), cy + length * Math.sin(bend));
      draw.strokeStyle = `rgb(255 255 255 / ${(0.28 + 0.4 * next()) * (0.45 + 0.55 * Math.min(1, at))})`;
      draw.lineWidth = 0.2 + 0.16 * next();
      draw.beginPath();
      draw.moveTo(...root);
      draw.quadraticCurveTo(...middle, ...tip);
      draw.stroke();
    }
}

/** Lowest and highest u and v. */
type Box = [Point2, Point2];

/** A muscle's two borders along its fibres, on the cylinder. */
export interface Sheet {
  name: string;
  one: Point2[];
  other: Point2[];
  closed: boolean;
  width: number;
  depth: number;
  box: Box;
}

/** Deeper muscles have no place on the skin [mm]. */
const DEEPEST_MEAN = 18;
const DEEPEST = 30;
/** So near to the skin a needle may reach the levator [mm]. */
const NEAR = 15;

/** Muscles that can be shown on the skin, the deepest first. */
export function sheetsOf(muscles: MuscleShape[], surface: Surface): Sheet[] {
  const out: Sheet[] = [];
  for (const { name, frame, path, outline, closed, width } of muscles) {
    if (frame !== 'head' || outline.length < 5) continue;
    const depths = path.map(([x, y, z]) => surface.height(x, y) - z);
    const depth = depths.reduce((sum, one) => sum + one, 0) / depths.length;
    if (depth > DEEPEST_MEAN || Math.max(...depths) > DEEPEST) continue;
    const [one, other] = borders(outline, closed);
    const round = (points: Point2[]): Point2[] => points.map(([x, y]) => surface.cylinder(x, y));
    const sides = { one: round(one), other: round(other) };
    out.push({ name, ...sides, closed, width, depth, box: boxOf([...sides.one, ...sides.other]) });
  }
  return out.sort((a, b) => b.depth - a.depth);
}

/** The two borders of an outline: there and back, or two rings that run against each other. */
function borders(outline: Point2[], closed: boolean): [Point2[], Point2[]] {
  const n = closed ? outline.length / 2 : (outline.length - 1) / 2;
  return [outline.slice(0, n), outline.slice(n, 2 * n).reverse()];
}

const EDGE = 2; // mm that strokes may reach beyond a border, at a sharp corner

function boxOf(points: Point2[]): Box {
  const [u, v] = [points.map((one) => one[0]), points.map((one) => one[1])];
  return [[Math.min(...u) - EDGE, Math.min(...v) - EDGE], [Math.max(...u) + EDGE, Math.max(...v) + EDGE]];
}

const meet = (a: Box, b: Box): boolean =>
  a[0][0] < b[1][0] && b[0][0] < a[1][0] && a[0][1] < b[1][1] && b[0][1] < a[1][1];

/** Forces that are told apart by colour. */
export const FORCE_STEPS = 64;

/** The step of force in which each sheet is painted. */
export function forceSteps(sheets: readonly Sheet[], force: Scene['force']): number[] {
  return sheets.map(({ name }) => Math.round(Math.min(1, Math.max(0, force[name] ?? 1)) * (FORCE_STEPS - 1)));
}

/**
 * Paint the muscles, each in the colour of its step; where a chart already shows `before`, only what has changed and what
 * lies over or under it. Returns how many sheets were painted.
 */
export function paintMuscles(chart: Chart, sheets: readonly Sheet[], steps: readonly number[], before: readonly number[] | null): number {
  const changed = before ? sheets.filter((_, k) => steps[k] !== before[k]).map((one) => chart.onPixels(one.box)) : [[chart.low, chart.high] as Box];
  if (!changed.length) return 0;
  const { draw } = chart;
  draw.save();
  draw.beginPath();
  for (const [[u, v], [right, top]] of changed) draw.rect(u, v, right - u, top - v);
  draw.clip();
  for (const [[u, v], [right, top]] of changed) draw.clearRect(u, v, right - u, top - v);
  draw.lineCap = 'butt';
  let count = 0;
  sheets.forEach((sheet, k) => {
    if (!changed.some((one) => meet(one, sheet.box))) return;
    paintMuscle(chart, sheet, steps[k]! / (FORCE_STEPS - 1));
    count++;
  });
  draw.restore();
  return count;
}

const STRAND = 1.1;

function paintMuscle(chart: Chart, { name, one, other, closed, width }: Sheet, force: number): void {
  const { draw } = chart;
  const colour = forceColour(force);
  const next = random(name.length * 131 + width);
  chart.line(one, closed);
  if (closed) {
    other.forEach(([u, v], k) => (k ? draw.lineTo(u, v) : draw.moveTo(u, v)));
    draw.closePath();
  } else {
    [...other].reverse().forEach(([u, v]) => draw.lineTo(u, v));
    draw.closePath();
  }
  draw.fillStyle = css(colour, 0.82);
  draw.fill('evenodd');
  draw.strokeStyle = css(colour.map((part) => 0.55 * part) as typeof colour, 0.9);
  draw.lineWidth = 0.35;
  draw.stroke();
  const count = Math.max(3, Math.round(width / STRAND));
  for (let k = 0; k < count; k++) {
    const share = (k + 0.5 + 0.3 * (next() - 0.5)) / count;
    const light = k % 2 ? 0.78 + 0.1 * next() : 1.1 + 0.14 * next();
    draw.strokeStyle = css(colour.map((part) => Math.min(255, light * part + (light > 1 ? 14 : 0))) as typeof colour, 0.75);
    draw.lineWidth = 0.4 + 0.2 * next();
    chart.line(one.map(([u, v], i) => [u + share * (other[i]![0] - u), v + share * (other[i]![1] - v)]), closed);
    draw.stroke();
  }
}

/** Rim of the orbit, the line 10 mm above it, the levator, and how far each marker is from the rim. */
export function paintDistances(chart: Chart, surface: Surface, rim: Point2[], muscles: MuscleShape[], scene: Scene): void {
  chart.clear();
  const { draw } = chart;
  for (const muscle of muscles) if (muscle.stem === 'levator_palpebrae_superioris') hatch(chart, surface, exposed(muscle, surface));
  for (const side of [1, -1]) {
    const round = (points: Point2[]): Point2[] => points.map(([x, y]) => surface.cylinder(side * x, y));
    const ten = away(surface, 10);
    for (const [points, colour, dash, close] of [[rim, RIM, [], true], [ten, TEN, [2.2, 1.4], false]] as const) {
      chart.line(round([...points]), close);
      draw.setLineDash([]);
      draw.strokeStyle = 'rgb(12 16 20 / 0.55)';
      draw.lineWidth = 1.5;
      draw.stroke();
      draw.setLineDash([...dash]);
      draw.strokeStyle = colour;
      draw.lineWidth = 0.75;
      draw.stroke();
    }
    draw.setLineDash([]);
    chart.write('10 mm', surface.cylinder(side * 47, 31.5), 3.2, TEN);
    chart.write('rim', surface.cylinder(side * 31, -21), 3.2, RIM);
  }
  for (const { at } of scene.markers) {
    const { distance, at: near } = surface.toRim(...at);
    if (Math.abs(distance) > 40) continue;
    const [from, to] = [surface.cylinder(...at), surface.cylinder(...near)];
    chart.line([from, to]);
    draw.strokeStyle = '#ffffff';
    draw.lineWidth = 0.45;
    draw.stroke();
    chart.write(distance.toFixed(1), [from[0] + (from[0] < -1 ? -7 : 7), from[1] - 1.2], 3.6, '#ffffff');
  }
}

/** Points at a distance outside the upper rim of the left orbit, from nose to temple. */
function away(surface: Surface, distance: number): Point2[] {
  const [cx, cy] = [31, 2];
  const out: Point2[] = [];
  for (let turn = 150; turn >= 12; turn -= 3) {
    const [c, s] = [Math.cos((turn * Math.PI) / 180), Math.sin((turn * Math.PI) / 180)];
    let [near, far] = [0, 60];
    for (let k = 0; k < 18; k++) {
      const middle = (near + far) / 2;
      if (surface.toRim(Math.max(0.01, cx + middle * c), cy + middle * s).distance < distance) near = middle;
      else far = middle;
    }
    if (cx + near * c > 1) out.push([cx + near * c, cy + near * s]);
  }
  return out;
}

/** The part of a sheet that lies near the skin, seen from the front. */
function exposed({ path, width }: MuscleShape, surface: Surface): Point2[] {
  const near = path.filter(([x, y, z]) => surface.height(x, y) - z < NEAR);
  const left = near.map(([x, y]): Point2 => [x - width / 2, y]);
  const right = near.map(([x, y]): Point2 => [x + width / 2, y]);
  return [...left, ...right.reverse()];
}

function hatch(chart: Chart, surface: Surface, outline: Point2[]): void {
  const { draw } = chart;
  draw.save();
  chart.line(outline.map(([x, y]) => surface.cylinder(x, y)), true);
  draw.fillStyle = css([255, 123, 84], 0.28);
  draw.fill();
  draw.strokeStyle = LEVATOR;
  draw.lineWidth = 0.5;
  draw.stroke();
  draw.clip();
  draw.lineWidth = 0.35;
  for (let u = -140; u < 140; u += 2.4) {
    chart.line([[u, -10], [u + 40, 30]]);
    draw.stroke();
  }
  draw.restore();
}
