import { describe, expect, it } from 'vitest';
import type { PatternShape } from '../src/api/types';
import { csv, cell } from '../src/page/csv';
import { compareTable } from '../src/page/compare_table';
import { axisDays, depthLines, forceLines, gradeStack, muscleGroups, positionLines } from '../src/page/curves';
import { durationTable } from '../src/page/durations';
import { placed, restored, sentence } from '../src/page/faults';
import { fieldOf, inside, rimDistance, sample } from '../src/page/geometry';
import { placeOf } from '../src/page/places';
import { atlasOf, labelPattern } from '../src/page/atlas';
import { pointsOf } from '../src/page/points';
import { fieldAt, identityOf, markersOf, sceneAt, sceneBefore, type Look } from '../src/page/scene';
import { entriesOf, entryLine, sourceLine } from '../src/page/sources';
import { courseKey } from '../src/page/state';
import { allTables, doseTable, forceTable } from '../src/page/tables';
import { ANATOMY, ATLAS, makeCourse, PATTERNED } from './page_fixtures';

const course = makeCourse();
const look = (day: number, overlay: Look['overlay'] = 'none'): Look => ({ day, expression: 'frown', effort: 1, overlay, identity: identityOf(PATTERNED, [0, 0, 1], day), markers: [] });
const fault = (key: string | null, message = 'is wrong') => ({ message, file: null, line: null, key, remedy: 'correct it' });

describe('the scene of a day', () => {
  it('reads every curve between its samples', () => {
    const scene = sceneAt(course, look(15));
    expect(scene.force['procerus']).toBeCloseTo(0.3);
    expect(scene.lines['glabella']?.effort).toBeCloseTo(0.4);
    expect(scene.lines['glabella']?.rest).toBeCloseTo(0.15);
    expect(scene.brow.left).toEqual([1.5, 0, 0.5]);
    expect(scene.brow.right[2]).toBe(-1);
    expect(scene.lid?.left).toBeCloseTo(3.35);
  });
  it('shows the toxin of the latest session, and none before the first', () => {
    expect(fieldAt(course, 14)?.captured[0]).toBe(0);
    expect(fieldAt(course, 15)?.captured[0]).toBe(1);
    expect(fieldAt(makeCourse({ sessions: [5, 15] }), 4)).toBeNull();
    expect(sceneAt(course, look(20)).field).toBeNull();
    expect(sceneAt(course, look(20, 'toxin')).field?.width).toBe(2);
  });
  it('shows the same person untreated before', () => {
    const before = sceneBefore(course, look(20, 'toxin'));
    expect(before).toMatchObject({ force: {}, field: null, markers: [] });
    expect(before.lines['glabella']).toEqual({ rest: 0.2, effort: 1.2 });
    expect(sceneBefore(makeCourse({ lid: { left: [4.1, 3, 3, 4], right: [3.9, 3, 3, 4] } }), look(20)).lid).toEqual({ left: 4.1, right: 3.9 });
  });
  it('needs no course, and says nothing of lids without one', () => expect(sceneAt(null, look(3))).toMatchObject({ lines: {}, lid: null }));
  it('ages with the days and stays within the ages of the head', () => {
    const patient = (age: unknown, days: number) => identityOf({ ...PATTERNED, patient: { age, sex: 'male' } }, [0, 0, 1], days);
    expect(patient(45, 365.25 * 2).age).toBe(47);
    expect([patient(10, 0).age, patient('99 years', 0).age, patient(45, 0).sex]).toEqual([25, 90, 1]);
  });
  it('marks the session that is edited, with its faults', () => {
    const faults = placed([fault('plan.session[0].pattern'), fault('plan.session[1].injection[0].dose', 'dose 9')], { ...PATTERNED, plan: { product: 'ona', session: [...PATTERNED.plan.session, { at: 9, pattern: 'glabella-12u', injection: [{ at_mm: [1, 2], depth: 1, dose: 9, volume: 1 }] }] } }, ATLAS);
    expect([...faults.keys()]).toEqual(['session:0', 'point:1.3']);
    const points = pointsOf(PATTERNED, ATLAS);
    expect(markersOf(points, 0, '0.1', new Map([['point:0.2', [fault('x')]]])).map((one) => [one.id, one.selected, one.fault])).toEqual([['0.0', false, null], ['0.1', true, null], ['0.2', false, 'Is wrong. Correct it.']]);
    expect(markersOf(points, 1, null, new Map())).toEqual([]);
  });
});

describe('the label’s pattern', () => {
  it('is a pattern of the label, never one off label', () => {
    const [first, ...others] = ANATOMY.patterns as [PatternShape, ...PatternShape[]];
    const patterns = [{ ...first, name: 'masseter', status: 'off label' }, first, ...others];
    expect(labelPattern(atlasOf({ ...ANATOMY, patterns }), 'ona')?.name).toBe(first.name);
    expect(labelPattern(atlasOf({ ...ANATOMY, patterns: patterns.slice(0, 1) }), 'ona')).toBeNull();
  });
});

describe('faults', () => {
  it('finds its way back past sessions that were not sent', () => {
    expect(restored([fault('plan.session[1].injection[0].dose'), fault('patient.age'), fault(null)], [0, 2]).map((one) => one.key)).toEqual(['plan.session[2].injection[0].dose', 'patient.age', null]);
  });
  it('reads as sentences', () => expect(sentence({ ...fault(null, '70 mm is out of range'), remedy: null })).toBe('70 mm is out of range.'));
});

describe('geometry', () => {
  it('measures to the rim of either side, negative inside the orbit', () => {
    expect(rimDistance(ANATOMY.rim, [30, 25])).toBeCloseTo(5);
    expect(rimDistance(ANATOMY.rim, [-30, 25])).toBeCloseTo(5);
    expect(rimDistance(ANATOMY.rim, [30, 15])).toBeCloseTo(-5);
    expect(inside(ANATOMY.rim, [0, 10])).toBe(false);
  });
  it('samples a field between its points and nowhere else', () => {
    const field = fieldOf(course.fields[0] as never);
    expect(sample(field, [1, 1])).toBeCloseTo(1.5);
    expect(sample(field, [0, 1])).toBeCloseTo(1);
    expect(sample(field, [5, 1])).toBeNull();
  });
});

describe('curves', () => {
  it('draws the most affected first, alike sides as one, spared muscles not at all', () => {
    expect(muscleGroups(course).map((one) => one.name)).toEqual(['Corrugator, both sides', 'Procerus']);
    const uneven = makeCourse();
    uneven.muscles['corrugator.right'] = { force: [1, 0.9, 0.9, 1], transmission: [1, 1, 1, 1] };
    expect(muscleGroups(uneven).map((one) => one.name)).toEqual(['Corrugator, left', 'Procerus', 'Corrugator, right']);
  });
  it('has bands where there are patients, and dashes for the other plan on the longer axis', () => {
    const other = makeCourse({ days: [0, 10, 20, 80] });
    const lines = forceLines(course, other);
    expect(axisDays(course, other)).toBe(other.days);
    expect(lines.map((one) => [one.name, one.dashed, one.low !== undefined])).toEqual([['Corrugator, both sides', false, false], ['Corrugator, both sides', true, false], ['Procerus', false, true], ['Procerus', true, false]]);
    expect(lines[0]?.values[3]).toBeNull();
    expect(depthLines(course, null, 'glabella').map((one) => one.values[0])).toEqual([1.2, 0.2]);
  });
  it('tells both sides of a compared plan apart where that one treats a single side, and draws what only that one weakens', () => {
    const spared = { force: [1, 1, 1, 1], transmission: [1, 1, 1, 1] };
    const other = makeCourse();
    Object.assign(other.muscles, { 'corrugator.right': spared, masseter: { ...spared, force: [1, 0.5, 0.5, 1] } });
    const dashed = forceLines(course, other).filter((one) => one.dashed).map((one) => [one.name, one.values[1]]);
    expect(dashed).toEqual([['Corrugator, left', 0.3], ['Corrugator, right', 1], ['Procerus', 0.4], ['Masseter', 0.5]]);
  });
  it('stacks grades to one', () => {
    const stack = gradeStack(course, course.days, 'glabella', 'maximum', 'investigator');
    expect(stack.map((one) => one[1])).toEqual([0.8, 1, 1, 1]);
  });
  it('draws lids alike once and brows that differ twice', () => {
    const { lid, brow } = positionLines(course, null);
    expect(lid.map((one) => one.name)).toEqual(['Upper lid, both sides']);
    expect(brow.map((one) => one.name)).toEqual(['Medial brow, both sides', 'Central brow, both sides', 'Lateral brow, left', 'Lateral brow, right']);
  });
});

describe('tables and files', () => {
  it('has a table for everything that is drawn, every row as long as its head', () => {
    const tables = allTables(course, 15);
    expect(tables.map((one) => one.caption)).toHaveLength(7);
    for (const table of [...tables, compareTable(course, makeCourse({ title: 'Other' }), 15)]) for (const row of table.rows) expect(row).toHaveLength(table.head.length);
    expect(forceTable(course, 15).rows[1]).toEqual(['Procerus', '30 %', '20 % to 40 %', '40 %', '20 %']);
  });
  it('sets the plan’s doses beside the label’s, by session where known', () => {
    expect(doseTable(course).rows.at(-1)).toEqual(['Total', '12', '12']);
    const sessions = [{ day: 84, total: 3, by_muscle: { procerus: 3 }, label: null }];
    expect(doseTable(makeCourse({ doses: { ...course.doses, sessions } }), 84).rows).toEqual([['Procerus', '3', '–'], ['Total', '3', '–']]);
  });
  it('shows no doses of another session beside one that is still empty', () => {
    const sessions = [{ day: 0, total: 12, by_muscle: { procerus: 12 }, label: null }];
    const told = makeCourse({ doses: { ...course.doses, sessions } });
    expect(doseTable(told, 84).rows).toEqual([['Total', '0', '–']]);
    expect(doseTable(told, 1e-9).rows.at(-1)).toEqual(['Total', '12', '–']);
  });
  it('says that doses of two products cannot be compared', () => {
    expect(compareTable(course, makeCourse({ product: 'abo' }), 3).note).toMatch(/not interchangeable/);
    expect(compareTable(course, course, 3).note).toBeUndefined();
  });
  it('tells durations, what outlasts the simulated days, and a dash for no effect', () => {
    const untouched = { names: ['forehead'], onset: null, none_or_mild: 0, one_grade: 0, to_baseline: 0 };
    const rows = durationTable({ length: 365, regions: [...(course.summary['regions'] as object[]), untouched] })?.rows;
    expect(rows?.map((row) => row.slice(1))).toEqual([['2.0', '120', '> 365', '200'], ['–', '–', '–', '–']]);
    expect(durationTable(course.summary)?.rows).toEqual([['Frown lines (glabella)', '2.0', '120', 'not ended', '200']]);
  });
  it('writes all curves with units, the disclaimer on top', () => {
    const lines = csv(course).trimEnd().split('\n');
    expect(lines[0]).toMatch(/not a medical device/);
    const head = lines[3]?.split(',') ?? [];
    expect(head).toContain('depth in effort glabella [mm]');
    expect(lines.slice(4)).toHaveLength(course.days.length);
    for (const row of lines.slice(4)) expect(row.split(',')).toHaveLength(head.length);
    expect(lines[5]?.split(',')[head.indexOf('force procerus [1]')]).toBe('0.4');
  });
  it('gives spreadsheets no formula', () => expect([cell('=1+1'), cell('a,"b"'), cell('plain')]).toEqual(["'=1+1", '"a,""b"""', 'plain']));
  it('keeps a title in one cell, whatever it holds', () => {
    const [, title] = csv(makeCourse({ title: 'Mine,=HYPERLINK("http://x","y");=1+1\t=2\n=3' })).split('\n');
    expect(title).toBe('# Mine =HYPERLINK( http://x y ) =1+1 =2 =3');
  });
  it('has distances of the plan as it stands only', () => {
    const [point] = pointsOf(PATTERNED, ATLAS);
    const plan = { course, key: courseKey(PATTERNED), busy: false, faults: [] };
    expect(placeOf({ plan, case: PATTERNED }, point!)?.rim_distance).toBe(12);
    const moved = { ...PATTERNED, plan: { ...PATTERNED.plan, session: [{ at: 0, pattern: 'glabella-abo-10u' }] } };
    expect(placeOf({ plan, case: moved }, point!)).toBeNull();
  });
  it('names the entries behind a curve', () => {
    const entry = { key: 't_LC.A', meaning: 'half-life', value: 45, unit: 'day', low: 30, high: 117, source: ['foran2003'], grade: 'derived' };
    expect(entriesOf('force', [entry])).toEqual([entry]);
    expect(entryLine(entry)).toBe('t_LC.A = 45 (30 to 117) day, derived: half-life. foran2003');
    expect(sourceLine('force', 'abcdef1234')).toMatch(/evidence library abcdef12$/);
  });
});
