// The plan: product, sessions, points, totals beside the label's.
import type { Actions } from './actions';
import type { CourseDocument } from '../api/types';
import type { Atlas } from './atlas';
import { button, h, icon, iconButton, refill } from './dom';
import * as edits from './edits';
import { elsewhere, isOpen, type Placed } from './faults';
import { placedFaults } from './shown_faults';
import { faultList, numberField, selectField } from './fields';
import { sentenceCase, siteName, unitName } from './names';
import { stopStrip } from './risks_panel';
import { placeOf } from './places';
import { pointPlace, pointsOf, pointSide, type Point } from './points';
import { plainNumber, shown } from './quantity';
import { apply, change, isStale, swap, type PageStore, type State } from './state';
import { tableNode } from './table_node';
import { doseTable, sessionDoses } from './tables';

export function mountPlanPanel(root: HTMLElement, store: PageStore, atlas: Atlas, actions: Actions): void {
  store.watch((s) => [s.case, s.session, s.selected, s.faults, s.plan, s.compared, s.tab], () => {
    if (store.state.tab !== 'plan') return;
    const faults = placedFaults(store.state, atlas);
    refill(root,
      comparison(store),
      stopStrip(store),
      elsewhereNode(faults),
      head(store, atlas, actions, faults),
      sessionsBar(store, actions, faults),
      sessionCard(store, atlas, actions, faults),
      totals(store, atlas));
    root.querySelector('.point.selected')?.scrollIntoView?.({ block: 'nearest' });
  });
}

function elsewhereNode(faults: Placed): HTMLElement | null {
  const own = (place: string): boolean => /^(point|session):/.test(place) || place === 'plan.product';
  return faultList(elsewhere(faults, own));
}

function comparison(store: PageStore): HTMLElement | null {
  const { compared } = store.state;
  if (!compared) return null;
  return h('div', { class: 'strip' },
    h('span', {}, 'You edit plan ', h('b', { text: 'A' }), '. Beside it: ', h('b', { text: `B: ${compared.title ?? 'untitled'}` })),
    h('span', { class: 'row' }, button('Swap', () => swap(store), { class: 'small' }), button('Stop comparing', () => store.set({ compared: null, split: 'off' }), { class: 'small' })));
}

function head(store: PageStore, atlas: Atlas, actions: Actions, faults: Placed): HTMLElement {
  const { case: document } = store.state;
  const products = atlas.document.products.map((one): [string, string] => [one.code, `${one.name} (${one.code})`]);
  const product = selectField('Product', products, document.plan.product, 'product', actions.product, faults.get('plan.product'));
  // A refused choice must not stay in the field.
  product.querySelector('select')?.addEventListener('change', (event) => ((event.target as HTMLSelectElement).value = store.state.case.plan.product));
  return h('div', { class: 'fields' }, product, patternField(store, atlas, actions));
}

function patternField(store: PageStore, atlas: Atlas, actions: Actions): HTMLElement {
  const mine = store.state.case.plan.product;
  const codes = [...new Set(atlas.document.patterns.map((one) => one.product))].sort((a, b) => Number(b === mine) - Number(a === mine));
  const groups = codes.map((code) => {
    const group = h('optgroup', { label: `${atlas.product.get(code)?.name ?? code}` });
    group.append(...atlas.document.patterns.filter((one) => one.product === code).map((one) => h('option', { value: one.name, text: one.status && one.status !== 'label' ? `${one.title} (${one.status})` : one.title })));
    return group;
  });
  const select = h('select', { 'data-focus': 'pattern' }, h('option', { value: '', text: 'Add a pattern…' }), ...groups);
  select.addEventListener('change', () => {
    const name = select.value;
    select.value = '';
    if (name) actions.pattern(name);
  });
  return h('label', { class: 'field' }, h('span', { class: 'name', text: 'Pattern' }), h('span', { class: 'input' }, select));
}

function sessionsBar(store: PageStore, actions: Actions, faults: Placed): HTMLElement {
  const { case: document, session } = store.state;
  const chips = document.plan.session.map((one, index) => {
    const faulty = [...faults].some(([place, found]) => (place === `session:${index}` || place.startsWith(`point:${index}.`)) && found.some(isOpen));
    return h('button', { type: 'button', 'aria-pressed': String(index === session), 'data-focus': `session-${index}`, onclick: () => store.set({ session: index, selected: null, day: Math.max(store.state.day, edits.sessionDay(one)) }) },
      faulty && icon('warn'), `Day ${plainNumber(edits.sessionDay(one), 1)}`);
  });
  return h('div', { class: 'sessions' }, h('div', { class: 'choice', role: 'group', 'aria-label': 'Session' }, ...chips),
    h('button', { type: 'button', class: 'small', title: 'Repeat this session 12 weeks after the last one', 'data-focus': 'add-session', onclick: actions.session }, icon('plus'), 'Session'));
}

function sessionCard(store: PageStore, atlas: Atlas, actions: Actions, faults: Placed): HTMLElement {
  const { case: document, session: s } = store.state;
  const session = document.plan.session[s];
  if (!session) return h('div');
  const points = pointsOf(document, atlas).filter((one) => one.session === s);
  const at = h('input', { type: 'text', value: String(session.at), 'aria-label': 'Time of the session', 'data-focus': 'at', size: '9' });
  at.addEventListener('change', () => {
    if (!apply(store, edits.moveSession(store.state.case, s, at.value))) at.value = String(session.at);
  });
  const total = points.reduce((sum, one) => sum + (one.dose ?? 0), 0);
  const unit = unitName(atlas.product.get(document.plan.product)?.unit ?? 'U');
  return h('section', { class: 'card' },
    h('header', { class: 'row spread' },
      h('label', { class: 'inline' }, 'Given at ', at),
      h('span', { class: 'sum' }, h('b', { text: plainNumber(total, 2) }), ` ${unit}, ${points.length} ${points.length === 1 ? 'point' : 'points'}`),
      iconButton('bin', 'Remove this session', () => apply(store, edits.removeSession(store.state.case, s)), { disabled: document.plan.session.length < 2 })),
    faultList(faults.get(`session:${s}`)),
    session.pattern ? h('p', { class: 'hint', text: `Pattern ${session.pattern}. It is written out as soon as one of its points is changed.` }) : null,
    points.length ? h('ol', { class: 'points' }, ...points.map((one) => pointRow(store, atlas, actions, one, faults)))
      : h('p', { class: 'empty', text: 'No injection yet. Click on the face, add a label pattern, or choose a named site.' }),
    siteField(atlas, actions),
    points.length ? h('div', { class: 'row' },
      button('Mirror left → right', () => apply(store, edits.mirrorSession(store.state.case, atlas, s, 'left')), { class: 'small' }),
      button('Mirror right → left', () => apply(store, edits.mirrorSession(store.state.case, atlas, s, 'right')), { class: 'small' })) : null);
}

function siteField(atlas: Atlas, actions: Actions): HTMLElement {
  const head = atlas.document.sites.filter((one) => one.frame === 'head');
  const group = (label: string, keep: (name: string) => boolean): HTMLElement => {
    const node = h('optgroup', { label });
    node.append(...head.filter((one) => keep(one.name)).map((one) => h('option', { value: one.name, text: sentenceCase(siteName(one.name)) })));
    return node;
  };
  const belly = (name: string): boolean => name.endsWith('.belly');
  const select = h('select', { 'data-focus': 'site', 'aria-label': 'Add a named site' }, h('option', { value: '', text: 'Add a named site…' }),
    group('Sites of the labels', (name) => !belly(name)), group('Middle of a muscle’s end plates', belly));
  select.addEventListener('change', () => {
    const name = select.value;
    select.value = '';
    if (name) actions.site(name);
  });
  return h('span', { class: 'input' }, select);
}

function pointRow(store: PageStore, atlas: Atlas, actions: Actions, point: Point, faults: Placed): HTMLElement {
  const { case: document, selected } = store.state;
  const chosen = point.id === selected;
  const found = faults.get(`point:${point.id}`);
  const unit = unitName(atlas.product.get(document.plan.product)?.unit ?? 'U');
  const place = placeOf(store.state, point);
  const summary = h('button', { type: 'button', class: 'summary', 'aria-expanded': String(chosen), 'data-focus': `row-${point.id}`, onclick: () => store.set({ selected: chosen ? null : point.id }) },
    h('span', { class: 'number', text: String(point.index + 1) }),
    h('span', { class: 'place', text: pointPlace(point) }),
    h('span', { class: 'side', text: pointSide(point) }),
    h('span', { class: 'dose', text: `${plainNumber(point.dose ?? Number.NaN, 2)} U` }),
    h('span', { class: 'volume', text: `${plainNumber(point.volume ?? Number.NaN, 3)} mL` }));
  return h('li', { class: `point${chosen ? ' selected' : ''}${found?.some(isOpen) ? ' faulty' : ''}` }, summary, faultList(found),
    chosen ? h('div', { class: 'detail' },
      h('div', { class: 'fields three' },
        numberField({ label: 'Dose', unit, value: point.dose, min: 0, step: 0.5, focus: `dose-${point.id}`, commit: (value) => value !== null && change(store, edits.setDose(store.state.case, atlas, point.id, value)) }),
        numberField({ label: 'Volume', unit: 'mL', value: point.volume, min: 0.001, max: 5, step: 0.01, focus: `volume-${point.id}`, commit: (value) => value !== null && change(store, edits.setVolume(store.state.case, atlas, point.id, value)) }),
        point.tip === null ? numberField({ label: 'Depth', unit: 'mm', value: point.depth, min: 0, max: 60, step: 0.5, focus: `depth-${point.id}`, commit: (value) => value !== null && apply(store, edits.setDepth(store.state.case, atlas, point.id, value)) }) : h('span', { class: 'hint', text: 'Needle tip: no depth' })),
      point.at ? h('div', { class: 'fields three' }, ...(['x, to the left', 'y, up'] as const).map((label, axis) => numberField({
        label, unit: 'mm', value: point.at?.[axis] ?? null, step: 1, focus: `xy${axis}-${point.id}`,
        commit: (value) => {
          if (value === null || !point.at) return;
          const to: [number, number] = axis === 0 ? [value, point.at[1]] : [point.at[0], value];
          change(store, edits.movePoint(store.state.case, atlas, point.id, to));
        } })),
        place ? h('p', { class: 'hint distances', text: `Orbital rim ${shown(place.rim_distance)} mm, levator ${shown(place.levator_distance)} mm` }) : null) : null,
      h('div', { class: 'row' },
        h('button', { type: 'button', class: 'small', onclick: actions.mirror }, icon('mirror'), 'Mirror'),
        h('button', { type: 'button', class: 'small', onclick: actions.remove }, icon('bin'), 'Remove'))) : null);
}

/** What the simulator has to say of the case, such as a dose beyond every label. */
function noteList({ notes = [] }: CourseDocument): HTMLElement | null {
  if (!notes.length) return null;
  const words = notes.map((one) => (one.source ? `${one.message.replace(/\.$/, '')} (${one.source}).` : one.message));
  return h('ul', { class: 'faults', role: 'status' }, ...words.map((text) => h('li', {}, icon('warn'), h('span', { text }))));
}

function totals(store: PageStore, _atlas: Atlas): HTMLElement | null {
  const { plan, case: document }: State = store.state;
  if (!plan.course || edits.isEmpty(document)) return null;
  const session = document.plan.session[store.state.session];
  const day = session ? edits.sessionDay(session) : null;
  const node = tableNode(doseTable(plan.course, day));
  node.classList.toggle('stale', isStale(plan, document));
  const told = sessionDoses(plan.course, day)?.label;
  const note = told ? 'This session, beside the label pattern nearest to it.' : 'No label pattern of this product lies near this session.';
  return h('section', { class: 'block' }, noteList(plan.course), node, h('p', { class: 'hint', text: note }));
}
