// Who is treated: the keys of [patient] in the case, and how the head looks.
import type { Point3 } from '../api/types';
import type { Atlas } from './atlas';
import { button, h, refill } from './dom';
import { getKey, setKey, simulatedDays } from './edits';
import { placedFaults } from './shown_faults';
import { faultList, numberField, selectField } from './fields';
import { healthBlock } from './health_panel';
import { regionName } from './names';
import { quantity, withUnit } from './quantity';
import { change, type PageStore } from './state';

interface Spec {
  label: string;
  path: readonly string[];
  unit?: string;
  base: number;
  min: number;
  max: number;
  step: number;
  hint?: string;
}

const PERSON: readonly Spec[] = [
  { label: 'Age', path: ['patient', 'age'], unit: 'years', base: 45, min: 2, max: 120, step: 1 },
  { label: 'Muscle mass', path: ['patient', 'muscle_mass'], unit: '× adult woman', base: 1, min: 0.1, max: 10, step: 0.1 },
  { label: 'Dermis thickness', path: ['patient', 'skin', 'thickness'], unit: '× typical', base: 1, min: 0.1, max: 10, step: 0.1 },
  { label: 'Toxin left free by antibodies', path: ['patient', 'antibody_free_fraction'], unit: 'share', base: 1, min: 0, max: 1, step: 0.05 },
];
const HABITS: readonly Spec[] = [
  { label: 'Frowning', path: ['patient', 'habits', 'frowning'], unit: '× typical', base: 1, min: 0, max: 20, step: 0.1 },
  { label: 'Brow raising', path: ['patient', 'habits', 'brow_raising'], unit: '× typical', base: 1, min: 0, max: 20, step: 0.1 },
  { label: 'Squinting', path: ['patient', 'habits', 'squinting'], unit: '× typical', base: 1, min: 0, max: 20, step: 0.1 },
  { label: 'Sun', path: ['patient', 'habits', 'sun'], unit: '× typical', base: 1, min: 0, max: 20, step: 0.1 },
  { label: 'Smoking', path: ['patient', 'habits', 'smoking'], unit: 'pack-years', base: 0, min: 0, max: 300, step: 1 },
];
const SKIN_TYPES = ['1, always burns', '2, usually burns', '3, sometimes burns', '4, rarely burns', '5, very rarely burns', '6, never burns'];
const ANCESTRIES: readonly (readonly [string, Point3])[] = [
  ['African', [1, 0, 0]], ['Asian', [0, 1, 0]], ['European', [0, 0, 1]], ['Mixed', [1 / 3, 1 / 3, 1 / 3]],
];
const FOLLOWED: readonly (readonly [string, string])[] = [['183', '6 months'], ['365', '1 year'], ['548', '18 months'], ['730', '2 years'], ['1095', '3 years'], ['1826', '5 years']];
const UNGRADED = '';

export function mountPatientPanel(root: HTMLElement, store: PageStore, atlas: Atlas): void {
  store.watch((s) => [s.case, s.faults, s.plan.faults, s.ancestry, s.tab], () => {
    if (store.state.tab === 'patient') refill(root, ...content(store, atlas));
  });
}

function content(store: PageStore, atlas: Atlas): HTMLElement[] {
  const faults = placedFaults(store.state, atlas);
  const document = store.state.case;
  const set = (path: readonly string[], value: unknown): void => change(store, setKey(store.state.case, path, value));
  const number = (spec: Spec): HTMLElement => numberField({
    ...spec,
    value: quantity(getKey(document, spec.path), spec.unit === 'years' ? 'year' : 'U'),
    placeholder: String(spec.base),
    focus: spec.path.join('.'),
    faults: faults.get(spec.path.join('.')) ?? [],
    commit: (value) => set(spec.path, value ?? undefined),
  });
  const sex = selectField('Sex', [['female', 'Female'], ['male', 'Male']], String(getKey(document, ['patient', 'sex']) ?? 'female'), 'sex', (value) => set(['patient', 'sex'], value), faults.get('patient.sex'));
  const type = getKey(document, ['patient', 'skin', 'fitzpatrick']);
  const skin = selectField('Skin type (Fitzpatrick)', SKIN_TYPES.map((words, index): [string, string] => [String(index + 1), words]), String(type ?? 2), 'skin', (value) => set(['patient', 'skin', 'fitzpatrick'], Number(value)), faults.get('patient.skin.fitzpatrick'));
  const ancestry = ANCESTRIES.findIndex(([, share]) => share.every((one, index) => Math.abs(one - (store.state.ancestry[index] ?? 0)) < 1e-6));
  const looks = selectField('Ancestry of the head', ANCESTRIES.map(([words], index): [string, string] => [String(index), words]), String(ancestry), 'ancestry', (value) => store.set({ ancestry: ANCESTRIES[Number(value)]?.[1] ?? [0, 0, 1] }));
  looks.append(h('small', { class: 'hint', text: 'View only: not part of the case, without effect on the course.' }));
  return [
    h('section', { class: 'block' }, h('h2', { text: 'Person' }), h('div', { class: 'fields two' }, number(PERSON[0] as Spec), sex, skin, looks, ...PERSON.slice(1).map(number))),
    baseline(store, atlas, faults.get.bind(faults)),
    healthBlock(store, atlas, faults.get.bind(faults)),
    h('section', { class: 'block' }, h('h2', { text: 'Habits' }), h('div', { class: 'fields two' }, ...HABITS.map(number))),
    followed(store, faults.get('simulation.days')),
  ];
}

function baseline(store: PageStore, atlas: Atlas, faults: (key: string) => ReturnType<ReturnType<typeof placedFaults>['get']>): HTMLElement {
  const options: [string, string][] = [[UNGRADED, 'not graded'], ['0', '0 none'], ['1', '1 mild'], ['2', '2 moderate'], ['3', '3 severe']];
  const grade = (region: string, at: string): HTMLElement => {
    const path = ['patient', 'baseline', region, at];
    const value = getKey(store.state.case, path);
    const all = typeof value === 'number' && !options.some(([key]) => key === String(value)) ? [...options, [String(value), String(value)] as [string, string]] : options;
    const select = h('select', { 'aria-label': `${regionName(region)}, ${at === 'rest' ? 'at rest' : 'at full effort'}`, 'data-focus': path.join('.') }, ...all.map(([key, words]) => h('option', { value: key, text: words })));
    select.value = value === undefined ? UNGRADED : String(value);
    select.addEventListener('change', () => change(store, setKey(store.state.case, path, select.value === UNGRADED ? undefined : Number(select.value))));
    return select;
  };
  const rows = atlas.document.regions.map((region) => {
    const keys = [`patient.baseline.${region}`, `patient.baseline.${region}.maximum`, `patient.baseline.${region}.rest`];
    return h('tr', {}, h('th', { scope: 'row' }, regionName(region), faultList(keys.flatMap((key) => faults(key) ?? []))), h('td', {}, grade(region, 'maximum')), h('td', {}, grade(region, 'rest')));
  });
  const name = (text: string): HTMLElement => h('th', { scope: 'col', text });
  return h('section', { class: 'block' }, h('h2', { text: 'Lines before treatment' }), h('div', { class: 'table grades' },
    h('table', {}, h('thead', {}, h('tr', {}, name('Lines'), name('Full effort'), name('Rest'))), h('tbody', {}, ...rows))),
    h('p', { class: 'hint', text: 'Left ungraded, lines start where the model puts them at this age.' }));
}

function followed(store: PageStore, faults: ReturnType<ReturnType<typeof placedFaults>['get']>): HTMLElement {
  const days = simulatedDays(store.state.case);
  const known = FOLLOWED.some(([key]) => Number(key) === days);
  const options = known ? FOLLOWED : [[String(days), `${Math.round(days)} days`] as const, ...FOLLOWED];
  const commit = (value: string): void => change(store, setKey(store.state.case, ['simulation', 'days'], withUnit(Number(value), 'day')));
  const antitoxin = quantity(getKey(store.state.case, ['antitoxin', 'at']), 'day');
  return h('section', { class: 'block' }, h('h2', { text: 'Follow-up' }), h('div', { class: 'fields two' },
    selectField('Followed for', options, String(days), 'days', commit, faults),
    numberField({ label: 'Antitoxin given at', unit: 'day', value: antitoxin, min: 0, placeholder: 'never', focus: 'antitoxin', commit: (value) => change(store, setKey(store.state.case, ['antitoxin', 'at'], value === null ? undefined : withUnit(value, 'day'))) })),
    antitoxin === null ? null : button('Without antitoxin', () => change(store, setKey(store.state.case, ['antitoxin'], undefined)), { class: 'small' }));
}
