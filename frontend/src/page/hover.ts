// Value, unit and source of what is under the pointer on the head.
import type { Point2 } from '../api/types';
import type { Pick } from '../viewer/state';
import type { Atlas } from './atlas';
import { h } from './dom';
import { inside, rimDistance, sample } from './geometry';
import type { Head } from './head';
import { muscleName, sentenceCase, unitName } from './names';
import { placeOf } from './places';
import { pointName, pointsOf } from './points';
import { percent, plainNumber, shown } from './quantity';
import { fieldAt } from './scene';
import { sourceLine } from './sources';
import { placedFaults } from './shown_faults';
import { sentence } from './faults';
import type { PageStore, State } from './state';
import { leftState, onLeft, OTHER, rightState } from './stage';
import { valueAt } from './time';

export interface Tip {
  title: string;
  lines: string[];
  source: string;
}

const MAP = 'Muscle map';

export function markerTip(state: State, atlas: Atlas, id: string): Tip | null {
  const point = pointsOf(state.case, atlas).find((one) => one.id === id);
  if (!point) return null;
  const unit = unitName(atlas.product.get(state.case.plan.product)?.unit ?? 'U');
  const place = placeOf(state, point);
  const faults = placedFaults(state, atlas).get(`point:${id}`) ?? [];
  return {
    title: pointName(point),
    lines: [
      `Dose ${plainNumber(point.dose ?? 0, 2)} ${unit} in ${plainNumber(point.volume ?? 0, 3)} mL`,
      point.depth === null ? 'Given as the needle tip' : `Needle ${plainNumber(point.depth, 1)} mm under the skin`,
      ...(place?.rim_distance != null ? [`Orbital rim ${shown(place.rim_distance)} mm, levator ${shown(place.levator_distance)} mm`] : []),
      ...faults.map(sentence),
    ],
    source: point.pattern ? `Pattern ${point.pattern}: ${atlas.pattern.get(point.pattern)?.source ?? ''}` : 'Case; distances from the muscle map',
  };
}

export function skinTip(state: State, atlas: Atlas, pick: Pick): Tip | null {
  const { overlay, day, plan } = state;
  if (overlay === 'toxin') return toxinTip(state, pick.at);
  if (overlay === 'distances') {
    return { title: 'Orbital rim', lines: [`${shown(rimDistance(atlas.document.rim, pick.at))} mm away in the frontal plane`, placeLine(pick.at)], source: MAP };
  }
  if (overlay !== 'muscles') return null;
  const found = atlas.document.muscles.filter((one) => one.outline.length > 2 && inside(one.outline, pick.at));
  const force = (name: string): number => {
    const muscle = plan.course?.muscles[name];
    return muscle ? valueAt(plan.course?.days ?? [], muscle.force, day) : 1;
  };
  const sorted = found.map((one) => ({ one, force: force(one.name) })).sort((a, b) => a.force - b.force).slice(0, 4);
  if (!sorted.length) return null;
  return {
    title: sorted.length > 1 ? 'Muscles here' : sentenceCase(muscleName(sorted[0]?.one.name ?? '')),
    lines: sorted.map(({ one, force: left }) => `${sorted.length > 1 ? `${sentenceCase(muscleName(one.name))}: ` : ''}${percent(left)} of untreated force`),
    source: `${MAP}; ${sourceLine('force', plan.course?.evidence_hash ?? null)}`,
  };
}

function toxinTip(state: State, at: Point2): Tip | null {
  const field = fieldAt(state.plan.course, state.day);
  const value = field && sample(field, at);
  const unit = state.plan.course?.fields[0]?.unit ?? '';
  if (value === null) return null;
  return { title: 'Captured toxin', lines: [`${plainNumber(value, value < 1 ? 3 : 2)} ${unit}`, placeLine(at)], source: sourceLine('captured', state.plan.course?.evidence_hash ?? null) };
}

function placeLine([x, y]: Point2): string {
  return `x ${shown(x)} mm, y ${shown(y)} mm`;
}

export function tipBody(tip: Tip): Node[] {
  return [h('strong', { text: tip.title }), ...tip.lines.map((one) => h('span', { text: one })), h('small', { text: tip.source })];
}

export function mountHover(stage: HTMLElement, canvas: HTMLElement, store: PageStore, atlas: Atlas, head: Head): void {
  const box = h('div', { class: 'tip', hidden: true });
  stage.append(box);
  let waiting: PointerEvent | null = null;
  const hide = (): void => {
    waiting = null;
    box.hidden = true;
  };
  const look = (): void => {
    const event = waiting;
    waiting = null;
    if (!event) return;
    const id = head.markerAt(event.clientX, event.clientY);
    const hit = id === null && store.state.overlay !== 'none' ? head.pick(event.clientX, event.clientY) : null;
    const shown = onLeft(store.state, canvas, event.clientX) ? leftState(store.state) : rightState(store.state);
    const tip = id !== null ? markerTip(shown, atlas, id.replace(OTHER, '')) : hit && skinTip(shown, atlas, hit);
    canvas.dataset['over'] = id !== null ? 'point' : store.state.inject ? 'inject' : 'turn';
    box.hidden = !tip;
    if (!tip) return;
    box.replaceChildren(...tipBody(tip));
    const area = stage.getBoundingClientRect();
    const [x, y] = [event.clientX - area.left, event.clientY - area.top];
    box.style.left = `${Math.max(8, Math.min(area.width - box.offsetWidth - 8, x + 16))}px`;
    box.style.top = `${Math.max(8, y + 16 + box.offsetHeight > area.height ? y - box.offsetHeight - 12 : y + 16)}px`;
  };
  canvas.addEventListener('pointermove', (event) => {
    if (event.buttons || event.pointerType === 'touch') return hide();
    if (!waiting) requestAnimationFrame(look);
    waiting = event;
  });
  canvas.addEventListener('pointerleave', hide);
  canvas.addEventListener('pointerdown', hide);
}
