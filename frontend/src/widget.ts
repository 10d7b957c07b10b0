// The head in a notebook (anywidget): a course, its slider, expressions and curves; all files come with the widget.
import type { AnatomyDocument, CourseDocument } from './api/types';
import { Chart, type Drawing } from './page/chart';
import { axisDays, depthLines, forceLines } from './page/curves';
import { WORDS } from './page/csv';
import { calm, choice, h } from './page/dom';
import { fillLegend } from './page/legend';
import { EXPRESSIONS, OVERLAYS, REGION_SHORT } from './page/names';
import { identityOf, sceneAt } from './page/scene';
import { sourceLine } from './page/sources';
import { Store } from './page/store';
import { advanced, dayText, sessionAt, spanText } from './page/time';
import type { Expression, Marker, Overlay } from './viewer/state';
import { Viewer } from './viewer/viewer';
import './widget.css';

interface Model {
  get(name: string): unknown;
  set(name: string, value: unknown): void;
  save_changes(): void;
  on(event: string, run: () => void): void;
  off(event: string, run: () => void): void;
}

interface Shown {
  day: number;
  playing: boolean;
  expression: Expression;
  overlay: Overlay;
  region: string;
}

const SPEED = 20; // days a second
const FASTEST = 0.25; // seconds that one frame may skip
const CALM_STEP = 7; // days in one step where motion is unwanted
const TYPES: Record<string, string> = { json: 'application/json', png: 'image/png' };

/** Addresses of files that came as bytes or base64, by name. */
function addresses(files: Record<string, unknown>): { of: (name: string) => string; free: () => void } {
  const urls = new Map(Object.entries(files).map(([name, file]) => {
    const bytes = typeof file === 'string' ? Uint8Array.from(atob(file), (one) => one.charCodeAt(0)) : (file as ArrayBuffer | DataView<ArrayBuffer>);
    return [name, URL.createObjectURL(new Blob([bytes], { type: TYPES[name.split('.').pop() ?? ''] ?? 'application/octet-stream' }))];
  }));
  const of = (name: string): string => {
    const url = urls.get(name);
    if (!url) throw new Error(`the widget has no file ${name}; build the page again (make web)`);
    return url;
  };
  return { of, free: () => urls.forEach((url) => URL.revokeObjectURL(url)) };
}

/** Injections of the latest session on or before a day. */
function markers(course: CourseDocument, day: number): Marker[] {
  const session = sessionAt(course.sessions, day);
  return course.places.flatMap((one, index) =>
    one.session === session && one.frame === 'head' ? [{ id: String(index), at: one.skin, dose: one.dose, selected: false, fault: null }] : []);
}

async function render({ model, el }: { model: Model; el: HTMLElement }): Promise<() => void> {
  const course = model.get('course') as CourseDocument;
  const anatomy = model.get('anatomy') as AnatomyDocument;
  const files = addresses(model.get('assets') as Record<string, unknown>);
  const length = course.days[course.days.length - 1] ?? 0;
  const given = Number(model.get('day'));
  const store = new Store<Shown>({ day: Number.isFinite(given) ? given : 0, playing: false, expression: 'frown', overlay: 'none', region: 'glabella' });
  const parts = layout(store, course, length);
  el.append(parts.root);
  let viewer: Viewer;
  try {
    viewer = await Viewer.create(parts.canvas, anatomy, files.of);
  } catch (error) {
    parts.root.prepend(h('p', { role: 'alert', text: `The head cannot be shown: ${error instanceof Error ? error.message : String(error)}` }));
    return files.free;
  }
  const identity = (day: number) => identityOf({ patient: course.patient ?? {}, plan: { product: course.product, session: [] } }, [0, 0, 1], day);
  store.watch((s) => [s.day, s.expression, s.overlay], (day, expression, overlay) => {
    viewer.show(sceneAt(course, { day, expression, effort: 1, overlay, identity: identity(day), markers: markers(course, day) }));
  });
  const follow = (): void => store.set({ day: Math.min(length, Math.max(0, Number(model.get('day')))) });
  model.on('change:day', follow);
  store.watch((s) => [Math.round(s.day), s.playing], (day, playing) => {
    if (playing || model.get('day') === day) return;
    model.set('day', day);
    model.save_changes();
  });
  const sizes = new ResizeObserver(() => viewer.resize());
  sizes.observe(parts.canvas);
  return () => {
    store.set({ playing: false });
    sizes.disconnect();
    model.off('change:day', follow);
    viewer.dispose();
    files.free();
  };
}

function layout(store: Store<Shown>, course: CourseDocument, length: number): { root: HTMLElement; canvas: HTMLCanvasElement } {
  const canvas = h('canvas', { class: 'head', 'aria-label': 'Head of the simulated person' });
  const faces = choice('Expression', EXPRESSIONS, (expression) => store.set({ expression }));
  const overlays = choice('Overlay', OVERLAYS.filter(([name]) => name !== 'distances'), (overlay) => store.set({ overlay }));
  const play = h('button', { type: 'button', onclick: () => store.set({ playing: !store.state.playing }) });
  const slider = h('input', { type: 'range', min: '0', max: String(length), step: '1', 'aria-label': 'Day' });
  const day = h('output', {});
  slider.addEventListener('input', () => store.set({ day: Number(slider.value), playing: false }));
  const panel = curves(store, course, length);
  const root = h('div', { class: 'endplate-view' },
    h('div', { class: 'stage' }, canvas, h('div', { class: 'over' }, overlays.root)),
    panel,
    h('div', { class: 'time' }, play, day, slider, faces.root),
    h('p', { class: 'words', text: WORDS }));
  store.watch((s) => [s.expression, s.overlay], (expression, overlay) => {
    faces.show(expression);
    overlays.show(overlay);
  });
  store.watch((s) => [s.day], (at) => {
    slider.value = String(Math.round(at));
    slider.setAttribute('aria-valuetext', dayText(at));
    day.textContent = `${dayText(at)} · ${spanText(at)}`;
  });
  playing(store, play, length);
  return { root, canvas };
}

function curves(store: Store<Shown>, course: CourseDocument, length: number): HTMLElement {
  const regions = choice('Region of lines', Object.entries(REGION_SHORT), (region) => store.set({ region }));
  const onDay = (value: number): void => store.set({ day: Math.min(length, Math.max(0, Math.round(value))), playing: false });
  const source = (drawn: 'force' | 'depth') => (): string => sourceLine(drawn, course.evidence_hash);
  const force = new Chart({ title: 'Muscle force, share of untreated', unit: '%', digits: 0, share: true, range: [0, 1], onDay, source: source('force') });
  const depth = new Chart({ title: 'Depth of lines', unit: 'mm', digits: 2, onDay, source: source('depth') });
  const legends = [h('ul', { class: 'legend' }), h('ul', { class: 'legend' })] as const;
  const days = axisDays(course, null);
  const drawn = { days, lines: forceLines(course, null) };
  const lines = (region: string): Drawing => ({ days, lines: depthLines(course, null, region) });
  requestAnimationFrame(() => force.draw(drawn));
  store.watch((s) => [s.region], (region) => {
    regions.show(region);
    requestAnimationFrame(() => depth.draw(lines(region)));
  });
  store.watch((s) => [s.day, s.region], (day, region) => {
    force.day(day);
    depth.day(day);
    fillLegend(legends[0], force, drawn, day);
    fillLegend(legends[1], depth, lines(region), day);
  });
  return h('div', { class: 'side' }, force.root, legends[0], regions.root, depth.root, legends[1]);
}

function playing(store: Store<Shown>, play: HTMLButtonElement, length: number): void {
  let last = 0;
  let held = 0;
  const frame = (now: number): void => {
    if (!store.state.playing) return;
    held += Math.min(FASTEST, (now - last) / 1000) * SPEED;
    last = now;
    if (held > (calm() ? CALM_STEP : 0)) {
      const next = advanced(store.state.day, held, 1, length);
      held = 0;
      store.set(next === null ? { day: length, playing: false } : { day: next });
    }
    requestAnimationFrame(frame);
  };
  store.watch((s) => [s.playing], (on) => {
    play.textContent = on ? 'Pause' : 'Play';
    if (!on) return;
    last = performance.now();
    if (store.state.day >= length) store.set({ day: 0 });
    requestAnimationFrame(frame);
  });
}

export default { render };
