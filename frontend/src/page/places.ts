// What the course says of a point: its distances.
import type { InjectionPlace } from '../api/types';
import type { Point } from './points';
import { isStale, type State } from './state';
import { sameDay } from './time';

/** Where the simulator put a point; null while the course is that of an earlier plan, whose points may be others. */
export function placeOf(state: Pick<State, 'plan' | 'case'>, point: Point): InjectionPlace | null {
  if (isStale(state.plan, state.case)) return null;
  const same = (one: InjectionPlace): boolean => point.day !== null && sameDay(one.day, point.day) && one.injection === point.index;
  return state.plan.course?.places.find(same) ?? null;
}
