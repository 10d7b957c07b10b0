// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Refused, fault } from '../src/api/client';
import type { RisksDocument } from '../src/api/risks';
import type { Fault } from '../src/api/types';
import { setDose } from '../src/page/edits';
import { elsewhereTable, riskLines, riskTables, totals } from '../src/page/risks';
import { change, startState, type PageStore } from '../src/page/state';
import { Store } from '../src/page/store';
import { ATLAS, PATTERNED } from './page_fixtures';
import { RISKS } from './risks_fixture';

vi.hoisted(() => {
  vi.stubGlobal('matchMedia', () => ({ matches: true, addEventListener: () => undefined }));
  vi.stubGlobal('ResizeObserver', class { observe() {} disconnect() {} });
  vi.stubGlobal('CSS', { escape: (text: string) => text });
});
const { mountRisksPanel, stopStrip } = await import('../src/page/risks_panel');

const STOP: Fault = { ...fault('A point lies at the levator.', 'Move it.', 'plan.session[0].injection[0]'), severity: 'finding', verdict: 'stop', rule: 'levator', title: 'Levator', overridden: null };
const NOTE: Fault = { ...fault('Older.'), severity: 'finding', verdict: 'note', rule: 'older_age', title: 'Age' };

let store: PageStore;
let root: HTMLElement;
let answers: (() => Promise<RisksDocument>)[];
let signals: AbortSignal[];
const settle = () => vi.advanceTimersByTimeAsync(2000);
const ask = () => root.querySelector<HTMLButtonElement>('[data-focus="risks"]') as HTMLButtonElement;
const text = () => root.textContent ?? '';

beforeEach(() => {
  vi.useFakeTimers();
  document.body.innerHTML = '<div id="root"></div>';
  root = document.querySelector('#root') as HTMLElement;
  store = new Store(startState(PATTERNED));
  store.set({ tab: 'risks' });
  [answers, signals] = [[], []];
  const risks = (_: unknown, signal: AbortSignal) => (signals.push(signal), (answers.shift() ?? (async () => RISKS))());
  mountRisksPanel(root, store, { risks });
});
afterEach(() => void vi.useRealTimers());

describe('tables of risks', () => {
  it('show each event once, by where it is from', () => {
    const [model, counted] = riskTables(RISKS);
    expect(model?.rows.map(([name]) => name)).toEqual(['Lid droops']);
    expect(counted?.rows.map(([name]) => name)).toEqual(['Dry mouth', 'Headache']);
    expect(elsewhereTable(RISKS)?.rows.map(([name]) => name)).toEqual(['Tight skin']);
    expect(model?.rows[0]).toEqual(['Lid droops', '2.0\n(1.0–3.0)', '1.0\n(0.5–1.5)', '6\n(2–16)', '79\n(13–220)']);
  });
  it('tell the check, whom nobody is blamed on, and who has nothing', () => {
    const notes = riskTables(RISKS).map((one) => one.note).join(' ');
    expect(notes).toContain('Trials counted 2.3 (1.8 to 2.8) % for “lid droops”: intervals overlap.');
    expect(notes).toContain('not laid to the drug: headache');
    expect(notes).toContain('In none of 256 virtual patients: double vision.');
  });
  it('draw what is laid to the drug, the likeliest first', () => expect(riskLines(RISKS).map((one) => one.name)).toEqual(['Dry mouth', 'Lid droops']));
  it('add up, or say that there is nothing', () => {
    expect(totals(RISKS)[0]).toContain('4.0 (3.0 to 5.0) % of patients');
    expect(totals({ ...RISKS, total: { ...RISKS.total, counted: [] } })).toHaveLength(1);
  });
});

describe('asking for risks', () => {
  it('waits until it is told to, and shows what comes', async () => {
    await settle();
    expect(signals).toHaveLength(0);
    ask().click();
    expect(text()).toContain('Computing…');
    await settle();
    expect(text()).toContain('Lid droops');
    expect(text()).toContain('anxiety: not known: no row of any trial');
    expect(text()).toContain('A drooping eyelid: no counted figure.');
    expect(text()).toContain('Not a medical device.');
    expect(ask().disabled).toBe(false);
  });
  it('asks a busy server again and tells another refusal', async () => {
    answers = [() => Promise.reject(new Refused([fault('the plan took longer')], 503))];
    ask().click();
    await settle();
    await settle();
    expect(signals).toHaveLength(2);
    expect(text()).toContain('Lid droops');
    answers = [() => Promise.reject(new Refused([fault('no tissue there')], 422))];
    ask().click();
    await settle();
    expect(text()).toContain('No tissue there.');
    expect(ask().disabled).toBe(false);
  });
  it('is aborted by an edit, and an earlier answer is marked', async () => {
    ask().click();
    await settle();
    answers = [() => new Promise(() => undefined)];
    ask().click();
    change(store, setDose(store.state.case, ATLAS, '0.0', 8));
    expect(signals[1]?.aborted).toBe(true);
    expect(text()).toContain('Of an earlier plan');
    expect(root.querySelector('.stale')).not.toBeNull();
    await settle();
    expect(ask().disabled).toBe(false);
  });
});

describe('a plan that is stopped', () => {
  beforeEach(() => store.set({ faults: [NOTE, STOP] }));
  it('is told of in the plan, gravest first in the list, and its risks cannot be asked for', () => {
    expect(stopStrip(store)?.textContent).toContain('Stopped by the safety check');
    expect([...root.querySelectorAll('.findings li')].map((one) => one.getAttribute('data-verdict'))).toEqual(['stop', 'note']);
    expect(ask().disabled).toBe(true);
  });
  it('goes on with a reason, which the case keeps, and stops again when it is withdrawn', () => {
    const input = root.querySelector<HTMLInputElement>('[data-focus="reason.levator"]') as HTMLInputElement;
    const go = [...root.querySelectorAll('button')].find((one) => one.textContent === 'Simulate all the same');
    go?.click();
    expect(store.state.case).not.toHaveProperty('override');
    input.value = ' a lesson ';
    go?.click();
    expect(store.state.case).toHaveProperty('override', { levator: 'a lesson' });
    store.set({ faults: [{ ...STOP, overridden: 'a lesson' }] });
    expect(stopStrip(store)).toBeNull();
    expect(ask().disabled).toBe(false);
    root.querySelector<HTMLButtonElement>('[data-focus="withdraw.levator"]')?.click();
    expect(store.state.case).not.toHaveProperty('override');
  });
});
