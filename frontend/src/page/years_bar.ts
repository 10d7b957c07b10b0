// The age axis beside the days: both twins' line at rest over age, a slider along it, and what is asked of the life.
import { choice, h } from './dom';
import { sentence } from './faults';
import { shown } from './quantity';
import { regionName } from './names';
import type { PageStore, State } from './state';
import { drawTwins } from './years_chart';
import { ageText, ageTicks, at, LENGTHS, regionOf, RHYTHMS, type Years } from './years_state';

const TIMES = [['days', 'Days'], ['years', 'Years']] as const;
const STEP = 0.1; // years

export function mountYears(root: HTMLElement, store: PageStore): void {
  const put = (part: Partial<Years>): void => store.set({ years: { ...store.state.years, ...part } });
  const times = choice('Time shown', TIMES, (value) => store.set({ split: value === 'years' ? 'years' : 'off', playing: false }));
  times.root.classList.add('times');
  const rhythm = select('How often', RHYTHMS, (value) => put({ rhythm: value as Years['rhythm'] }));
  const length = select('Years followed', LENGTHS.map((one) => [String(one), `for ${one} years`] as const), (value) => put({ length: Number(value) }));
  const picture = h('div', { class: 'twins', 'aria-hidden': 'true' });
  const slider = h('input', { type: 'range', class: 'slider', step: String(STEP), 'aria-label': 'Age', 'data-focus': 'age' });
  slider.addEventListener('input', () => put({ age: Number(slider.value) }));
  const ticks = h('div', { class: 'ticks', 'aria-hidden': 'true' });
  const words = h('p', { class: 'years-words', role: 'status' });
  const told = h('div', { class: 'told' });
  const row = h('div', { class: 'years' }, h('div', { class: 'asked' }, rhythm, length, told), h('div', { class: 'axis' }, picture, h('div', { class: 'track' }, slider, ticks)), words);
  root.querySelector('.expressions')?.prepend(times.root);
  root.append(row);

  store.watch((s) => [s.split === 'years'], (on) => {
    times.show(on ? 'years' : 'days');
    row.hidden = !on;
    root.querySelector<HTMLElement>('.clock')?.toggleAttribute('hidden', on);
    document.body.toggleAttribute('data-years', on);
  });
  store.watch((s) => [s.years.rhythm, s.years.length], (often, many) => {
    rhythm.value = often;
    length.value = String(many);
  });
  store.watch((s) => [s.years.document, s.region], (found, region) => {
    slider.toggleAttribute('disabled', !found);
    picture.replaceChildren();
    ticks.replaceChildren();
    if (!found) return;
    const [first, last] = ends(found.age);
    slider.min = String(first);
    slider.max = String(last);
    const { root: curves, highest } = drawTwins(found, regionOf(found, region));
    picture.append(curves, h('span', { class: 'highest', text: `${shown(highest, 2)} mm` }));
    ticks.replaceChildren(...ageTicks(first, last).map((age) => {
      const tick = h('span', { text: String(age) });
      tick.style.left = `${(100 * (age - first)) / (last - first)}%`;
      return tick;
    }));
  });
  store.watch((s) => [s.years, s.region], () => tell(store.state, { slider, words, told, picture }));
}

interface Told {
  slider: HTMLInputElement;
  words: HTMLElement;
  told: HTMLElement;
  picture: HTMLElement;
}

function tell(state: State, { slider, words, told, picture }: Told): void {
  const { years, region } = state;
  const found = years.document;
  document.body.toggleAttribute('data-years-ready', found !== null && !years.busy);
  words.classList.toggle('bad', years.faults.length > 0);
  if (years.faults.length) words.textContent = years.faults.map(sentence).join(' ');
  else if (years.busy) words.textContent = 'Following the life…';
  else if (!found) words.textContent = 'Add an injection: its session is given again and again.';
  if (!found) return told.replaceChildren();
  const row = regionOf(found, region);
  const [first, last] = ends(found.age);
  const [untreated, treated] = (['untreated', 'treated'] as const).map((twin) => shown(at(found, found.depth_rest, twin, row, years.age), 2)) as [string, string];
  const given = found.sessions.filter((one) => one <= years.age);
  const units = found.dose.slice(0, given.length).reduce((sum, one) => sum + one, 0);
  slider.value = String(years.age);
  slider.style.setProperty('--done', String((years.age - first) / (last - first)));
  picture.style.setProperty('--at', String((years.age - first) / (last - first)));
  const name = regionName(found.regions[row] ?? '');
  slider.setAttribute('aria-valuetext', `${ageText(years.age)}. ${name} at rest: ${untreated} mm never treated, ${treated} mm treated`);
  told.replaceChildren(h('b', { text: ageText(years.age) }), h('span', { class: 'u', text: `${untreated} mm untreated` }), h('span', { class: 't', text: `${treated} mm treated` }));
  if (!years.faults.length && !years.busy) {
    const over = found.findings.length ? ` ${found.findings.length} finding${found.findings.length > 1 ? 's' : ''} of the safety check.` : '';
    const lost = found.lost === null ? '' : ` Antibodies end the response at ${found.lost.toFixed(0)}.`;
    words.textContent = `${name}: depth of the line at rest. ${given.length} sessions so far, ${units.toFixed(0)} U.${lost}${over}`;
    words.title = found.words.join(' ');
  }
}

function ends(age: readonly number[]): [first: number, last: number] {
  return [age[0] ?? 0, age[age.length - 1] ?? 1];
}

function select(label: string, options: readonly (readonly [string, string])[], pick: (value: string) => void): HTMLSelectElement {
  const root = h('select', { 'aria-label': label }, ...options.map(([value, words]) => h('option', { value, text: words })));
  root.addEventListener('change', () => pick(root.value));
  return root;
}
