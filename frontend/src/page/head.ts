// What the page asks of the viewer; the class of the same shape is in ../viewer.
import type { Point2 } from '../api/types';
import type { Legend } from '../viewer/scales';
import type { Pick, Scene, View } from '../viewer/state';

export interface Head {
  show(scene: Scene): void;
  /** Another head on the left of `share`: one picture in two halves, or both heads whole `beside` each other. */
  compare(before: Scene | null, share?: number, beside?: boolean): void;
  pick(clientX: number, clientY: number): Pick | null;
  markerAt(clientX: number, clientY: number): string | null;
  place(at: Point2): { x: number; y: number } | null;
  legend(): Legend | null;
  turn(view: View): void;
  snapshot(): Promise<Blob>;
  resize(): void;
  dispose(): void;
  pointerMode(mode: 'turn' | 'none'): void;
  readonly software: boolean;
  frames: number;
}
