// Tools over the head: overlay, view, split, click mode; the scale of what is shown.
import type { Head } from './head';
import type { View } from '../viewer/state';
import { choice, h, icon } from './dom';
import { OVERLAYS } from './names';
import type { PageStore, Split, State } from './state';
import { dayText, sessionAt } from './time';
import { halves } from './years_scene';

const VIEWS: readonly (readonly [View, string])[] = [['front', 'Front'], ['three_quarter', '¾'], ['left', 'Left'], ['right', 'Right']];
const SPLITS: readonly (readonly [Split, string])[] = [['off', 'Single'], ['before', 'Before | after'], ['plans', 'Two plans']];
const SHARE_STEP = 0.05;

export function setSplit(store: PageStore, split: Split): void {
  const { compared, case: document } = store.state;
  const keep = split === 'plans' && !compared;
  store.set({
    split,
    ...(keep ? { compared: document, notice: { words: 'This plan is kept as B, on the left. Change plan A and watch both.', kind: 'note' as const } } : {}),
  });
}

export function mountStagebar(root: HTMLElement, store: PageStore, head: Head): void {
  const overlay = choice('Overlay', OVERLAYS, (value) => store.set({ overlay: value }));
  const splits = choice('Split view', SPLITS, (value) => setSplit(store, value));
  const views = h('div', { class: 'choice', role: 'group', 'aria-label': 'View' }, ...VIEWS.map(([view, words]) => h('button', { type: 'button', onclick: () => head.turn(view), text: words, 'aria-label': `View: ${words === '¾' ? 'three quarters' : words}` })));
  const inject = h('button', { type: 'button', onclick: () => store.set({ inject: !store.state.inject }) }, icon('needle'), 'Inject');
  root.append(divider(root, store), h('div', { class: 'bar top' }, overlay.root, splits.root), h('div', { class: 'bar side' }, inject, views), scale(store, head));
  store.watch((s) => [s.overlay, s.split, s.inject], (value, split, on) => {
    overlay.show(value);
    splits.show(split);
    inject.setAttribute('aria-pressed', String(on));
    inject.title = on ? 'A click on the face injects' : 'A click on the face does nothing';
  });
}

/** What the colours mean, as the viewer says it. */
function scale(store: PageStore, head: Head): HTMLElement {
  const root = h('div', { class: 'scale' });
  const day = (s: State): number => (s.overlay === 'toxin' ? sessionAt(s.plan.course?.sessions ?? [], s.day) : 0);
  const beside = (s: State): number => (s.overlay === 'toxin' && s.split === 'plans' ? sessionAt(s.other.course?.sessions ?? [], s.day) : -1);
  store.watch((s) => [s.overlay, s.plan.course, day(s), s.case, beside(s), s.other.course], (overlay, course, session, ..._) => {
    root.hidden = overlay === 'none';
    if (root.hidden) return;
    const found = head.legend();
    if (overlay === 'toxin' && session < 0) return root.replaceChildren(h('b', { text: 'No session up to this day' }));
    if (!found) return;
    const unit = overlay === 'toxin' ? (course?.fields[0]?.unit ?? found.unit) : found.unit;
    const stops = found.stops.map(({ label, colour }) => {
      const patch = h('i');
      patch.style.background = colour;
      return h('span', { class: 'stop' }, patch, label);
    });
    root.dataset['overlay'] = overlay;
    root.replaceChildren(h('span', {}, h('b', { text: found.title }), ` [${unit}]`), h('span', { class: 'stops' }, ...stops), h('small', { text: overlay === 'distances' ? `${found.note} Labels at the side: to the levator in space.` : found.note }));
  });
  return root;
}

/** The line between both halves: dragged, or moved with the arrow keys. */
function divider(root: HTMLElement, store: PageStore): HTMLElement {
  const grip = h('div', { class: 'grip', role: 'slider', tabindex: '0', 'aria-label': 'Place of the split', 'aria-valuemin': '5', 'aria-valuemax': '95' }, icon('split'));
  const left = h('span', { class: 'half left' });
  const right = h('span', { class: 'half right' });
  const line = h('div', { class: 'divider' }, left, right, grip);
  const put = (share: number): void => store.set({ share: Math.min(0.95, Math.max(0.05, share)) });
  grip.addEventListener('pointerdown', (event) => {
    event.preventDefault();
    event.stopPropagation();
    grip.focus();
    grip.setPointerCapture(event.pointerId);
  });
  grip.addEventListener('pointermove', (event) => {
    if (!grip.hasPointerCapture(event.pointerId)) return;
    const box = root.getBoundingClientRect();
    put((event.clientX - box.left) / box.width);
  });
  grip.addEventListener('keydown', (event) => {
    const step = { ArrowLeft: -SHARE_STEP, ArrowRight: SHARE_STEP }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    put(store.state.share + step);
  });
  store.watch((s) => [s.split, s.share, Math.round(s.day), s.years], (split, share, day, years) => {
    line.hidden = split === 'off';
    line.style.left = `${100 * share}%`;
    grip.setAttribute('aria-valuenow', String(Math.round(100 * share)));
    grip.setAttribute('aria-valuetext', `${Math.round(100 * share)} % of the width`);
    if (split === 'years') return void ([left.textContent, right.textContent] = halves(years));
    left.textContent = split === 'plans' ? 'Plan B' : 'Before, day 0';
    right.textContent = split === 'plans' ? 'Plan A' : dayText(day);
  });
  return line;
}
