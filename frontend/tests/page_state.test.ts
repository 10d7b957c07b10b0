import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Refused } from '../src/api/client';
import type { CaseDocument, CourseDocument, Fault } from '../src/api/types';
import { removePoint, setDose, setKey } from '../src/page/edits';
import { begun, edited, redone, undone } from '../src/page/history';
import { Loader } from '../src/page/loader';
import { apply, change, courseKey, isStale, open, redo, setCompared, startState, swap, undo, type PageStore } from '../src/page/state';
import { Store } from '../src/page/store';
import { ATLAS, makeCourse, PATTERNED } from './page_fixtures';

describe('the store', () => {
  it('tells a watcher of its own part only, and now', () => {
    const store = new Store({ a: 1, b: 1 });
    const seen: number[] = [];
    const stop = store.watch((s) => [s.a], (a) => seen.push(a));
    store.set({ b: 2 });
    store.set({ a: 2 });
    store.set({ a: 2 });
    stop();
    store.set({ a: 3 });
    expect(seen).toEqual([1, 2]);
  });
  it('lets a watcher set state: all end on the last value', () => {
    const store = new Store({ a: 0, b: 0 });
    const seen: number[] = [];
    store.watch((s) => [s.b], (b) => seen.push(b));
    store.watch((s) => [s.a], (a) => store.set({ b: 10 * a }));
    store.set({ a: 4 });
    expect([store.state.b, seen]).toEqual([40, [0, 40]]);
  });
});

describe('undo and redo', () => {
  const other = setDose(PATTERNED, ATLAS, '0.0', 9);
  it('goes back and on again, and forgets what a new edit replaces', () => {
    const history = edited(begun(PATTERNED), other);
    expect(undone(history).case).toBe(PATTERNED);
    expect(redone(undone(history)).case).toBe(other);
    expect(edited(undone(history), removePoint(PATTERNED, ATLAS, '0.0').case).future).toEqual([]);
    expect(undone(begun(PATTERNED)).case).toBe(PATTERNED);
  });
  it('takes edits of one drag as one step', () => {
    const steps = [1, 2, 3].reduce((history, dose) => edited(history, setDose(history.case, ATLAS, '0.0', dose), 'drag'), begun(PATTERNED));
    expect(steps.past).toEqual([PATTERNED]);
    expect(edited(steps, PATTERNED, 'other').past).toHaveLength(2);
  });
  it('runs over the case only, and says why an edit is refused', () => {
    const store: PageStore = new Store(startState(PATTERNED));
    change(store, other);
    store.set({ day: 77 });
    undo(store);
    expect([store.state.case, store.state.day]).toEqual([PATTERNED, 77]);
    redo(store);
    expect(store.state.case).toBe(other);
    expect(apply(store, { refused: 'no' })).toBe(false);
    expect(store.state.notice).toEqual({ words: 'no', kind: 'refusal' });
  });
  it('opens a case so that undo brings the earlier one back, and keeps the day within it', () => {
    const store: PageStore = new Store({ ...startState(PATTERNED), day: 300, selected: '0.1' });
    open(store, { ...PATTERNED, simulation: { days: 100 } });
    expect([store.state.day, store.state.selected]).toEqual([100, null]);
    undo(store);
    expect(store.state.case).toBe(PATTERNED);
  });
  it('swaps the compared plan with the edited one', () => {
    const store: PageStore = new Store(startState(PATTERNED));
    setCompared(store, other);
    swap(store);
    expect([store.state.case, store.state.compared, store.state.split]).toEqual([other, PATTERNED, 'plans']);
  });
  it('asks for no new course for a new title', () => expect(courseKey({ ...PATTERNED, title: 'x' })).toBe(courseKey(PATTERNED)));
});

describe('the loader', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const FAULT: Fault = { message: 'wrong', file: null, line: null, key: 'plan.session[0].injection[0].dose', remedy: null };
  const setup = (over: Partial<{ course: (d: CaseDocument, s: AbortSignal) => Promise<CourseDocument>; check: () => Promise<Fault[]>; wide: () => Promise<CourseDocument> }> = {}) => {
    const store: PageStore = new Store(startState(PATTERNED));
    const asked: CaseDocument[] = [];
    const signals: AbortSignal[] = [];
    const calls = {
      check: over.check ?? (async () => []),
      course: async (document: CaseDocument, signal: AbortSignal, bands: boolean) => {
        if (bands) return over.wide ? over.wide() : makeCourse();
        asked.push(document);
        signals.push(signal);
        return over.course ? over.course(document, signal) : makeCourse();
      },
    };
    new Loader(store, calls).start();
    return { store, asked, signals };
  };
  const settle = () => vi.advanceTimersByTimeAsync(1000);

  it('asks once for the first case, and once after a flurry of edits', async () => {
    const { store, asked } = setup();
    await settle();
    expect([asked.length, store.state.courses, store.state.plan.busy]).toEqual([1, 1, false]);
    for (const dose of [5, 6, 7]) change(store, setDose(store.state.case, ATLAS, '0.0', dose));
    expect(isStale(store.state.plan, store.state.case)).toBe(true);
    await settle();
    expect(asked.length).toBe(2);
    expect(isStale(store.state.plan, store.state.case)).toBe(false);
  });

  it('shows the course at once and adds the bands when they come, or never', async () => {
    const bands = { patients: 64, level: 0.9, muscles: {}, regions: {} };
    const { bands: _, ...bare } = makeCourse();
    const wide = setup({ course: async () => bare, wide: async () => makeCourse({ bands }) });
    await settle();
    expect([wide.store.state.plan.course?.bands, wide.store.state.courses]).toEqual([bands, 1]);
    const narrow = setup({ course: async () => bare, wide: async () => Promise.reject(new Refused([FAULT], 503)) });
    await settle();
    expect(narrow.store.state.plan.course).not.toBeNull();
    expect([narrow.store.state.plan.course?.bands, narrow.store.state.plan.faults]).toEqual([undefined, []]);
  });

  it('asks nothing for a day, an expression or a title', async () => {
    const { store, asked } = setup();
    await settle();
    for (let day = 0; day < 300; day += 7) store.set({ day });
    store.set({ expression: 'smile', overlay: 'toxin', split: 'before' });
    change(store, { ...store.state.case, title: 'New' });
    await settle();
    expect(asked.length).toBe(1);
  });

  it('aborts the earlier question, and its late answer changes nothing', async () => {
    const answers: ((course: CourseDocument) => void)[] = [];
    const { store, signals } = setup({ course: () => new Promise((done) => answers.push(done)) });
    await settle();
    change(store, setDose(store.state.case, ATLAS, '0.0', 8));
    await settle();
    expect(signals.map((one) => one.aborted)).toEqual([true, false]);
    answers[1]?.(makeCourse({ title: 'second' }));
    answers[0]?.(makeCourse({ title: 'first' }));
    await settle();
    expect([store.state.plan.course?.title, store.state.courses]).toEqual(['second', 1]);
  });

  it('keeps the last course and tells the faults; a faulty case is not simulated', async () => {
    let faults: Fault[] = [];
    const { store, asked } = setup({ check: async () => faults });
    await settle();
    faults = [FAULT];
    change(store, setDose(store.state.case, ATLAS, '0.0', 8));
    await settle();
    expect(asked.length).toBe(1);
    expect(store.state.plan.course).not.toBeNull();
    expect(store.state.faults).toEqual([FAULT]);
    undo(store);
    await settle();
    expect([store.state.faults, store.state.plan.faults]).toEqual([[], []]);
  });

  it('shows findings and simulates all the same', async () => {
    const { store } = setup({ check: async () => [{ ...FAULT, severity: 'finding' }] });
    await settle();
    expect([store.state.faults.length, store.state.courses]).toEqual([1, 1]);
  });

  it('does not simulate what the safety check stops, until a reason is given', async () => {
    let overridden: string | null = null;
    const { store, asked } = setup({ check: async () => [{ ...FAULT, severity: 'finding', verdict: 'stop', rule: 'levator', overridden }] });
    await settle();
    expect([store.state.plan.faults.length, asked.length]).toEqual([1, 0]);
    overridden = 'a lesson';
    change(store, setKey(store.state.case, ['override', 'levator'], overridden));
    await settle();
    expect([store.state.plan.faults.length, asked.length]).toEqual([0, 1]);
    expect(asked[0]).toHaveProperty('override', { levator: 'a lesson' });
  });

  it('asks a busy server again, and tells meanwhile', async () => {
    let busy = true;
    const { store, asked } = setup({ course: async () => { if (busy) throw new Refused([{ ...FAULT, key: null, message: 'busy' }], 429); return makeCourse(); } });
    await settle();
    expect(store.state.plan.faults[0]?.message).toBe('busy');
    busy = false;
    await vi.advanceTimersByTimeAsync(4000);
    expect([asked.length, store.state.courses, store.state.plan.faults]).toEqual([2, 1, []]);
  });

  it('asks nothing of an empty plan, and for both plans while two are compared', async () => {
    const { store, asked } = setup();
    await settle();
    setCompared(store, setDose(PATTERNED, ATLAS, '0.0', 2));
    await settle();
    expect([asked.length, store.state.other.course !== null]).toEqual([2, true]);
    store.set({ compared: null });
    expect(store.state.other.course).toBeNull();
    const empty = [0, 0, 0].reduce((document) => removePoint(document, ATLAS, '0.0').case, PATTERNED);
    change(store, empty);
    await settle();
    expect(asked.length).toBe(2);
  });
});
