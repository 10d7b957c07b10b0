import { describe, expect, it } from 'vitest';
import type { CaseDocument } from '../src/api/types';
import * as edits from '../src/page/edits';
import { pointsOf, pointName } from '../src/page/points';
import { ATLAS, PATTERNED } from './page_fixtures';

const done = (edit: edits.Edit): edits.Done => {
  if (edits.isRefused(edit)) throw new Error(edit.refused);
  return edit;
};
const refused = (edit: edits.Edit): string => (edits.isRefused(edit) ? edit.refused : '');
const own = (document: CaseDocument, session = 0) => document.plan.session[session]?.injection ?? [];

describe('points of a case', () => {
  it('writes patterns out first, then the session’s own injections', () => {
    const both: CaseDocument = { ...PATTERNED, plan: { product: 'ona', session: [{ at: '2 weeks', pattern: 'glabella-12u', injection: [{ at_mm: ['1 cm', 30] as unknown as number[], depth: '2 mm', dose: '2.5 U', volume: 0.05 }] }] } };
    const points = pointsOf(both, ATLAS);
    expect(points.map((one) => [one.id, one.own, one.dose])).toEqual([['0.0', null, 4], ['0.1', null, 4], ['0.2', null, 4], ['0.3', 0, 2.5]]);
    expect(points[3]).toMatchObject({ at: [10, 30], depth: 2, volume: 0.05, day: 14, site: null });
    expect(points[1]).toMatchObject({ site: 'glabella.corrugator.left.medial', at: [14, 22], depth: 3, tip: null });
  });

  it('keeps a point in a muscle’s own frame off the face', () => {
    const limb: CaseDocument = { plan: { product: 'ona', session: [{ at: 0, injection: [{ site: 'limb.left.belly', dose: 5, volume: 0.1 }, { frame: 'limb.left', at_mm: [12, 0, 0], dose: 5, volume: 0.1 }] }] } };
    expect(pointsOf(limb, ATLAS).map((one) => one.at)).toEqual([null, null]);
  });

  it('names points by site, side and place', () => {
    const document = done(edits.addPoint(PATTERNED, ATLAS, 0, { at: [-12, 30], depth: 2, dose: 1, volume: 0.1 })).case;
    expect(pointsOf(document, ATLAS).map(pointName)).toEqual(['Procerus', 'Corrugator medial, left', 'Corrugator medial, right', 'x −12, y 30 mm, right']);
  });
});

describe('editing one point', () => {
  it('writes a pattern out as soon as one of its points is changed, and keeps the names of the others', () => {
    const next = edits.setDose(PATTERNED, ATLAS, '0.1', 6);
    expect(next.plan.session[0]?.pattern).toBeUndefined();
    expect(own(next).map((one) => [one.site, one.dose])).toEqual([
      ['glabella.procerus', '4 U'], ['glabella.corrugator.left.medial', '6 U'], ['glabella.corrugator.right.medial', '4 U']]);
    expect(PATTERNED.plan.session[0]?.pattern).toBe('glabella-12u');
  });

  it('keeps a pattern when only an injection beside it changes', () => {
    const document = done(edits.addPoint(PATTERNED, ATLAS, 0, { at: [5, 50], depth: 2, dose: 1, volume: 0.1 }));
    expect(document.select).toBe('0.3');
    const next = edits.setVolume(document.case, ATLAS, '0.3', 0.2);
    expect(next.plan.session[0]?.pattern).toBe('glabella-12u');
    expect(own(next)[0]?.volume).toBe('0.2 mL');
  });

  it('turns a moved site into coordinates on the skin with its depth', () => {
    const next = edits.movePoint(PATTERNED, ATLAS, '0.1', [15.04, 23]);
    expect(own(next)[1]).toEqual({ at_mm: [15, 23], depth: '3 mm', dose: '4 U', volume: '0.1 mL' });
  });

  it('moves a needle tip within its height, without a depth', () => {
    const belly = done(edits.addSite({ plan: { product: 'ona', session: [{ at: 0 }] } }, ATLAS, 0, 'corrugator.left.belly', { dose: 2, volume: 0.1 })).case;
    expect(own(edits.movePoint(belly, ATLAS, '0.0', [21, 26]))[0]?.at_mm).toEqual([21, 26, -3]);
    expect(refused(edits.setDepth(belly, ATLAS, '0.0', 3))).toMatch(/needle tip/);
  });

  it('removes a point and selects the one that takes its place', () => {
    const next = edits.removePoint(PATTERNED, ATLAS, '0.2');
    expect(own(next.case).map((one) => one.site)).toEqual(['glabella.procerus', 'glabella.corrugator.left.medial']);
    expect(next.select).toBe('0.1');
    expect(edits.removePoint(edits.emptied(PATTERNED, 'ona'), ATLAS, '0.0').select).toBe(null);
  });
});

describe('mirroring', () => {
  it('mirrors a site to its twin, taking over dose and volume of the one that is there', () => {
    const more = edits.setDose(PATTERNED, ATLAS, '0.1', 7);
    const next = done(edits.mirrorPoint(more, ATLAS, '0.1'));
    expect(own(next.case)).toHaveLength(3);
    expect(own(next.case)[2]).toMatchObject({ site: 'glabella.corrugator.right.medial', dose: '7 U' });
  });

  it('mirrors coordinates, and twice is once', () => {
    const one = done(edits.addPoint(edits.emptied(PATTERNED, 'ona'), ATLAS, 0, { at: [12, 40], depth: 2, dose: 3, volume: 0.1 })).case;
    const two = done(edits.mirrorPoint(one, ATLAS, '0.0')).case;
    expect(own(two)[1]).toMatchObject({ at_mm: [-12, 40], dose: '3 U', depth: '2 mm' });
    expect(done(edits.mirrorPoint(two, ATLAS, '0.1')).case).toEqual(two);
  });

  it('refuses the midline in words', () => {
    expect(refused(edits.mirrorPoint(PATTERNED, ATLAS, '0.0'))).toMatch(/midline/);
  });

  it('mirrors a whole side', () => {
    const left = edits.movePoint(PATTERNED, ATLAS, '0.1', [18, 26]);
    const next = edits.mirrorSession(left, ATLAS, 0, 'left').case;
    expect(pointsOf(next, ATLAS).map((one) => one.at)).toContainEqual([-18, 26]);
  });
});

describe('patterns and products', () => {
  it('refuses a pattern of another product with a sentence', () => {
    expect(refused(edits.addPattern(PATTERNED, ATLAS, 0, 'glabella-abo-10u'))).toMatch(/is for abo, but this plan’s product is ona.*not interchangeable/);
  });

  it('lets an empty plan take the product of a pattern', () => {
    const next = done(edits.addPattern(edits.emptied(PATTERNED, 'ona'), ATLAS, 0, 'glabella-abo-10u')).case;
    expect(next.plan).toMatchObject({ product: 'abo', session: [{ pattern: 'glabella-abo-10u' }] });
  });

  it('adds a second pattern by writing both out', () => {
    const next = done(edits.addPattern(PATTERNED, ATLAS, 0, 'glabella-12u')).case;
    expect(next.plan.session[0]?.pattern).toBeUndefined();
    expect(own(next)).toHaveLength(6);
  });

  it('refuses another product while doses are planned', () => {
    expect(refused(edits.setProduct(PATTERNED, 'abo'))).toMatch(/units of ona/);
    expect(done(edits.setProduct(edits.emptied(PATTERNED, 'ona'), 'abo')).case.plan.product).toBe('abo');
  });
});

describe('sessions', () => {
  it('repeats a session later, in order, and lengthens the simulation where needed', () => {
    const next = done(edits.addSession(PATTERNED, 400, 0));
    expect(next.case.plan.session.map((one) => one.at)).toEqual(['0 days', '400 days']);
    expect(next.case.plan.session[1]?.pattern).toBe('glabella-12u');
    expect(edits.simulatedDays(next.case)).toBeGreaterThan(400);
    expect(next.session).toBe(1);
  });

  it('sorts sessions by day after a change, and keeps the words of the time', () => {
    const two = done(edits.addSession(PATTERNED, 84, null)).case;
    const next = done(edits.moveSession(two, 0, '20 weeks'));
    expect(next.case.plan.session.map((one) => one.at)).toEqual(['84 days', '20 weeks']);
    expect(next.session).toBe(1);
  });

  it.each([['1e2', '100 days'], [' 90 ', '90 days'], ['+1', '1 day'], ['.5', '0.5 days'], ['1e2 h', '1e2 h']])('gives “%s” a unit where it has none', (at, words) => {
    expect(done(edits.moveSession(PATTERNED, 0, at)).case.plan.session[0]?.at).toBe(words);
  });

  it.each([['never', /not a time/], ['-3', /not a time/], ['12 weeks', /already a session/]])('refuses %s', (at, words) => {
    const two = done(edits.addSession(PATTERNED, 84, 0)).case;
    expect(refused(edits.moveSession(two, 0, at))).toMatch(words);
  });

  it('keeps one session at least', () => {
    expect(refused(edits.removeSession(PATTERNED, 0))).toMatch(/at least one session/);
  });

  it('sends no empty session, and knows which ones it sent', () => {
    const two = done(edits.addSession(PATTERNED, 84, null)).case;
    const three = done(edits.addSession(two, 168, 0)).case;
    const sent = edits.sendable(three);
    expect(sent.case.plan.session.map((one) => one.at)).toEqual(['0 days', '168 days']);
    expect(sent.kept).toEqual([0, 2]);
  });
});

describe('keys', () => {
  it('sets a key deep down and removes tables that become empty', () => {
    const graded = edits.setKey(PATTERNED, ['patient', 'baseline', 'glabella', 'maximum'], 3);
    expect(edits.getKey(graded, ['patient', 'baseline', 'glabella', 'maximum'])).toBe(3);
    expect(edits.setKey(graded, ['patient', 'baseline', 'glabella', 'maximum'], undefined)).toEqual(PATTERNED);
    expect('patient' in PATTERNED).toBe(false);
  });
});
