// @vitest-environment jsdom
import { beforeEach, expect, test, vi } from 'vitest';
import type { YearsRequest } from '../src/api/years';
import { Refused, fault } from '../src/api/client';
import { isEmpty, setProduct } from '../src/page/edits';
import { startState, type PageStore } from '../src/page/state';
import { sceneOf } from '../src/page/stage';
import { Store } from '../src/page/store';
import { mountTimebar } from '../src/page/timebar';
import { mountYears } from '../src/page/years_bar';
import { pathOf } from '../src/page/years_chart';
import { YearsLoader } from '../src/page/years_loader';
import { ageTicks, at, NO_YEARS, yearsRequest } from '../src/page/years_state';
import { halves } from '../src/page/years_scene';
import { ATLAS, PATTERNED } from './page_fixtures';
import { YEARS } from './page_years_fixture';

let store: PageStore;
const shown = { ...NO_YEARS, document: YEARS, age: 46 };

beforeEach(() => {
  vi.useFakeTimers();
  document.body.replaceChildren();
  store = new Store(startState(PATTERNED));
});

test('the first session that injects is given again and again, from day 0 on', () => {
  const empty = { at: '0 days' };
  const plan = { product: 'ona', session: [empty, { at: '12 weeks', pattern: 'glabella-12u' }] };
  const asked = yearsRequest({ ...PATTERNED, plan, patient: { age: '30 years' } }, { rhythm: '16', length: 10 });
  expect(asked?.plan.session).toEqual([{ at: 0, pattern: 'glabella-12u' }]);
  expect(asked?.years).toEqual({ until: 40, every: '16 weeks' });
  expect(yearsRequest(PATTERNED, { rhythm: 'grade', length: 5 })?.years).toEqual({ until: 50, every: '4 weeks', grade: 2 });
  expect(yearsRequest({ ...PATTERNED, plan: { product: 'ona', session: [empty] } }, NO_YEARS)).toBeNull();
});

test('other offers go along, without what years cannot follow', () => {
  const offers = [{ name: 'local_anaesthetic', at: 0, volume: 0.1 }, { name: 'acetyl_hexapeptide_8', at: 0, permeation: 0.1 }];
  expect(yearsRequest({ ...PATTERNED, offers }, NO_YEARS)?.offers).toEqual([{ name: 'acetyl_hexapeptide_8', at: 0 }]);
});

test('a value at an age lies between its neighbours, and stays at the ends', () => {
  expect(at(YEARS, YEARS.depth_rest, 'untreated', 0, 48.5)).toBeCloseTo(0.26);
  expect(at(YEARS, YEARS.depth_rest, 'treated', 1, 60)).toBeCloseTo(0.2);
});

test('the axis is named at few whole ages', () => {
  expect(ageTicks(45, 50)).toEqual([45, 46, 47, 48, 49, 50]);
  expect(ageTicks(30.5, 70).every((one) => one % 5 === 0)).toBe(true);
  expect(pathOf([40, 60], [0, 1], 2)).toBe('M0.0 100.00L1000.0 50.00');
});

test('the twins stand side by side with their own lines, and only the treated one is weak', () => {
  store.set({ split: 'years', years: shown });
  const { scene, left } = sceneOf(store.state, ATLAS);
  expect(scene.lines['glabella']).toEqual({ rest: 0.15, effort: 0.3 });
  expect(left?.lines['glabella']).toEqual({ rest: 0.21, effort: 1 });
  expect(scene.force['corrugator_supercilii.left']).toBeCloseTo(0.2);
  expect(scene.force['frontalis_medial.left']).toBeUndefined();
  expect(left?.force).toEqual({});
  expect([scene.identity.age, left?.identity.age]).toEqual([46, 46]);
  expect(halves(shown)).toEqual(['Untreated, 46.0', 'Treated, 46.0']);
});

test('without an answer no head has lines that could be taken for those of the life', () => {
  store.set({ split: 'years' });
  expect(sceneOf(store.state, ATLAS)).toMatchObject({ scene: { lines: {} }, left: null });
});

test('the server is asked once for a life, again after a change, and never while days are shown', async () => {
  const asked: YearsRequest[] = [];
  new YearsLoader(store, { years: async (one) => (asked.push(one), YEARS) }).start();
  await vi.advanceTimersByTimeAsync(2000);
  expect(asked).toHaveLength(0);
  store.set({ split: 'years' });
  await vi.advanceTimersByTimeAsync(2000);
  store.set({ split: 'off' });
  store.set({ split: 'years' });
  await vi.advanceTimersByTimeAsync(2000);
  expect(asked).toHaveLength(1);
  expect(store.state.years.age).toBe(50);
  store.set({ years: { ...store.state.years, rhythm: '26' } });
  await vi.advanceTimersByTimeAsync(2000);
  expect(asked[1]?.years.every).toBe('26 weeks');
});

test('every fault of a life is told in the bar, and the last life stays', async () => {
  const root = document.createElement('section');
  mountTimebar(root, store);
  mountYears(root, store);
  const faults = [fault('it would last 70 years', 'lower until', 'years.until'), fault('no product', null, 'plan.product')];
  new YearsLoader(store, { years: async () => Promise.reject(new Refused(faults, 422)) }).start();
  store.set({ split: 'years', years: shown });
  await vi.advanceTimersByTimeAsync(2000);
  const words = root.querySelector('.years-words')?.textContent ?? '';
  expect(words).toContain('70 years');
  expect(words).toContain('No product');
  expect(store.state.years.document).toBe(YEARS);
});

test('the bar swaps days and years, and its slider sets the age', () => {
  const root = document.createElement('section');
  mountTimebar(root, store);
  mountYears(root, store);
  const [clock, bar] = ['.clock', '.years'].map((one) => root.querySelector<HTMLElement>(one));
  expect([clock?.hidden, bar?.hidden]).toEqual([false, true]);
  root.querySelector<HTMLElement>('[data-value="years"]')?.click();
  store.set({ years: shown });
  expect([clock?.hidden, bar?.hidden]).toEqual([true, false]);
  expect(root.querySelectorAll('.twins path.given')).toHaveLength(3);
  const slider = root.querySelector<HTMLInputElement>('.axis input');
  if (!slider) throw new Error('no slider');
  slider.value = '47';
  slider.dispatchEvent(new Event('input'));
  expect(store.state.years.age).toBe(47);
  expect(slider.getAttribute('aria-valuetext')).toContain('0.22 mm never treated, 0.12 mm treated');
  expect(root.querySelector('.years-words')?.textContent).toContain('3 sessions so far, 60 U');
});

test('a case of other offers alone is simulated, and its product may still change', () => {
  const cream = { title: 'Cream', plan: { product: 'ona', session: [{ at: '0 days' }] }, offers: [{ name: 'moisturiser', at: 0 }] };
  expect(isEmpty(cream)).toBe(false);
  expect(setProduct(cream, 'abo')).toMatchObject({ case: { plan: { product: 'abo' } } });
});
