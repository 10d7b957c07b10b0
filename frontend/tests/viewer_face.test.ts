import { describe, expect, it } from 'vitest';
import type { Point3, Side } from '../src/api/types';
import { EXPRESSIONS, forceOf, SIDES, unitWeights, worked } from '../src/viewer/expressions';
import { depthNow, lineDepths, unevenness } from '../src/viewer/lines';
import { forceColour, highestOf, legendOf } from '../src/viewer/scales';
import { identityWeights, Shape } from '../src/viewer/shape';
import type { Expression, Scene } from '../src/viewer/state';
import { anatomy, by, calm, head } from './viewer_fixture';

const shape = new Shape(head, by);
const brow = (scene: Scene): Record<Side, Point3> => {
  shape.take(scene);
  return { left: shape.browShown('left'), right: shape.browShown('right') };
};

describe('the table of expressions', () => {
  it('names muscles of the simulator and units of the head', () => {
    for (const { pulls, works } of Object.values(EXPRESSIONS)) {
      for (const { muscle, unit } of pulls)
        for (const side of SIDES) {
          expect([`${muscle}.${side}`, muscle].some((name) => anatomy.muscles.includes(name)), muscle).toBe(true);
          expect(head.units.has(`${unit}.${side}`), unit).toBe(true);
        }
      for (const region of Object.keys(works))
        expect(head.lines.names.some((name) => name.replace(/_(left|right)$/, '') === region), region).toBe(true);
    }
  });

  it('weighs each unit by the force that its muscle has left on that side', () => {
    const full = unitWeights('frown', 1, {});
    const weak = unitWeights('frown', 1, { 'corrugator_supercilii.left': 0 });
    expect(full.get('brow_down.left')! - weak.get('brow_down.left')!).toBeCloseTo(0.8);
    expect(weak.get('brow_down.right')).toBeCloseTo(full.get('brow_down.right')!);
    expect(unitWeights('frown', 0.5, {}).get('brow_down.left')).toBeCloseTo(full.get('brow_down.left')! / 2);
    expect(unitWeights('repose', 1, {}).size).toBe(0);
    expect(forceOf({ procerus: 0.3 }, 'procerus', 'right')).toBe(0.3);
  });
});

describe('the form of the face', () => {
  it('lowers the brow less with a weak corrugator, on its side only', () => {
    const { left, right } = brow({ ...calm, expression: 'frown', force: { 'corrugator_supercilii.left': 0.1, 'depressor_supercilii.left': 0.3 } });
    expect(right[0]).toBeLessThan(-2);
    expect(left[0]).toBeGreaterThan(0.6 * right[0]);
  });

  it('raises the brow by the frontalis, and not when that is blocked', () => {
    const blocked = Object.fromEntries(anatomy.muscles.filter((name) => name.startsWith('frontalis')).map((name) => [name, 0]));
    expect(Math.min(...brow({ ...calm, expression: 'brow_raise' }).left)).toBeGreaterThan(3);
    for (const rise of brow({ ...calm, expression: 'brow_raise', force: blocked }).left) expect(rise).toBeCloseTo(0, 3);
  });

  it('draws the tail of the brow up alone when only the lateral frontalis is left', () => {
    const force = { 'frontalis_medial.left': 0, 'frontalis_medial.right': 0, 'frontalis_central.left': 0.1, 'frontalis_central.right': 0.1 };
    for (const [medial, , lateral] of Object.values(brow({ ...calm, expression: 'brow_raise', force }))) expect(lateral - medial).toBeGreaterThan(3);
  });

  it.each([[[-3, -2, -1]], [[0.5, 1, 2]], [[0, 0, -4]]] as [[number, number, number]][])('moves the brow by %j mm', (wanted) => {
    for (const age of [30, 75]) {
      const found = brow({ ...calm, identity: { ...calm.identity, age }, brow: { left: wanted, right: [0, 0, 0] } });
      found.left.forEach((one, k) => expect(one).toBeCloseTo(wanted[k]!, 2));
      found.right.forEach((one) => expect(Math.abs(one)).toBeLessThan(0.15));
    }
  });

  it.each([0.5, 1.5, 3.5, 4.5])('puts the upper lid %d mm above the pupil, whoever it is', (height) => {
    for (const identity of [calm.identity, { age: 80, sex: 1, ancestry: [0, 1, 0], fitzpatrick: 3 } as const]) {
      shape.take({ ...calm, identity: { ...identity, ancestry: [...identity.ancestry] }, lid: { left: height, right: 3.5 } });
      expect(shape.lidShown('left')).toBeCloseTo(height, 1);
      expect(shape.lidShown('right')).toBeCloseTo(3.5, 1);
    }
  });

  it('leaves the lids of the head as they are where no height is known', () => {
    shape.take({ ...calm, lid: null });
    for (const side of SIDES) expect(shape.lidShown(side)).toBeCloseTo(shape.lidHeight(side), 1);
  });

  it('gives every identity shares that sum to 1', () => {
    for (const age of [25, 47, 90]) {
      const weights = identityWeights({ age, sex: 0.3, ancestry: [0.2, 0.3, 0.5], fitzpatrick: 4 });
      expect([...weights].filter(([name]) => name !== 'aged').reduce((sum, [, one]) => sum + one, 0)).toBeCloseTo(1);
      expect([...weights.keys()].every((name) => head.identity.has(name))).toBe(true);
    }
  });

  it('differs between faces and stays put between the eyes', () => {
    shape.take({ ...calm, identity: { age: 25, sex: 0, ancestry: [0, 0, 1], fitzpatrick: 2 } });
    const young = Float32Array.from(shape.rest);
    shape.take({ ...calm, identity: { age: 85, sex: 1, ancestry: [1, 0, 0], fitzpatrick: 6 } });
    const moved = young.reduce((most, one, i) => Math.max(most, Math.abs(one - shape.rest[i]!)), 0);
    expect(moved).toBeGreaterThan(5);
    expect(shape.eyes.left.centre[1] + shape.eyes.right.centre[1]).toBeCloseTo(0, 0);
  });
});

describe('depth of lines', () => {
  const scene: Scene = { ...calm, expression: 'frown', effort: 0.5, lines: { glabella: { rest: 0.2, effort: 1.2 }, forehead: { rest: 0.3, effort: 1.4 } } };

  it('is rest plus the share of effort in regions that the expression works', () => {
    expect(depthNow(scene, 'glabella')).toBeCloseTo(0.7);
    expect(depthNow(scene, 'forehead')).toBeCloseTo(0.3);
    expect(depthNow(scene, 'chin')).toBe(0);
    expect(worked('pout', 'marionette_left')).toBeGreaterThan(0);
    const kinds: Expression[] = ['frown', 'brow_raise', 'squint', 'snarl', 'pout', 'platysma'];
    const regions = ['glabella', 'forehead', 'lateral_canthus_left', 'bunny_right', 'perioral', 'platysma_left'];
    kinds.forEach((kind, k) => expect(worked(kind, regions[k]!)).toBe(1));
  });

  it('reaches the points of its region only, in mm', () => {
    const depths = new Float32Array(3 * by.count);
    lineDepths(scene, head, depths);
    const glabella = head.lines.names.indexOf('glabella');
    for (let i = 0; i < by.count; i++)
      for (let channel = 0; channel < 3; channel++) {
        const region = head.regions[3 * i + channel]!;
        if (!['glabella', 'forehead'].includes(head.lines.names[region]!)) expect(depths[3 * i + channel]).toBe(0);
        if (region === glabella) expect(depths[3 * i + channel]).toBeCloseTo(0.7, 4);
      }
  });

  it('leans to the side whose muscle still folds', () => {
    const force = { 'corrugator_supercilii.left': 0, 'depressor_supercilii.left': 0 };
    expect(unevenness({ ...scene, force }, 'glabella', 9)).toBeLessThan(0.6);
    expect(unevenness({ ...scene, force }, 'glabella', -9)).toBeGreaterThan(1.4);
    expect(unevenness(scene, 'glabella', 9)).toBeCloseTo(1);
  });
});

describe('legends', () => {
  it('tell title, unit and stops of each overlay', () => {
    const field = (peak: number) => ({ x0: 0, y0: 0, step: 1, width: 2, height: 1, captured: Float32Array.from([0.5, peak]) });
    expect(highestOf({ ...calm, field: field(2) }, { ...calm, field: field(6) })).toBe(6);
    expect([highestOf({ ...calm, field: field(2) }, null), highestOf(calm, calm)]).toEqual([2, 0]);
    expect(legendOf(calm, 0)).toBeNull();
    expect(legendOf({ ...calm, overlay: 'muscles' }, 0)?.stops.map((stop) => stop.label)).toEqual(['0', '25', '50', '75', '100']);
    expect(legendOf({ ...calm, overlay: 'toxin' }, 2)?.stops.at(-1)?.label).toBe('2.0');
    expect(legendOf({ ...calm, overlay: 'toxin' }, 21234)?.stops.map((stop) => stop.label)).toEqual(['210', '640', '2100', '6400', '21000']);
    expect(legendOf({ ...calm, overlay: 'toxin' }, 0.00096)?.stops.map((stop) => stop.label)).toEqual(['0.0000096', '0.000029', '0.000096', '0.00029', '0.00096']);
    expect(legendOf({ ...calm, overlay: 'toxin' }, 0)?.stops[0]?.label).toBe('0');
    expect(forceColour(0.5)).toEqual([222, 212, 196]);
  });
});
