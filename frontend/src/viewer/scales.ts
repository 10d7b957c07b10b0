// Colour scales of the overlays, safe for colour-blind readers, and what the page writes beside them.
import { EXAGGERATION } from './lines';
import type { Scene } from './state';

export interface Legend {
  title: string;
  unit: string;
  /** From low to high: value as text, colour as CSS. */
  stops: { label: string; colour: string }[];
  note: string;
}

type Rgb = [number, number, number];

/** Remaining force: blue where blocked, pale at half, dark red at full force. */
const FORCE: [number, Rgb][] = [
  [0, [32, 92, 176]],
  [0.25, [112, 160, 208]],
  [0.5, [222, 212, 196]],
  [0.75, [214, 128, 98]],
  [1, [164, 44, 42]],
];

/** Perceptually uniform: values of matplotlib's viridis (CC0). */
export const VIRIDIS: Rgb[] = [
  [68, 1, 84],
  [72, 40, 120],
  [62, 73, 137],
  [49, 104, 142],
  [38, 130, 142],
  [31, 158, 137],
  [53, 183, 121],
  [110, 206, 88],
  [181, 222, 43],
  [253, 231, 37],
];

/** The field is shown over this many decades below its highest value. */
export const DECADES = 2;

export function forceColour(force: number): Rgb {
  const value = Math.min(1, Math.max(0, force));
  const above = Math.max(1, FORCE.findIndex(([stop]) => stop >= value));
  const [[a, from], [b, to]] = [FORCE[above - 1]!, FORCE[above]!];
  const share = (value - a) / (b - a);
  return from.map((one, k) => one + share * (to[k]! - one)) as Rgb;
}

export const css = ([r, g, b]: Rgb, alpha = 1): string => `rgb(${Math.round(r)} ${Math.round(g)} ${Math.round(b)} / ${alpha})`;

/** Highest captured toxin over scenes that are shown side by side, so that a colour means the same in each. */
export function highestOf(...scenes: (Scene | null)[]): number {
  const peak = (scene: Scene | null): number => scene?.field?.captured.reduce((most, one) => Math.max(most, one), 0) ?? 0;
  return Math.max(0, ...scenes.map(peak));
}

/** Two digits that mean something, written without an exponent. */
export function plain(value: number): string {
  if (!(value > 0)) return '0';
  const digits = Math.max(0, 1 - Math.floor(Math.log10(Number(value.toPrecision(2)))));
  return Number(value.toPrecision(2)).toFixed(Math.min(20, digits));
}

/** What the page writes beside the head for a scene; null without an overlay. */
export function legendOf(scene: Scene, highest: number): Legend | null {
  const depth = EXAGGERATION === 1 ? 'Lines are drawn to scale.' : `Lines are drawn ${EXAGGERATION} times as deep.`;
  if (scene.overlay === 'muscles')
    return {
      title: 'Remaining force',
      unit: '% of untreated',
      stops: FORCE.map(([value, colour]) => ({ label: `${100 * value}`, colour: css(colour) })),
      note: `Outlines are the simulator's. ${depth}`,
    };
  if (scene.overlay === 'toxin') {
    const steps = [0.01, 0.03, 0.1, 0.3, 1];
    return {
      title: 'Captured toxin',
      unit: 'per volume, logarithmic',
      stops: steps.map((share, k) => ({
        label: plain(share * highest),
        colour: css(VIRIDIS[Math.round((k / (steps.length - 1)) * (VIRIDIS.length - 1))]!),
      })),
      note: 'Contours at 1, 3, 10, 30 % of the highest value.',
    };
  }
  if (scene.overlay === 'distances')
    return {
      title: 'Distances',
      unit: 'mm',
      stops: [
        { label: 'orbital rim', colour: RIM },
        { label: '10 mm above the rim', colour: TEN },
        { label: 'over the levator', colour: LEVATOR },
      ],
      note: 'Distances in the frontal plane, from the entry point.',
    };
  return null;
}

export const RIM = '#ffffff';
export const TEN = '#ffd166';
export const LEVATOR = '#ff7b54';
