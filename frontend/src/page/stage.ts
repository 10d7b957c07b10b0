// The head: scenes in, clicks and drags out.
import type { Atlas } from './atlas';
import type { Actions } from './actions';
import { placedFaults } from './shown_faults';
import type { Head } from './head';
import { entered } from './places';
import { pointsOf } from './points';
import { identityOf, markersOf, sceneAt, sceneBefore, type Look } from './scene';
import { isEmpty, simulatedDays } from './edits';
import { h } from './dom';
import { isOfPatient, refuse, type Answer, type PageStore, type State } from './state';
import { isOpen, sentence } from './faults';
import type { CaseDocument, Fault } from '../api/types';
import type { Scene } from '../viewer/state';
import { yearScenes } from './years_scene';

const CLICK = 5; // px that a click may wander
/** Before the ids of a compared plan's markers, which are shown but not edited. */
export const OTHER = 'b:';
const NOT_EDITED = 'Plan B is shown here. Plan A, on the right, is the one that is edited; swap them in the panel Plan.';

/** Whether a point of the screen lies on the left of a split. */
export function onLeft(state: Pick<State, 'split' | 'share'>, canvas: HTMLElement, clientX: number): boolean {
  const box = canvas.getBoundingClientRect();
  return state.split !== 'off' && clientX - box.left < state.share * box.width;
}

/** The state as the left half shows it: before treatment, or the compared plan. */
export function leftState(state: State): State {
  if (state.split === 'plans' && state.compared) return rightState({ ...state, case: state.compared, plan: state.other, faults: [] });
  return { ...state, day: 0, plan: { ...state.plan, course: null } };
}

/** The state as the plan itself is shown: while nothing is planned, the last course tells nothing of it. */
export function rightState(state: State): State {
  return isEmpty(state.case) ? { ...state, plan: { ...state.plan, course: null } } : state;
}

export function sceneOf(state: State, atlas: Atlas): { scene: Scene; left: Scene | null } {
  const { case: document, day } = state;
  const faults = placedFaults(state, atlas);
  const markers = markersOf(entered(state, pointsOf(document, atlas)), state.session, state.selected, faults);
  const look: Look = {
    day,
    expression: state.expression,
    effort: state.effort,
    overlay: state.overlay,
    identity: identityOf(document, state.ancestry, day),
    markers,
  };
  if (state.split === 'years') return yearScenes(state, look);
  const scene = isEmpty(document) ? untreated(document, state.plan, look) : sceneAt(state.plan.course, look);
  if (state.split === 'before') {
    const before = { ...look, identity: identityOf(document, state.ancestry, 0) };
    return { scene, left: isEmpty(document) ? untreated(document, state.plan, { ...before, markers: [] }) : sceneBefore(state.plan.course, before) };
  }
  if (state.split === 'plans' && state.compared) {
    const other = state.compared;
    const own = markersOf(entered(state, pointsOf(other, atlas)), Math.min(state.session, other.plan.session.length - 1), null, new Map());
    const points = own.map((one) => ({ ...one, id: `${OTHER}${one.id}` }));
    const reach = Math.min(day, simulatedDays(other));
    const beside = { ...look, identity: identityOf(other, state.ancestry, day), markers: points, day: reach };
    return { scene, left: isEmpty(other) ? untreated(other, state.other, beside) : sceneAt(state.other.course, beside) };
  }
  return { scene, left: null };
}

/** A person of whom no plan was simulated: without lines, where those of the last course may be another person's. */
function untreated(document: CaseDocument, answer: Answer, look: Look): Scene {
  const scene = sceneBefore(answer.course, look);
  return isOfPatient(answer, document) ? scene : { ...scene, lines: {} };
}

/** Says in the picture that a head without lines is not one whose lines are gone. */
export function mountUntold(root: HTMLElement, store: PageStore): void {
  const words = h('p', { class: 'untold', role: 'status', text: 'Add an injection to see lines of this person.' });
  root.append(words);
  store.watch((s) => [isEmpty(s.case) && !isOfPatient(s.plan, s.case)], (untold) => {
    words.hidden = !untold;
  });
}

/** Keeps the picture in step with the state, and says on the body what is shown. */
export function mountScenes(store: PageStore, atlas: Atlas, head: Head): void {
  store.watch(
    (s) => [s.case, s.session, s.selected, s.day, s.expression, s.effort, s.overlay, s.split, s.share, s.ancestry, s.compared, s.plan, s.other, s.faults, s.years],
    () => {
      const { scene, left } = sceneOf(store.state, atlas);
      head.show(scene);
      head.compare(left, store.state.share, store.state.split === 'years');
      document.body.dataset['day'] = String(Math.round(store.state.day));
      if (store.state.effort === 1) document.body.dataset['settled'] = store.state.expression;
      else delete document.body.dataset['settled'];
    },
  );
  store.watch((s) => [s.courses], (courses) => {
    document.body.dataset['course'] = String(courses);
  });
}

/** Click to inject, drag to move. Runs before the viewer's own turning. */
export function mountPointer(stage: HTMLElement, canvas: HTMLElement, store: PageStore, actions: Actions, head: Head): void {
  let start: { x: number; y: number; id: string | null; moved: boolean } | null = null;

  const click = ({ clientX, clientY }: PointerEvent): void => {
    if (store.state.split === 'plans' && onLeft(store.state, canvas, clientX)) refuse(store, NOT_EDITED);
    else actions.inject(head.pick(clientX, clientY));
  };
  const down = (event: PointerEvent): void => {
    if (event.target !== canvas || event.button !== 0 || !event.isPrimary) {
      start = null;
      return;
    }
    const id = head.markerAt(event.clientX, event.clientY);
    start = { x: event.clientX, y: event.clientY, id: id?.startsWith(OTHER) ? null : id, moved: false };
    if (start.id === null) return;
    head.pointerMode('none');
    store.set({ selected: start.id });
    canvas.setPointerCapture?.(event.pointerId);
  };
  const move = (event: PointerEvent): void => {
    if (!start || !event.isPrimary) return;
    start.moved ||= Math.hypot(event.clientX - start.x, event.clientY - start.y) > CLICK;
    if (start.id !== null && start.moved) actions.drag(start.id, head.pick(event.clientX, event.clientY));
  };
  const up = (event: PointerEvent): void => {
    if (!start || !event.isPrimary) return;
    const { id, moved } = start;
    start = null;
    head.pointerMode('turn');
    // A later drag of the same point is a step of its own.
    if (id !== null) store.set({ tag: null });
    else if (!moved && event.type === 'pointerup' && store.state.inject) click(event);
  };
  stage.addEventListener('pointerdown', down, { capture: true });
  stage.addEventListener('pointermove', move, { capture: true });
  stage.addEventListener('pointerup', up, { capture: true });
  stage.addEventListener('pointercancel', up, { capture: true });
}

export function faultWords(state: State, atlas: Atlas, id: string, words: (fault: Fault) => string = sentence): string {
  return [...new Set((placedFaults(state, atlas).get(`point:${id}`) ?? []).filter(isOpen).map(words))].join(' ');
}
