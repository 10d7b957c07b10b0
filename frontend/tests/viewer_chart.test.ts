import { describe, expect, it } from 'vitest';
import type { MuscleShape, Point2 } from '../src/api/types';
import { Chart, FORCE_STEPS, forceSteps, paintMuscles, sheetsOf } from '../src/viewer/chart';
import { surface } from './viewer_fixture';

const muscle = (name: string, x: number, y: number): MuscleShape => ({
  name, stem: name, side: 'midline', frame: 'head', function: '', action_units: [], lines_caused: [], antagonists: [], closed: false, width: 8, thickness: 1,
  path: [[x, y, surface.height(x, y) - 3]], outline: [[x - 4, y - 4], [x - 4, y + 4], [x + 4, y + 4], [x + 4, y - 4], [x - 4, y - 4]],
});
const sheets = sheetsOf([muscle('brow', 20, 30), muscle('over the brow', 24, 33), muscle('chin', 0, -95)], surface);

/** A chart that writes down what is drawn on it. */
function recorded(): { chart: Chart; told: { fills: number; cleared: number[][] } } {
  const told = { fills: 0, cleared: [] as number[][] };
  const known: Record<string, unknown> = { fill: () => told.fills++, clearRect: (...box: number[]) => told.cleared.push(box) };
  const draw = new Proxy(known, { get: (target, key) => target[key as string] ?? (() => undefined) });
  const shape = { low: [-132, -262] as Point2, high: [132, 92] as Point2, scale: 4.5, draw };
  return { chart: Object.assign(Object.create(Chart.prototype) as Chart, shape), told };
}

describe('the overlay of muscles', () => {
  it('is painted whole at first, then not again while no colour changes', () => {
    const { chart, told } = recorded();
    const first = forceSteps(sheets, { brow: 0.5 });
    expect(paintMuscles(chart, sheets, first, null)).toBe(3);
    expect(told.cleared).toEqual([[-132, -262, 264, 354]]);
    const next = forceSteps(sheets, { brow: 0.5 + 0.3 / FORCE_STEPS });
    expect([paintMuscles(chart, sheets, next, first), told.fills]).toEqual([0, 3]);
  });

  it('paints again what changed and what overlaps it, within whole pixels', () => {
    const { chart, told } = recorded();
    const before = forceSteps(sheets, {});
    expect(paintMuscles(chart, sheets, forceSteps(sheets, { chin: 0.2 }), before)).toBe(1);
    expect(paintMuscles(chart, sheets, forceSteps(sheets, { brow: 0.2 }), before)).toBe(2);
    for (const [u, v, width, height] of told.cleared as [number, number, number, number][]) {
      for (const edge of [(u + 132) * 4.5, (92 - v) * 4.5, width * 4.5, height * 4.5]) expect(Math.abs(edge - Math.round(edge))).toBeLessThan(1e-6);
      expect(Math.max(width, height)).toBeLessThan(16);
    }
  });

  it('paints a course of a year far less often than it has days', () => {
    const { chart } = recorded();
    let [shown, paintings] = [forceSteps(sheets, {}), 0];
    for (let day = 0; day <= 365; day++) {
      const now = forceSteps(sheets, { brow: day < 10 ? 1 - day / 10 : Math.max(0, day - 60) / 305 });
      if (paintMuscles(chart, sheets, now, shown)) paintings++;
      shown = now;
    }
    expect(paintings).toBeLessThan(FORCE_STEPS + 20);
    expect(paintings).toBeGreaterThan(FORCE_STEPS - 5);
  });

  it('keeps the ends of the scale, and full force for muscles of which nothing is said', () => {
    expect(forceSteps(sheets, { brow: 0, chin: 2 }).sort((a, b) => a - b)).toEqual([0, FORCE_STEPS - 1, FORCE_STEPS - 1]);
  });
});
