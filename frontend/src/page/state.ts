// What the page knows, and the few ways in which it changes.
import type { CaseDocument, CourseDocument, Fault, Point2, Point3 } from '../api/types';
import type { Expression, Overlay } from '../viewer/state';
import { isRefused, simulatedDays, type Edit } from './edits';
import { begun, edited, redone, undone, type History } from './history';
import { Store } from './store';
import { NO_YEARS, type Years } from './years_state';

export type Tab = 'plan' | 'patient' | 'course' | 'risks' | 'keep';
export type Split = 'off' | 'before' | 'plans' | 'years';

export interface Notice {
  words: string;
  kind: 'note' | 'refusal';
  action?: { label: string; run: () => void };
}

/** The course of a plan as it was last answered. */
export interface Answer {
  course: CourseDocument | null;
  /** The case that the course belongs to, as `courseKey` writes it. */
  key: string;
  busy: boolean;
  /** Why there is no newer course. */
  faults: Fault[];
}

export interface State extends History {
  selected: string | null;
  /** From the needle tip to the skin in the frontal plane [mm], of the point that was moved last by its tip. */
  lean: { id: string; by: Point2 } | null;
  session: number;
  day: number;
  playing: boolean;
  /** Days a second. */
  speed: number;
  expression: Expression;
  effort: number;
  overlay: Overlay;
  split: Split;
  share: number;
  /** Whether a click on the face adds a point. */
  inject: boolean;
  ancestry: Point3;
  tab: Tab;
  asTables: boolean;
  region: string;
  gradeEffort: 'maximum' | 'rest';
  rater: 'investigator' | 'subject';
  compared: CaseDocument | null;
  plan: Answer;
  other: Answer;
  years: Years;
  /** Faults of the case as it stands now. */
  faults: Fault[];
  notice: Notice | null;
  sheet: 'low' | 'half' | 'full';
  singleKeys: boolean;
  /** Count of courses shown. */
  courses: number;
}

export type PageStore = Store<State>;

export const NO_ANSWER: Answer = { course: null, key: '', busy: false, faults: [] };

export const DEMO: CaseDocument = {
  title: 'Frown lines, 20 U by the label',
  patient: { age: 45, sex: 'female', baseline: { glabella: { maximum: 3, rest: 1 } } },
  plan: { product: 'ona', session: [{ at: '0 days', pattern: 'glabella-20u' }] },
  simulation: { days: '365 days' },
};

export function startState(document: CaseDocument = DEMO): State {
  return {
    ...begun(document),
    selected: null,
    lean: null,
    session: 0,
    day: 30,
    playing: false,
    speed: 20,
    expression: 'frown',
    effort: 1,
    overlay: 'none',
    split: 'off',
    share: 0.5,
    inject: true,
    ancestry: [0, 0, 1],
    tab: 'plan',
    asTables: false,
    region: 'glabella',
    gradeEffort: 'maximum',
    rater: 'investigator',
    compared: null,
    plan: NO_ANSWER,
    other: NO_ANSWER,
    years: NO_YEARS,
    faults: [],
    notice: null,
    sheet: 'half',
    singleKeys: true,
    courses: 0,
  };
}

/** What a course depends on; the title is not part of it. */
export function courseKey(document: CaseDocument): string {
  const { title: _title, ...rest } = document;
  return JSON.stringify(rest);
}

/** Whether an answer tells of the person in a case, so that its first day shows that person untreated. */
export function isOfPatient(answer: Answer, document: CaseDocument): boolean {
  if (!answer.course || !answer.key) return false;
  const { patient } = JSON.parse(answer.key) as Partial<CaseDocument>;
  return JSON.stringify(patient ?? {}) === JSON.stringify(document.patient ?? {});
}

export function isStale(answer: Answer, document: CaseDocument): boolean {
  return answer.course !== null && answer.key !== courseKey(document);
}

function fitted(state: State): Partial<State> {
  const sessions = state.case.plan.session.length;
  return {
    day: Math.min(state.day, simulatedDays(state.case)),
    session: Math.min(state.session, sessions - 1),
  };
}

/** Show an edit, or say why it is refused. */
export function apply(store: PageStore, edit: Edit, tag: string | null = null): boolean {
  if (isRefused(edit)) {
    refuse(store, edit.refused);
    return false;
  }
  const history = edited(store.state, edit.case, tag);
  const notice = store.state.notice?.kind === 'refusal' ? null : store.state.notice;
  const next = { ...store.state, ...history, notice };
  if (edit.select !== undefined) next.selected = edit.select;
  if (edit.session !== undefined) next.session = edit.session;
  store.set({ ...next, ...fitted(next) });
  return true;
}

export function change(store: PageStore, document: CaseDocument, tag: string | null = null): void {
  apply(store, { case: document }, tag);
}

/** Open another case: it can be undone like an edit. */
export function open(store: PageStore, document: CaseDocument): void {
  const next = { ...store.state, ...edited(store.state, document), selected: null, session: 0, faults: [] };
  store.set({ ...next, ...fitted(next) });
}

export function undo(store: PageStore): void {
  const next = { ...store.state, ...undone(store.state), selected: null };
  store.set({ ...next, ...fitted(next) });
}

export function redo(store: PageStore): void {
  const next = { ...store.state, ...redone(store.state), selected: null };
  store.set({ ...next, ...fitted(next) });
}

export function refuse(store: PageStore, words: string, action?: Notice['action']): void {
  store.set({ notice: { words, kind: 'refusal', ...(action ? { action } : {}) } });
}

export function note(store: PageStore, words: string): void {
  store.set({ notice: { words, kind: 'note' } });
}

/** Exchange the edited plan and the compared one. */
export function swap(store: PageStore): void {
  const { compared, case: document, plan, other } = store.state;
  if (!compared) return;
  const next = { ...store.state, ...edited(store.state, compared), compared: document, plan: other, other: plan, selected: null };
  store.set({ ...next, ...fitted(next) });
}

/** Put another case beside the edited one. */
export function setCompared(store: PageStore, document: CaseDocument): void {
  store.set({ compared: document, split: 'plans', notice: { words: `“${document.title ?? 'Untitled case'}” is plan B, on the left.`, kind: 'note' } });
}
