// How deep each line is: millimetres for every point of the head and every channel of the map of lines.
import type { HeadData } from './assets';
import { forceOf, worked } from './expressions';
import type { Scene } from './state';
import { clamp } from './surface';

/** Lines are drawn this many times as deep as they are. */
export const EXAGGERATION = 1;

/** Muscles that fold a region, each with the x [mm] on the left where it acts; the same at -x on the right. */
const FOLDERS: Record<string, [string, number][]> = {
  glabella: [['corrugator_supercilii', 9], ['depressor_supercilii', 12]],
  forehead: [['frontalis_medial', 7], ['frontalis_central', 24], ['frontalis_lateral', 42]],
  perioral: [['orbicularis_oris', 10]],
  chin: [['mentalis', 6]],
};
const REACH = 11;

/** Depth of a region now [mm], as the mean over its width. */
export function depthNow(scene: Scene, region: string): number {
  const depth = scene.lines[region];
  if (!depth) return 0;
  return Math.max(0, depth.rest + (depth.effort - depth.rest) * clamp(scene.effort) * worked(scene.expression, region));
}

/** Share of the folding force that acts at x, beside the mean over both sides: 1 where all muscles are alike. */
export function unevenness(scene: Scene, region: string, x: number): number {
  const folders = FOLDERS[region];
  if (!folders) return 1;
  let sum = 0;
  let here = 0;
  let weights = 0;
  for (const [muscle, at] of folders)
    for (const side of ['left', 'right'] as const) {
      const force = forceOf(scene.force, muscle, side);
      const weight = Math.exp(-(((x - (side === 'left' ? at : -at)) / REACH) ** 2)) + 1e-6;
      sum += force;
      here += weight * force;
      weights += weight;
    }
  const mean = sum / (2 * folders.length);
  return mean > 1e-3 ? clamp(here / weights / mean, 0, 2) : 1;
}

/** Depth in mm at every point (3 channels) for a scene. */
export function lineDepths(scene: Scene, head: HeadData, out: Float32Array): void {
  const now = head.lines.names.map((name) => {
    const depth = scene.lines[name];
    const resting = depth ? EXAGGERATION * Math.max(0, depth.rest) : 0;
    return { name, resting, effort: EXAGGERATION * depthNow(scene, name) - resting };
  });
  const profile = now.map(({ name, effort }) => {
    if (effort === 0 || !FOLDERS[name]) return null;
    return Float32Array.from({ length: 121 }, (_, x) => unevenness(scene, name, x - 60));
  });
  for (let i = 0; i < head.inside.length; i++) {
    const x = clamp(Math.round(head.place[2 * i]!) + 60, 0, 120);
    for (let channel = 0; channel < 3; channel++) {
      const region = head.regions[3 * i + channel]!;
      const { resting, effort } = now[region]!;
      out[3 * i + channel] = resting + effort * (profile[region]?.[x] ?? 1);
    }
  }
}
