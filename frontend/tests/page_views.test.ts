// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Api } from '../src/api/client';
import type { Fault, InjectionPlace } from '../src/api/types';
import type { Parts } from '../src/page/app';
import { Loader } from '../src/page/loader';
import { BlankHead } from '../src/page/blank_head';
import { startState, type PageStore } from '../src/page/state';
import { Store } from '../src/page/store';
import { skinTip } from '../src/page/hover';
import { rightState } from '../src/page/stage';
import { YEARS } from './page_years_fixture';
import { ANATOMY, ATLAS, FakeHead, makeCourse, PATTERNED } from './page_fixtures';
import { RISKS } from './risks_fixture';

vi.hoisted(() => {
  vi.stubGlobal('matchMedia', () => ({ matches: true, addEventListener: () => undefined }));
  vi.stubGlobal('ResizeObserver', class { observe() {} disconnect() {} });
  vi.stubGlobal('CSS', { escape: (text: string) => text });
});
const { mountApp } = await import('../src/page/app');

let store: PageStore;
let head: FakeHead;
let parts: Parts;
let faults: Fault[];
let asked: string[];
let end: () => void;

const calls = (): Api => ({
  anatomy: async () => ANATOMY,
  evidence: async () => [],
  check: async () => (asked.push('check'), faults),
  course: async (_document: unknown, _signal: unknown, bands: boolean) => (asked.push(bands ? 'bands' : 'course'), makeCourse()),
  risks: async () => RISKS,
  report: async () => (asked.push('report'), new Blob()),
  read: async () => PATTERNED,
  write: async () => 'title = "x"',
  library: async () => [{ name: 'frown', title: 'Frown', modified: '2026-01-01T00:00:00+00:00' }],
  open: async () => '',
  keep: async (name: string) => (asked.push(`keep ${name}`), ''),
  remove: async () => '',
  years: async (asking) => (asked.push(`years ${asking.years.every}`), YEARS),
});
const settle = () => vi.advanceTimersByTimeAsync(1000);
const press = (key: string, more: KeyboardEventInit = {}, target: EventTarget = document.body) => {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more });
  target.dispatchEvent(event);
  return event;
};
const point = (type: string, x: number, y: number) => {
  const event = new MouseEvent(type, { clientX: x, clientY: y, button: 0, bubbles: true });
  Object.assign(event, { pointerId: 1, isPrimary: true, pointerType: 'mouse' });
  parts.canvas.dispatchEvent(event);
};
const click = (x: number, y: number) => {
  point('pointerdown', x, y);
  point('pointerup', x, y);
};
const find = <T extends HTMLElement>(selector: string): T => {
  const found = document.querySelector<T>(selector);
  if (!found) throw new Error(`nothing matches ${selector}`);
  return found;
};
const injections = () => store.state.case.plan.session[0]?.injection ?? [];
const notice = () => find('.notice').textContent ?? '';

beforeEach(async () => {
  vi.useFakeTimers();
  document.body.innerHTML = '<header id="top"></header><section id="stage"><canvas id="head"></canvas></section><section id="time"></section><aside id="inspector"></aside>';
  [faults, asked] = [[], []];
  store = new Store(startState(PATTERNED));
  head = new FakeHead();
  parts = { header: find('#top'), stage: find('#stage'), canvas: find<HTMLCanvasElement>('#head'), time: find('#time'), inspector: find('#inspector') };
  const api = calls();
  new Loader(store, api).start();
  end = mountApp(parts, store, api, ANATOMY, [], head);
  await settle();
});
afterEach(() => {
  end();
  vi.useRealTimers();
});

describe('planning with the pointer', () => {
  it('injects where the face is clicked, with the dose of the last point and the depth of the nearest site', () => {
    click(30, 60);
    expect(injections().at(-1)).toEqual({ at_mm: [30, 40], depth: '3 mm', dose: '4 U', volume: '0.1 mL' });
    expect(store.state.selected).toBe('0.3');
    expect(head.scene?.markers.find((one) => one.selected)?.at).toEqual([30, 40]);
  });
  it('refuses a point outside the face with a sentence', () => {
    for (const x of [100, 300]) {
      click(x, 50);
      expect(notice()).toMatch(/outside the face: nothing was changed/);
    }
    expect(injections()).toEqual([]);
  });
  it('adds nothing when the head is turned, or when a click does not inject', () => {
    point('pointerdown', 30, 60);
    point('pointermove', 60, 60);
    point('pointerup', 60, 60);
    store.set({ inject: false });
    click(30, 60);
    expect(injections()).toEqual([]);
  });
  it('drags a point in one step, and leaves the head still meanwhile', () => {
    point('pointerdown', 14, 78);
    expect(head.mode).toBe('none');
    for (const x of [20, 22, 25]) point('pointermove', x, 70);
    point('pointerup', 25, 70);
    expect(head.mode).toBe('turn');
    expect(injections()[1]?.at_mm).toEqual([25, 30]);
    expect(store.state.past).toHaveLength(1);
    press('z', { ctrlKey: true });
    expect(store.state.case).toBe(PATTERNED);
  });
});

describe('a point that is given by its tip', () => {
  const belly = { session: 0, injection: 0, site: 'corrugator.left.belly', tip: [20, 25, -3], skin: [23, 25], frame: 'head', dose: 4, volume: 0.1, day: 0, rim_distance: 5.4, levator_distance: 9 } as InjectionPlace;
  const planned = { ...PATTERNED, plan: { product: 'ona', session: [{ at: '0 days', injection: [{ site: 'corrugator.left.belly', dose: '4 U', volume: '0.1 mL' }] }] } };
  const marked = () => head.scene?.markers[0]?.at;

  beforeEach(async () => {
    store.set({ case: planned, overlay: 'distances' });
    expect(marked()).toEqual([20, 25]);
    await settle();
    store.set({ plan: { ...store.state.plan, course: makeCourse({ places: [belly] }) } });
  });
  it('stands where its needle enters, from where its distances are told', () => {
    expect(marked()).toEqual(belly.skin);
    expect(find('[data-point="0.0"]').style.transform).toBe('translate(23px, 75px)');
    expect(find('.mm').textContent).toMatch(/rim 5\.4/);
    store.set({ case: { ...planned, patient: { age: 50 } } });
    expect(marked()).toEqual(belly.skin);
  });
  it('follows the pointer, its tip behind it', () => {
    point('pointerdown', 23, 75);
    for (const x of [30, 33]) point('pointermove', x, 70);
    expect([marked(), injections()[0]?.at_mm]).toEqual([[33, 30], [30, 30, -3]]);
    point('pointerup', 33, 70);
    press('ArrowRight');
    expect([marked(), injections()[0]?.at_mm]).toEqual([[34, 30], [31, 30, -3]]);
  });
});

describe('planning with keys alone', () => {
  it('selects, moves by a millimetre, changes dose and depth, mirrors and removes', () => {
    press('n');
    press('n');
    press('ArrowRight');
    press('ArrowUp', { shiftKey: true });
    expect(injections()[1]?.at_mm).toEqual([15, 27]);
    press('+');
    press(']');
    expect(injections()[1]).toMatchObject({ dose: '4.5 U', depth: '3.5 mm' });
    press('m');
    expect(injections()).toHaveLength(4);
    expect(injections()[3]).toMatchObject({ at_mm: [-15, 27], dose: '4.5 U' });
    press('Delete');
    expect(injections()).toHaveLength(3);
    press('y', { ctrlKey: true });
    press('z', { ctrlKey: true });
    expect(injections()).toHaveLength(4);
  });
  it('goes through the points by their pins, named for those who do not see them', async () => {
    const pins = document.querySelectorAll<HTMLElement>('.pin');
    expect([...pins].map((one) => one.getAttribute('aria-label'))).toEqual([
      expect.stringMatching(/^Point 1, Procerus, 4 units, 0.1 millilitres, 3.2 millimetres deep\./),
      expect.stringMatching(/^Point 2, Corrugator medial, left/), expect.stringMatching(/^Point 3, Corrugator medial, right/)]);
    pins[2]?.focus();
    expect(store.state.selected).toBe('0.2');
    press('ArrowLeft', {}, document.activeElement as Element);
    expect(injections()[2]?.at_mm).toEqual([-15, 22]);
    expect((document.activeElement as HTMLElement).dataset['focus']).toBe('pin-0.2');
  });
  it('plays with the space bar and asks the server nothing', async () => {
    const before = asked.length;
    press(' ');
    expect(store.state.playing).toBe(true);
    await vi.advanceTimersByTimeAsync(3000);
    expect(store.state.day).toBeGreaterThan(60);
    press(' ');
    press('End');
    expect([store.state.day, document.body.dataset['day']]).toEqual([365, '365']);
    press('3');
    expect(store.state.expression).toBe('brow_raise');
    await settle();
    expect(asked.length).toBe(before);
    expect(document.body.dataset['settled']).toBe('brow_raise');
  });
  it('plays with the space bar while the slider has focus', () => {
    press(' ', {}, find('.slider'));
    expect(store.state.playing).toBe(true);
  });
  it('leaves keys to fields, and single keys can be switched off', () => {
    const title = find<HTMLInputElement>('.title');
    press('n', {}, title);
    expect(store.state.selected).toBeNull();
    store.set({ singleKeys: false });
    press('n');
    expect(store.state.selected).toBeNull();
    press('End');
    expect(store.state.day).toBe(365);
  });
});

describe('what the page says', () => {
  it('tells a fault at its point: on the head, in the list and on the session', async () => {
    faults = [{ message: '70 mm is out of range', file: null, line: null, key: 'plan.session[0].injection[1].depth', remedy: 'give at most 60 mm' }];
    press('n');
    press('ArrowUp');
    await settle();
    expect(head.scene?.markers[1]?.fault).toBe('70 mm is out of range. Give at most 60 mm.');
    expect(find('[data-point="0.1"] .callout').title).toMatch(/out of range/);
    expect(find('.point.faulty .faults').textContent).toMatch(/Give at most 60 mm/);
    expect(document.querySelectorAll('.point.faulty')).toHaveLength(1);
    expect(find('#top .status').textContent).toMatch(/1 fault: last course shown/);
  });
  it('tells a finding of the safety check at its point, and simulates all the same', async () => {
    const more = { file: null, line: null, severity: 'finding' as const, source: 'label' };
    faults = [
      { ...more, verdict: 'caution', rule: 'rim_height', title: 'Too near the rim', message: 'The point lies 4 mm above the rim.', remedy: 'Move it up.', key: 'plan.session[0].injection[1].at_mm' },
      { ...more, verdict: 'note', rule: 'no_label', title: 'No label', message: 'Off label.', remedy: null, key: 'plan.session[0]' },
    ];
    const before = asked.filter((one) => one === 'course').length;
    press('n');
    press('ArrowUp');
    await settle();
    expect(asked.filter((one) => one === 'course').length).toBeGreaterThan(before);
    expect(find('#top .status').textContent).toBe('Safety check: 1 finding');
    expect(document.querySelector('.faults li[data-verdict="caution"]')?.textContent).toBe('Caution: Too near the rim. The point lies 4 mm above the rim. Move it up.');
    expect(document.querySelector('.faults li[data-verdict="note"]')?.textContent).toBe('Note: No label. Off label.');
  });
  it('tells the check of illness, and takes it back', async () => {
    store.set({ tab: 'patient' });
    await settle();
    find<HTMLInputElement>('[data-focus="health.conditions.dry_eye"]').click();
    expect(store.state.case.patient?.['health']).toEqual({ conditions: ['dry_eye'] });
    find<HTMLInputElement>('[data-focus="health.conditions.dry_eye"]').click();
    find<HTMLInputElement>('[data-focus="health.pregnant"]').click();
    expect(store.state.case.patient?.['health']).toEqual({ pregnant: true });
  });
  it('tells a fault for which no panel has a field', async () => {
    faults = [{ message: 'unknown key', file: null, line: null, key: 'patient.height', remedy: 'remove it' }];
    store.set({ case: { ...PATTERNED, patient: { height: 2 } } });
    await settle();
    expect(find('.plan > .faults').textContent).toMatch(/Unknown key\. Remove it\./);
  });
  it('refuses a pattern of another product, and offers a new plan', () => {
    const select = find<HTMLSelectElement>('[data-focus="pattern"]');
    select.value = 'glabella-abo-10u';
    select.dispatchEvent(new Event('change'));
    expect(notice()).toMatch(/not interchangeable/);
    expect(store.state.case).toBe(PATTERNED);
    find<HTMLButtonElement>('.notice button').click();
    expect(store.state.case.plan).toEqual({ product: 'abo', session: [{ at: '0 days' }] });
  });
  it('shows the doses beside the label’s', () => {
    expect(find('.plan table').textContent).toMatch(/Total1212/);
  });
  it('tells what the simulator notes of a case, such as a dose beyond the label', () => {
    const notes = [{ kind: 'dose beyond the label', message: '400 U are 3 times the largest total.', source: 'LL001, section 2' }];
    store.set({ plan: { ...store.state.plan, course: makeCourse({ notes }) } });
    expect(find('.plan .faults').textContent).toBe('400 U are 3 times the largest total (LL001, section 2).');
  });
  it('splits before and after, and two plans', () => {
    press('b');
    expect(head.before?.force).toEqual({});
    press('c');
    expect(store.state.compared).toBe(PATTERNED);
    expect(find('.strip').textContent).toMatch(/B: Frown/);
    press('c');
    expect(head.before).toBeNull();
  });
  it('shows the lines of a person before the first injection, and none where they are not known', () => {
    const empty = { ...PATTERNED, plan: { product: 'ona', session: [{ at: '0 days' }] } };
    store.set({ case: empty, day: 20 });
    expect([head.scene?.lines, head.scene?.force]).toEqual([{ glabella: { rest: 0.2, effort: 1.2 } }, {}]);
    expect(find('.untold').hidden).toBe(true);
    store.set({ case: { ...empty, patient: { age: 80 } }, split: 'before' });
    expect([head.scene?.lines, head.before?.lines]).toEqual([{}, {}]);
    expect(find('.untold').hidden).toBe(false);
    expect(find('.untold').textContent).toBe('Add an injection to see lines of this person.');
    store.set({ compared: store.state.case, case: PATTERNED, other: store.state.plan, split: 'plans' });
    expect([head.before?.lines, find('.untold').hidden]).toEqual([{}, true]);
    expect(skinTip(rightState({ ...store.state, case: empty, overlay: 'muscles' }), ATLAS, { at: [0, 10], skin: [0, 10, 0], inside: true })?.lines).toEqual(['100 % of untreated force']);
  });
  it('does not edit the plan that stands on the left', () => {
    parts.canvas.getBoundingClientRect = () => new DOMRect(0, 0, 60, 100);
    press('c');
    click(14, 78);
    expect(notice()).toMatch(/Plan B is shown here/);
    point('pointerdown', 14, 78);
    point('pointermove', 20, 60);
    point('pointerup', 20, 60);
    expect([store.state.case, store.state.selected]).toEqual([PATTERNED, null]);
    click(50, 50);
    expect(injections().at(-1)?.at_mm).toEqual([50, 50]);
  });
  it('shows every drawn thing as a table', () => {
    store.set({ tab: 'course', asTables: true });
    expect(document.querySelectorAll('.tables table')).toHaveLength(7);
  });
  it('tells the limits of a course beside its curves and its tables', () => {
    expect(find('.limits').parentElement?.hidden).toBe(true);
    store.set({ tab: 'course', plan: { ...store.state.plan, course: makeCourse({ limits: ['Not a person.', 'One set of parameters.'] }) } });
    expect(find('.course .limits summary').textContent).toBe('Limits');
    expect([...document.querySelectorAll('.limits li')].map((one) => one.textContent)).toEqual(['Not a person.', 'One set of parameters.']);
    expect(find('.limits').closest('[hidden]')).toBeNull();
  });
  it('keeps a case under a name, and refuses a bad one', async () => {
    store.set({ tab: 'keep' });
    await settle();
    const name = find<HTMLInputElement>('.keep input[maxlength]');
    const keep = [...document.querySelectorAll<HTMLButtonElement>('.keep .primary')].find((one) => one.textContent === 'Keep');
    name.value = '../up';
    keep?.click();
    await settle();
    expect(notice()).toMatch(/1 to 64 letters/);
    name.value = 'mine';
    keep?.click();
    await settle();
    expect(asked).toContain('keep mine');
    expect(find('.library').textContent).toMatch(/Frown/);
  });
  it('changes the patient without touching the plan', () => {
    store.set({ tab: 'patient' });
    const age = find<HTMLInputElement>('[data-focus="patient.age"]');
    age.value = '60';
    age.dispatchEvent(new Event('change'));
    expect(store.state.case).toEqual({ ...PATTERNED, patient: { age: 60 } });
  });
  it('takes grades of every region of the model', () => {
    store.set({ tab: 'patient' });
    expect(document.querySelectorAll('.grades tbody tr')).toHaveLength(ANATOMY.regions.length);
  });
  it('lists its keys', () => {
    const dialog = find<HTMLDialogElement>('dialog');
    dialog.showModal = () => dialog.setAttribute('open', '');
    press('?');
    expect(dialog.textContent).toMatch(/Move the selected point by 1 mm/);
    expect(dialog.textContent).toMatch(/not a medical device/);
  });
});

describe('without a head', () => {
  it('still plans, plays and asks for courses', async () => {
    end();
    const blank = new BlankHead('no WebGL 2');
    end = mountApp(parts, store, calls(), ANATOMY, [], blank);
    press('a');
    await settle();
    expect(injections().at(-1)?.at_mm).toEqual([0, 20]);
    expect(asked.filter((one) => one === 'course')).toHaveLength(2);
    await expect(blank.snapshot()).rejects.toThrow('no WebGL 2');
  });
});
