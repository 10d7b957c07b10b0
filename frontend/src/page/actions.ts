// What buttons and keys do to the plan; each is one call.
import type { Point2 } from '../api/types';
import type { Pick } from '../viewer/state';
import { labelPattern, type Atlas } from './atlas';
import * as edits from './edits';
import { entryOf } from './places';
import { pointsOf, type Point } from './points';
import { quantity } from './quantity';
import { apply, change, open, refuse, type PageStore } from './state';
import { sessionAt } from './time';

const OUTSIDE = 'That point lies outside the face: nothing was changed. Choose a point on the skin of the face.';
const VOLUME = 0.1; // mL, where neither the plan nor a pattern of the product says more

export interface Actions {
  inject(pick: Pick | null): void;
  injectAt(at: Point2): void;
  drag(id: string, pick: Pick | null): void;
  nudge(dx: number, dy: number): void;
  dose(by: number): void;
  depth(by: number): void;
  remove(): void;
  mirror(): void;
  step(by: number): void;
  pattern(name: string): void;
  product(code: string): void;
  site(name: string): void;
  session(): void;
}

export function actionsOf(store: PageStore, atlas: Atlas): Actions {
  const points = (): Point[] => pointsOf(store.state.case, atlas);
  const selected = (): Point | null => edits.find(store.state.case, atlas, store.state.selected);
  const product = (): string => store.state.case.plan.product;

  /** Dose and volume of a new point: those of the selected one, else the session's last, else the label's first. */
  const usual = (): { dose: number; volume: number } => {
    const session = points().filter((one) => one.session === store.state.session);
    const like = selected() ?? session[session.length - 1];
    const shot = labelPattern(atlas, product())?.injections[0];
    return { dose: like?.dose ?? shot?.dose ?? 1, volume: like?.volume ?? shot?.volume ?? VOLUME };
  };

  /** Length of needle that the nearest named site of the map has. */
  const usualDepth = (at: Point2): number => {
    const sites = atlas.document.sites.filter((one) => one.frame === 'head' && one.depth > 0);
    const away = (one: { skin: Point2 }): number => Math.hypot(one.skin[0] - at[0], one.skin[1] - at[1]);
    return [...sites].sort((a, b) => away(a) - away(b))[0]?.depth ?? 2;
  };

  const injectAt = (at: Point2): void => {
    const { case: document, session } = store.state;
    apply(store, edits.addPoint(document, atlas, session, { at, depth: usualDepth(at), ...usual() }));
  };

  /** Let the needle of a point enter elsewhere; a tip that is given goes along. */
  const enterAt = (id: string, to: Point2): void => {
    const point = edits.find(store.state.case, atlas, id);
    const entry = point && entryOf(store.state, point);
    if (!point?.at || !entry) return;
    const by: Point2 = [entry[0] - point.at[0], entry[1] - point.at[1]];
    if (point.tip !== null) store.set({ lean: { id, by } });
    change(store, edits.movePoint(store.state.case, atlas, id, [to[0] - by[0], to[1] - by[1]]), `move:${id}`);
  };

  const withEmptyPlan = (code: string, words: string): void =>
    refuse(store, words, {
      label: `Start a plan with ${code}`,
      run: () => {
        open(store, edits.emptied(store.state.case, code));
        store.set({ notice: null });
      },
    });

  const actions: Actions = {
    injectAt,
    inject: (pick) => (pick?.inside ? injectAt(pick.at) : refuse(store, OUTSIDE)),
    drag: (id, pick) => {
      if (pick?.inside) enterAt(id, pick.at);
      else refuse(store, OUTSIDE);
    },
    nudge: (dx, dy) => {
      const point = selected();
      if (!point) return;
      const at = entryOf(store.state, point);
      if (!at) return refuse(store, 'This point lies in a muscle’s own frame: change it in the case file.');
      enterAt(point.id, [at[0] + dx, at[1] + dy]);
    },
    dose: (by) => {
      const point = selected();
      if (!point || point.dose === null) return;
      const dose = Math.round((point.dose + by) * 100) / 100;
      if (dose <= 0) return refuse(store, 'A dose is more than 0 U. Remove the point with the Delete key instead.');
      change(store, edits.setDose(store.state.case, atlas, point.id, dose), `dose:${point.id}`);
    },
    depth: (by) => {
      const point = selected();
      if (!point) return;
      const depth = Math.max(0, Math.round(((point.depth ?? 0) + by) * 10) / 10);
      apply(store, edits.setDepth(store.state.case, atlas, point.id, depth), `depth:${point.id}`);
    },
    remove: () => {
      const point = selected();
      if (point) apply(store, edits.removePoint(store.state.case, atlas, point.id));
    },
    mirror: () => {
      if (store.state.selected) apply(store, edits.mirrorPoint(store.state.case, atlas, store.state.selected));
      else refuse(store, 'Select a point to mirror.');
    },
    step: (by) => {
      const session = points().filter((one) => one.session === store.state.session);
      if (!session.length) return;
      const at = session.findIndex((one) => one.id === store.state.selected);
      const next = at < 0 ? (by > 0 ? 0 : session.length - 1) : (at + by + session.length) % session.length;
      store.set({ selected: session[next]?.id ?? null });
    },
    pattern: (name) => {
      const edit = edits.addPattern(store.state.case, atlas, store.state.session, name);
      const code = atlas.pattern.get(name)?.product;
      if (edits.isRefused(edit) && code) withEmptyPlan(code, edit.refused);
      else apply(store, edit);
    },
    product: (code) => {
      const edit = edits.setProduct(store.state.case, code);
      if (edits.isRefused(edit)) withEmptyPlan(code, edit.refused);
      else apply(store, edit);
    },
    site: (name) => void apply(store, edits.addSite(store.state.case, atlas, store.state.session, name, usual())),
    session: () => {
      const { case: document, session } = store.state;
      const days = document.plan.session.map(edits.sessionDay);
      apply(store, edits.addSession(document, Math.max(...days) + 84, session));
    },
  };
  return actions;
}

/** The session whose points are shown on a day: the latest on or before it. */
export function sessionShown(store: PageStore, day: number): number {
  return Math.max(0, sessionAt(store.state.case.plan.session.map((one) => quantity(one.at, 'day') ?? 0), day));
}
