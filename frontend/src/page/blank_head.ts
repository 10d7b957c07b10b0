// In place of the head where it cannot be drawn: plan, curves, tables and exports work without it.
import type { Head } from './head';

export class BlankHead implements Head {
  readonly software = true;
  frames = 0;

  constructor(readonly why: string) {}

  show(): void {
    this.frames += 1;
  }

  compare(): void {
    this.frames += 1;
  }

  pick(): null {
    return null;
  }

  markerAt(): null {
    return null;
  }

  place(): null {
    return null;
  }

  legend(): null {
    return null;
  }

  turn(): void {
    this.frames += 1;
  }

  snapshot(): Promise<Blob> {
    return Promise.reject(new Error(this.why));
  }

  resize(): void {
    this.frames += 1;
  }

  dispose(): void {
    this.frames = 0;
  }

  pointerMode(): void {
    this.frames += 1;
  }
}
