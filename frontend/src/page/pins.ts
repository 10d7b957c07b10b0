// Over the head: one focusable pin for each point, its distances in mm, and what is wrong with it, beside it.
import type { Atlas } from './atlas';
import { h, icon } from './dom';
import type { Head } from './head';
import { brief } from './faults';
import { columns, type Label } from './labels';
import { entered, placeOf } from './places';
import { pointName, pointsOf, type Point } from './points';
import { plainNumber, shown } from './quantity';
import { faultWords } from './stage';
import type { PageStore } from './state';

interface Pin {
  point: Point;
  root: HTMLElement;
  /** Distances, written beside the face and joined to the point. */
  label: HTMLElement | null;
}

const CALLOUT = 300; // px of room that a callout needs on its side
const SVG = 'http://www.w3.org/2000/svg';

export function mountPins(layer: HTMLElement, store: PageStore, atlas: Atlas, head: Head): void {
  let pins: Pin[] = [];
  const leaders = document.createElementNS(SVG, 'svg');
  leaders.setAttribute('class', 'leaders');
  leaders.setAttribute('aria-hidden', 'true');

  const put = (): void => {
    const box = layer.getBoundingClientRect();
    const labels: Label<HTMLElement>[] = [];
    for (const { point, root, label } of pins) {
      const at = point.at && head.place(point.at);
      root.hidden = !at;
      if (label) label.hidden = !at;
      if (!at || !point.at) continue;
      const [x, y] = [at.x - box.left, at.y - box.top];
      root.dataset['side'] = x + CALLOUT > box.width ? 'left' : 'right';
      root.style.transform = `translate(${x}px, ${y}px)`;
      if (label) labels.push({ item: label, x, y, side: point.at[0] < 0 ? 'left' : 'right' });
    }
    leaders.replaceChildren(...columns(labels, box.width, box.height).map(({ item, from, to }) => {
      item.dataset['side'] = to.x < from.x ? 'left' : 'right';
      item.style.transform = `translate(${to.x}px, ${to.y}px)`;
      return leader(from, to);
    }));
  };
  const fill = (): void => {
    const active = layer.contains(document.activeElement);
    const { session, case: document_, selected } = store.state;
    pins = entered(store.state, pointsOf(document_, atlas)).filter((one) => one.session === session && one.at).map((point) => make(store, atlas, point));
    layer.replaceChildren(leaders, ...pins.map((one) => one.root), ...pins.flatMap((one) => one.label ?? []));
    put();
    if (active) layer.querySelector<HTMLElement>(`[data-focus="pin-${selected}"]`)?.focus();
  };
  store.watch((s) => [s.case, s.session, s.selected, s.faults, s.plan, s.other, s.overlay], fill);
  follow(head, put);
}

function make(store: PageStore, atlas: Atlas, point: Point): Pin {
  const { selected, overlay } = store.state;
  const fault = faultWords(store.state, atlas, point.id);
  const chosen = point.id === selected;
  const pin = h('button', {
    type: 'button', class: 'pin', 'aria-label': spoken(point, fault), 'aria-pressed': String(chosen), 'data-focus': `pin-${point.id}`,
    onfocus: () => store.set({ selected: point.id }),
  });
  const root = h('div', { class: 'at', 'data-point': point.id }, pin);
  // Distances have labels of their own beside the face; the panel tells the words.
  const worded = chosen && overlay !== 'distances';
  if (fault) root.append(h('span', { class: worded ? 'callout' : 'callout badge', title: fault }, icon('warn'), worded && h('span', { text: faultWords(store.state, atlas, point.id, brief) })));
  const place = placeOf(store.state, point);
  const label = overlay === 'distances' && place
    ? h('span', { class: 'mm' }, 'rim ', h('b', { text: shown(place.rim_distance) }), ' · levator ', h('b', { text: shown(place.levator_distance) }), ' mm') : null;
  return { point, root, label };
}

function spoken(point: Point, fault: string): string {
  const parts = [`Point ${point.index + 1}, ${pointName(point)}`, `${plainNumber(point.dose ?? 0, 2)} units`, `${plainNumber(point.volume ?? 0, 3)} millilitres`];
  if (point.depth !== null) parts.push(`${plainNumber(point.depth, 1)} millimetres deep`);
  return `${parts.join(', ')}.${fault ? ` ${fault}` : ''} Arrow keys move it by 1 mm.`;
}

function leader(from: { x: number; y: number }, to: { x: number; y: number }): SVGElement {
  const line = document.createElementNS(SVG, 'line');
  Object.entries({ x1: from.x, y1: from.y, x2: to.x, y2: to.y }).forEach(([key, value]) => line.setAttribute(key, String(value)));
  return line;
}

/** Runs after each frame of the viewer: the labels follow when the head is turned. */
export function follow(head: Pick<Head, 'frames'>, run: () => void): void {
  let seen = -1;
  const look = (): void => {
    if (head.frames !== seen) {
      seen = head.frames;
      run();
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}
