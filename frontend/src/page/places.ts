// What the course says of a point: where its needle enters, and its distances.
import type { InjectionPlace, Point2 } from '../api/types';
import type { Point } from './points';
import { isStale, type State } from './state';
import { sameDay } from './time';

/** Where the simulator put a point; null while the course is that of an earlier plan, whose points may be others. */
export function placeOf(state: Pick<State, 'plan' | 'case'>, point: Point): InjectionPlace | null {
  if (isStale(state.plan, state.case)) return null;
  const same = (one: InjectionPlace): boolean => point.day !== null && sameDay(one.day, point.day) && one.injection === point.index;
  return state.plan.course?.places.find(same) ?? null;
}

const SAME_TIP = 1e-3; // mm; the anatomy's document has three decimals

/**
 * Where the needle of a point goes through the skin. Where the tip itself is given, the last course tells it: it depends
 * on the tip alone, so an older course serves as well. A point that was just moved keeps the way between tip and skin.
 */
export function entryOf(state: Pick<State, 'plan' | 'other' | 'lean'>, point: Point): Point2 | null {
  const { at, tip, site } = point;
  if (!at || tip === null) return at;
  const same = (one: InjectionPlace): boolean => {
    const given = site === null ? Math.hypot(one.tip[0] - at[0], one.tip[1] - at[1], one.tip[2] - tip) < SAME_TIP : one.site === site;
    return one.frame === point.frame && given;
  };
  const known = [state.plan, state.other].flatMap((one) => one.course?.places ?? []).find(same);
  if (known) return known.skin;
  return state.lean?.id === point.id ? [at[0] + state.lean.by[0], at[1] + state.lean.by[1]] : at;
}

/** Points as the face shows them: each where its needle enters. */
export function entered(state: Pick<State, 'plan' | 'other' | 'lean'>, points: readonly Point[]): Point[] {
  return points.map((one) => ({ ...one, at: entryOf(state, one) }));
}
