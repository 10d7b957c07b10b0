// The form of the head for a scene: identity, expression by muscle force, brow and lid in mm. Computed on the cage, then refined.
import type { Point3, Side } from '../api/types';
import type { HeadData, Morph } from './assets';
import { SIDES, unitWeights } from './expressions';
import { applyRefinement, type Refinement } from './refine';
import type { Identity, Scene } from './state';
import { clamp, solve } from './surface';

const YOUNGEST = 25;
const OLDEST = 90;
/** From this age on the finer signs of age come in [years]. */
const SIGNS_FROM = 40;
const PARTS = ['medial', 'central', 'lateral'] as const;
/** Where the height of the parts of the left brow is measured, in the simulator's frontal plane [mm]. */
export const BROW_POINTS: Record<(typeof PARTS)[number], [number, number]> = {
  medial: [12, 24],
  central: [28, 27],
  lateral: [46, 25],
};
const PUPIL_X = 31;
const MARGIN_ABOVE = 0.5;
/** Least distance of a lid's skin from the eye [mm]. */
const LID = 0.2;

/** Share of the old targets (0 to 1) at an age. */
export const oldness = (age: number): number => clamp((age - YOUNGEST) / (OLDEST - YOUNGEST));

/** Weight of each identity target; those of groups sum to 1. */
export function identityWeights({ age, sex, ancestry }: Identity): Map<string, number> {
  const total = ancestry[0] + ancestry[1] + ancestry[2] || 1;
  const out = new Map<string, number>();
  (['african', 'asian', 'caucasian'] as const).forEach((group, k) => {
    for (const [who, share] of [['female', 1 - sex], ['male', sex]] as const)
      for (const [when, part] of [['young', 1 - oldness(age)], ['old', oldness(age)]] as const)
        out.set(`${group}-${who}-${when}`, (ancestry[k]! / total) * share * part);
  });
  return out.set('aged', clamp((age - SIGNS_FROM) / (OLDEST - SIGNS_FROM)));
}

export function addMorph(to: Float32Array, { moves, by }: Morph, weight: number): void {
  if (Math.abs(weight) < 1e-4) return;
  if (!moves) for (let i = 0; i < by.length; i++) to[i]! += weight * by[i]!;
  else
    for (let k = 0; k < moves.length; k++) {
      const i = 3 * moves[k]!;
      to[i]! += weight * by[3 * k]!;
      to[i + 1]! += weight * by[3 * k + 1]!;
      to[i + 2]! += weight * by[3 * k + 2]!;
    }
}

interface EyeBall {
  centre: Point3;
  radius: number;
}

/** Solves for the weights that put brow and lid where the model says. */
interface Fit {
  lids: number[];
  margin: number;
  brow: number[];
  blink: number;
  wide: number;
  response: number[][];
}

export class Shape {
  /** Of the refined points: at rest (identity only), and as shown. */
  readonly rest: Float32Array;
  readonly shown: Float32Array;
  readonly eyes: Record<Side, EyeBall>;
  private readonly cageRest: Float32Array;
  private readonly cageShown: Float32Array;
  private readonly fits: Record<Side, Fit>;
  private identity = '';

  constructor(
    private readonly head: HeadData,
    private readonly by: Refinement,
  ) {
    this.cageRest = Float32Array.from(head.cage);
    this.cageShown = Float32Array.from(head.cage);
    this.rest = new Float32Array(3 * by.count);
    this.shown = new Float32Array(3 * by.count);
    this.eyes = { left: this.eye('left'), right: this.eye('right') };
    applyRefinement(by, head.cage, this.rest);
    this.fits = { left: this.fit('left'), right: this.fit('right') };
  }

  /** Take the form of a scene; tells whether the identity changed. */
  take(scene: Scene): boolean {
    const key = JSON.stringify([scene.identity.age, scene.identity.sex, scene.identity.ancestry]);
    const changed = key !== this.identity;
    if (changed) this.become(scene.identity);
    this.identity = key;
    this.cageShown.set(this.cageRest);
    for (const [name, weight] of this.weights(scene)) addMorph(this.cageShown, this.head.units.get(name)!, weight);
    applyRefinement(this.by, this.cageShown, this.shown);
    for (const side of SIDES) this.clearEye(side);
    return changed;
  }

  /** Weights of all units for a scene: expression, brow and lid. */
  weights(scene: Scene): Map<string, number> {
    const out = unitWeights(scene.expression, scene.effort, scene.force);
    const add = (name: string, weight: number): void => void out.set(name, (out.get(name) ?? 0) + weight);
    for (const side of SIDES) {
      const fit = this.fits[side];
      const wanted = scene.brow[side];
      const rows = fit.response.map((row, k) => Float64Array.from([...row, wanted[k]!]));
      solve(rows).forEach((weight, k) => add(`brow_${PARTS[k]}.${side}`, weight));
      const lift = scene.lid ? scene.lid[side] - this.lidHeight(side) : 0;
      if (lift < 0) add(`blink.${side}`, lift / fit.blink);
      else add(`wide.${side}`, clamp(lift / fit.wide, 0, 1.6));
    }
    return out;
  }

  /** Height of the upper lid over the pupil's centre, before lid and expression move it [mm]. */
  lidHeight(side: Side): number {
    return this.rest[3 * this.fits[side].margin + 1]! - this.eyes[side].centre[1];
  }

  /** The same as shown [mm]. */
  lidShown(side: Side): number {
    return this.shown[3 * this.fits[side].margin + 1]! - this.eyes[side].centre[1];
  }

  /** Height of the parts of the brow above where they rest [mm]. */
  browShown(side: Side): Point3 {
    return this.fits[side].brow.map((point) => this.shown[3 * point + 1]! - this.rest[3 * point + 1]!) as Point3;
  }

  /** Lids that a straight morph would draw through the eye slide over it. */
  private clearEye(side: Side): void {
    const { centre, radius } = this.eyes[side];
    const least = radius + LID;
    for (const point of this.fits[side].lids) {
      const away = [0, 1, 2].map((k) => this.shown[3 * point + k]! - centre[k]!) as Point3;
      const far = Math.hypot(...away);
      if (far < least) for (let k = 0; k < 3; k++) this.shown[3 * point + k] = centre[k]! + (away[k]! * least) / far;
    }
  }

  private become(who: Identity): void {
    const weights = identityWeights(who);
    this.cageRest.set(this.head.cage);
    for (const [name, weight] of weights) addMorph(this.cageRest, this.head.identity.get(name)!, weight);
    applyRefinement(this.by, this.cageRest, this.rest);
    for (const side of SIDES) this.eyes[side] = this.eye(side, weights);
  }

  private eye(side: Side, weights = new Map<string, number>()): EyeBall {
    const { centre, radius, moved } = this.head.eyes[side];
    const at = [...centre] as Point3;
    for (const [name, weight] of weights) moved[name]?.forEach((step, k) => (at[k]! += weight * step));
    return { centre: at, radius };
  }

  /** How far one unit of a morph raises refined points [mm]. */
  private rise(unit: string, points: number[]): number[] {
    const cage = new Float32Array(this.head.cage.length);
    addMorph(cage, this.head.units.get(unit)!, 1);
    const fine = new Float32Array(3 * this.by.count);
    applyRefinement(this.by, cage, fine);
    return points.map((point) => fine[3 * point + 1]!);
  }

  private fit(side: Side): Fit {
    const sign = side === 'left' ? 1 : -1;
    const brow = PARTS.map((part) => this.nearest(sign * BROW_POINTS[part][0], BROW_POINTS[part][1]));
    const margin = this.upperMargin(side, sign);
    const columns = PARTS.map((part) => this.rise(`brow_${part}.${side}`, brow));
    return {
      lids: this.lids(side),
      margin,
      brow,
      blink: this.rise(`blink.${side}`, [margin])[0]!,
      wide: this.rise(`wide.${side}`, [margin])[0]!,
      response: brow.map((_, row) => columns.map((column) => column[row]!)),
    };
  }

  private nearest(x: number, y: number): number {
    const { place, inside } = this.head;
    let best = -1;
    let least = Infinity;
    for (let i = 0; i < inside.length; i++) {
      const apart = inside[i] ? Math.hypot(place[2 * i]! - x, place[2 * i + 1]! - y) : Infinity;
      if (apart < least) [best, least] = [i, apart];
    }
    return best;
  }

  /** Points of the lids and lashes in front of an eye. */
  private lids(side: Side): number[] {
    const { centre, radius } = this.eyes[side];
    const out: number[] = [];
    for (let i = 0; i < this.head.inside.length; i++) {
      const [x, y, z] = [0, 1, 2].map((k) => this.rest[3 * i + k]! - centre[k]!) as Point3;
      const far = Math.hypot(x, y, z) - radius;
      if (z > 0.4 * radius && far > 0 && far < 8 && this.head.masks[5 * i + 4]! > 15) out.push(i);
    }
    return out;
  }

  /** The lowest point of the upper lid's skin in front of the pupil. */
  private upperMargin(side: Side, sign: number): number {
    const { centre, radius } = this.eyes[side];
    let best = -1;
    let lowest = Infinity;
    for (let i = 0; i < this.head.inside.length; i++) {
      const [x, y, z] = [this.rest[3 * i]!, this.rest[3 * i + 1]!, this.rest[3 * i + 2]!];
      const out = Math.hypot(x - centre[0], y - centre[1], z - centre[2]) - radius;
      const near = Math.abs(this.head.place[2 * i]! - sign * PUPIL_X) < 3 && y > centre[1] + MARGIN_ABOVE && y < centre[1] + 6;
      if (near && z > centre[2] && out > 0.3 && this.head.masks[5 * i + 2] === 0 && y < lowest) [best, lowest] = [i, y];
    }
    return best;
  }
}

/** Normals of a mesh from its triangles, weighted by area, not of unit length. */
export function faceNormals(points: Float32Array, index: ArrayLike<number>, out: Float32Array): void {
  out.fill(0);
  for (let t = 0; t < index.length; t += 3) {
    const [a, b, c] = [3 * index[t]!, 3 * index[t + 1]!, 3 * index[t + 2]!];
    const ux = points[b]! - points[a]!, uy = points[b + 1]! - points[a + 1]!, uz = points[b + 2]! - points[a + 2]!;
    const vx = points[c]! - points[a]!, vy = points[c + 1]! - points[a + 1]!, vz = points[c + 2]! - points[a + 2]!;
    const nx = uy * vz - uz * vy, ny = uz * vx - ux * vz, nz = ux * vy - uy * vx;
    for (const corner of [a, b, c]) {
      out[corner]! += nx;
      out[corner + 1]! += ny;
      out[corner + 2]! += nz;
    }
  }
}
