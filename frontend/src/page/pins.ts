// Over the head: one focusable pin for each point, its distances in mm, and what is wrong with it, beside it.
import type { Atlas } from './atlas';
import { h, icon } from './dom';
import type { Head } from './head';
import { pointName, pointsOf, type Point } from './points';
import { plainNumber, shown } from './quantity';
import { faultWords } from './stage';
import type { PageStore } from './state';

interface Pin {
  point: Point;
  root: HTMLElement;
}

export function mountPins(layer: HTMLElement, store: PageStore, atlas: Atlas, head: Head): void {
  let pins: Pin[] = [];

  const distances = (point: Point): [number | null, number | null] => {
    const place = store.state.plan.course?.places.find((one) => one.day === point.day && one.injection === point.index);
    return [place?.rim_distance ?? null, place?.levator_distance ?? null];
  };
  const label = (point: Point, fault: string): string => {
    const parts = [`Point ${point.index + 1}, ${pointName(point)}`, `${plainNumber(point.dose ?? 0, 2)} units`, `${plainNumber(point.volume ?? 0, 3)} millilitres`];
    if (point.depth !== null) parts.push(`${plainNumber(point.depth, 1)} millimetres deep`);
    return `${parts.join(', ')}.${fault ? ` ${fault}` : ''} Arrow keys move it by 1 mm.`;
  };
  const make = (point: Point): Pin => {
    const { selected, overlay } = store.state;
    const fault = faultWords(store.state, atlas, point.id);
    const chosen = point.id === selected;
    const pin = h('button', {
      type: 'button',
      class: 'pin',
      'aria-label': label(point, fault),
      'aria-pressed': String(chosen),
      'data-focus': `pin-${point.id}`,
      onfocus: () => store.set({ selected: point.id }),
    });
    const root = h('div', { class: 'at', 'data-point': point.id, 'data-side': (point.at?.[0] ?? 0) < 0 ? 'right' : 'left' }, pin);
    if (fault) root.append(h('span', { class: chosen ? 'callout' : 'callout badge', title: fault }, icon('warn'), chosen && h('span', { text: fault })));
    if (overlay === 'distances') {
      const [rim, levator] = distances(point);
      root.append(h('span', { class: 'mm' }, h('b', { text: `${shown(rim)} mm` }), ' rim', h('br'), h('b', { text: `${shown(levator)} mm` }), ' levator'));
    }
    return { point, root };
  };
  const put = (): void => {
    const box = layer.getBoundingClientRect();
    for (const { point, root } of pins) {
      const at = point.at && head.place(point.at);
      root.hidden = !at;
      if (at) root.style.transform = `translate(${at.x - box.left}px, ${at.y - box.top}px)`;
    }
  };
  const fill = (): void => {
    const active = layer.contains(document.activeElement);
    const { session, case: document_, selected } = store.state;
    pins = pointsOf(document_, atlas).filter((one) => one.session === session && one.at).map(make);
    layer.replaceChildren(...pins.map((one) => one.root));
    put();
    if (active) layer.querySelector<HTMLElement>(`[data-focus="pin-${selected}"]`)?.focus();
  };
  store.watch((s) => [s.case, s.session, s.selected, s.faults, s.plan, s.overlay], fill);
  follow(head, put);
}

/** Runs after each frame of the viewer: the labels follow when the head is turned. */
export function follow(head: Head, run: () => void): void {
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
