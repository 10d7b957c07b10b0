import { describe, expect, it } from 'vitest';
import { mix } from '../src/viewer/places';
import { applyRefinement, refine } from '../src/viewer/refine';
import { anatomy, by, head, places, surface } from './viewer_fixture';

const rest = new Float32Array(3 * by.count);
applyRefinement(by, head.cage, rest);

/** The point of the face that is foremost among those near (x, y) of the head itself. */
function placeNear(x: number, y: number): [number, number] {
  let best = -1;
  let least = Infinity;
  for (let i = 0; i < by.count; i++) {
    const apart = head.inside[i] ? Math.hypot(rest[3 * i]! - x, rest[3 * i + 1]! - y) - 0.05 * rest[3 * i + 2]! : Infinity;
    if (apart < least) [best, least] = [i, apart];
  }
  return [head.place[2 * best]!, head.place[2 * best + 1]!];
}

describe('refinement', () => {
  it('rounds a cube as Catmull and Clark say', () => {
    const corners = Float32Array.from([-1, -1, -1, 1, -1, -1, 1, 1, -1, -1, 1, -1, -1, -1, 1, 1, -1, 1, 1, 1, 1, -1, 1, 1]);
    const cube = refine([0, 3, 2, 1, 4, 5, 6, 7, 0, 1, 5, 4, 2, 3, 7, 6, 0, 4, 7, 3, 1, 2, 6, 5], 8);
    const fine = new Float32Array(3 * cube.count);
    applyRefinement(cube, corners, fine);
    expect(cube.count).toBe(8 + 12 + 6);
    expect(Math.abs(fine[0]!)).toBeCloseTo(5 / 9, 5);
    expect([...fine.slice(24, 27)].map(Math.abs).sort()).toEqual([0, 0.75, 0.75].map((one) => expect.closeTo(one, 5)));
    expect(Math.hypot(...fine.slice(60, 63))).toBeCloseTo(1, 5);
  });

  it('keeps every point where its neighbours are: the weights of a row sum to 1', () => {
    for (let i = 0; i < by.count; i += 97) {
      const row = by.weight.subarray(by.start[i], by.start[i + 1]);
      expect(row.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 5);
    }
  });

  it('has the points that the bake script described, in its order', () => {
    expect(by.count).toBe(head.inside.length);
    let wrong = 0;
    for (let i = 0; i < by.count; i++)
      if (head.inside[i] && Math.abs(rest[3 * i]!) > 1 && Math.sign(rest[3 * i]!) !== Math.sign(head.place[2 * i]!)) wrong++;
    expect(wrong).toBe(0);
  });
});

describe('places in the frame of the simulator', () => {
  it.each([
    ['nasal root', [0, -3.5], [0, 0], 1.5],
    ['tip of the nose', [0, -37], [0, -36], 2],
    ['head of the brow', [15, 17.5], [14, 22], 2],
    ['tail of the brow', [48, 17.5], [50, 22], 2.5],
    ['beyond the lateral canthus', [60, -1], [62, 1], 4],
    ['corner of the mouth', [24.5, -67.5], [28, -70.5], 3],
    ['chin', [0, -96], [0, -99], 2],
    ['right head of the brow', [-15, 17.5], [-14, 22], 2],
  ] as const)('%s', (_, [x, y], [u, v], within) => {
    const at = placeNear(x, y);
    expect(Math.hypot(at[0] - u, at[1] - v)).toBeLessThan(within);
  });

  it('finds skin for every named site, and the site again from that skin', () => {
    for (const { name, skin } of anatomy.sites) {
      const spot = places.spot(skin);
      expect(spot, name).not.toBeNull();
      const { at, inside } = places.at(spot!);
      expect(inside, name).toBe(true);
      expect(Math.hypot(at[0] - skin[0], at[1] - skin[1]), name).toBeLessThan(0.01);
    }
  });

  it('puts sites of the left on the left, and mirror images on mirror images', () => {
    const left = mix(places.spot([29, 30])!, rest, 3);
    const right = mix(places.spot([-29, 30])!, rest, 3);
    expect(left[0]).toBeGreaterThan(20);
    expect(right[0]).toBeCloseTo(-left[0]!, 0);
    expect(right[1]).toBeCloseTo(left[1]!, 0);
  });

  it('has no skin for needles on the eye, the ear, the scalp and behind', () => {
    for (const at of [[31, 0], [0, 105], [200, 0], [0, -240]] as [number, number][]) expect(places.spot(at)).toBeNull();
    for (let i = 0; i < by.count; i++)
      if (head.masks[5 * i + 2]! > 128 || head.masks[5 * i + 3]! > 128 || head.cap[i]! > 140) expect(head.inside[i]).toBe(0);
  });

  it('agrees with the simulator on how far along the cylinder a place is', () => {
    let worst = 0;
    for (let i = 0; i < by.count; i += 41) {
      if (!head.inside[i]) continue;
      const [u] = surface.cylinder(head.place[2 * i]!, head.place[2 * i + 1]!);
      worst = Math.max(worst, Math.abs(u - head.cylinder[i]!));
    }
    expect(worst).toBeLessThan(0.1);
  });
});

describe('the skin of the simulator', () => {
  it('runs through its known points', () => {
    for (const [x, y, z] of anatomy.skin) expect(surface.height(-x, y)).toBeCloseTo(z, 2);
  });

  it('measures the distance to the rim as the simulator does', () => {
    expect(surface.toRim(30, 25).distance).toBeCloseTo(5, 6);
    expect(surface.toRim(-30, 25)).toEqual({ distance: expect.closeTo(5, 6), at: [expect.closeTo(-30, 6), expect.closeTo(20, 6)] });
    expect(surface.toRim(31, 0).distance).toBeLessThan(-10);
  });
});
