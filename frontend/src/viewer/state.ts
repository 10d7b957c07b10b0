// What a picture of the head shows, as plain data. The page makes it, the viewer draws it.
import type { Point2, Point3, Side } from '../api/types';

export type Expression = 'repose' | 'frown' | 'brow_raise' | 'squint' | 'smile' | 'snarl' | 'pout' | 'platysma';

export interface Identity {
  /** Years, 25 to 90. */
  age: number;
  /** 0 female to 1 male. */
  sex: number;
  /** Shares of African, Asian and European descent; they sum to 1. */
  ancestry: Point3;
  /** Fitzpatrick skin type, 1 to 6. */
  fitzpatrick: number;
}

export interface Marker {
  id: string;
  /** Entry point in the frontal plane [mm]. */
  at: Point2;
  dose: number;
  selected: boolean;
  /** Sentence about what is wrong here, or null. */
  fault: string | null;
}

/** Captured toxin on a grid in the frontal plane, rows from low to high y. */
export interface ToxinField {
  x0: number;
  y0: number;
  step: number;
  width: number;
  height: number;
  captured: Float32Array;
}

export type Overlay = 'none' | 'muscles' | 'toxin' | 'distances';

export interface Scene {
  identity: Identity;
  expression: Expression;
  /** Effort of the expression, 0 to 1. */
  effort: number;
  /** Remaining force by muscle name, 1 untreated; a muscle that is not named has all of its force. */
  force: Record<string, number>;
  /** Depth of the lines by region [mm], at rest and in full effort. */
  lines: Record<string, { rest: number; effort: number }>;
  /** Change of brow height [mm]: medial, central, lateral. */
  brow: Record<Side, Point3>;
  /** Height of the upper lid over the pupil's centre [mm]; null leaves the head's own lids as they are. */
  lid: Record<Side, number> | null;
  markers: Marker[];
  overlay: Overlay;
  field: ToxinField | null;
}

export type View = 'front' | 'left' | 'right' | 'three_quarter';

/** Where a click met the skin. */
export interface Pick {
  /** Frontal plane of the simulator's head frame [mm]. */
  at: Point2;
  /** On the skin of the simulator's head frame [mm]. */
  skin: Point3;
  /** Whether the point lies on the face, where injections make sense. */
  inside: boolean;
}
