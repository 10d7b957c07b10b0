// What is told of the candidate: the keys of [patient.health] in the case, for the safety check alone.
import type { Fault } from '../api/types';
import type { Atlas } from './atlas';
import { h } from './dom';
import { getKey, setKey } from './edits';
import { faultList, numberField } from './fields';
import { sentenceCase } from './names';
import { quantity, withUnit } from './quantity';
import { change, type PageStore } from './state';

type Faults = (key: string) => Fault[] | undefined;

const LISTS: readonly (readonly [list: string, words: string])[] = [
  ['conditions', 'Illness'], ['medicines', 'Medicines'], ['allergies', 'Allergies'],
  ['surgery', 'Earlier surgery'], ['skin', 'Skin'], ['expectations', 'Expectations'],
];
const FLAGS: readonly (readonly [key: string, words: string])[] = [['pregnant', 'Pregnant'], ['breastfeeding', 'Breast-feeding']];
const HEALTH = ['patient', 'health'] as const;

/** The places of faults that this part shows itself. */
export const isOfHealth = (place: string): boolean => place === 'patient.weight' || place.startsWith('patient.health');

export function healthBlock(store: PageStore, atlas: Atlas, faults: Faults): HTMLElement {
  const { case: document } = store.state;
  const weight = numberField({
    label: 'Weight', unit: 'kg', value: quantity(getKey(document, ['patient', 'weight']), 'kg'), min: 1, max: 400, placeholder: 'not told',
    focus: 'patient.weight', faults: faults('patient.weight') ?? [],
    commit: (value) => change(store, setKey(store.state.case, ['patient', 'weight'], value === null ? undefined : withUnit(value, 'kg'))),
  });
  const groups = LISTS.map(([list, words]) => group(store, list, words, atlas.document.health[list] ?? {}, faults));
  const earlier = getKey(document, [...HEALTH, 'treatments']);
  const count = Array.isArray(earlier) ? earlier.length : 0;
  return h('section', { class: 'block' }, h('h2', { text: 'Health, for the safety check' }),
    h('p', { class: 'hint', text: 'No curve follows these. A tick tells the check; without one nothing is known.' }),
    h('div', { class: 'fields two' }, weight), flags(store, faults), ...groups,
    h('p', { class: 'hint', text: count ? `Earlier treatments in the case: ${count}.` : 'Earlier treatments: [[patient.health.treatments]] in the case file.' }),
    faultList(treatmentFaults(faults, count)));
}

function treatmentFaults(faults: Faults, count: number): Fault[] {
  return Array.from({ length: count }, (_, index) => faults(`patient.health.treatments[${index}]`) ?? []).flat();
}

function group(store: PageStore, list: string, words: string, names: Record<string, string>, faults: Faults): HTMLElement {
  const path = [...HEALTH, list];
  const told = getKey(store.state.case, path);
  const chosen = new Set(Array.isArray(told) ? told.map(String) : []);
  const boxes = Object.entries(names).map(([name, meaning]) => box(`${list}.${name}`, plain(meaning), chosen.has(name), (on) => {
    const next = Object.keys(names).filter((one) => (one === name ? on : chosen.has(one)));
    change(store, setKey(store.state.case, path, next.length ? next : undefined));
  }));
  const found = faults(`patient.health.${list}`);
  const count = chosen.size ? ` (${chosen.size})` : '';
  return h('details', { class: 'group', open: chosen.size > 0 || Boolean(found) }, h('summary', { text: `${words}${count}` }),
    h('fieldset', { class: 'checks', 'aria-label': words }, ...boxes), faultList(found));
}

function flags(store: PageStore, faults: Faults): HTMLElement {
  const boxes = FLAGS.map(([key, words]) => {
    const path = [...HEALTH, key];
    return box(key, words, getKey(store.state.case, path) === true, (on) => change(store, setKey(store.state.case, path, on ? true : undefined)));
  });
  return h('div', {}, h('fieldset', { class: 'checks' }, h('legend', { text: 'State' }), ...boxes), faultList(FLAGS.flatMap(([key]) => faults(`patient.health.${key}`) ?? [])));
}

function box(focus: string, words: string, on: boolean, commit: (on: boolean) => void): HTMLElement {
  const input = h('input', { type: 'checkbox', 'data-focus': `health.${focus}`, checked: on });
  input.addEventListener('change', () => commit(input.checked));
  return h('label', {}, input, h('span', { text: words }));
}

/** Without its article, as a label. */
function plain(meaning: string): string {
  return sentenceCase(meaning.replace(/^an? /, ''));
}
