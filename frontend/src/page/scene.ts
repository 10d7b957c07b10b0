// From a course and a day to what the viewer shows.
import type { CaseDocument, CourseDocument, Fault, Point3, Side } from '../api/types';
import type { Expression, Identity, Marker, Overlay, Scene, ToxinField } from '../viewer/state';
import { isOpen, sentence, type Placed } from './faults';
import { fieldOf } from './geometry';
import type { Point } from './points';
import { quantity } from './quantity';
import { sessionAt, valueAt } from './time';

export interface Look {
  day: number;
  expression: Expression;
  effort: number;
  overlay: Overlay;
  identity: Identity;
  markers: Marker[];
}

const AGES = [25, 90] as const; // years that the head can show
const YEAR = 365.25;
const SIDES: readonly Side[] = ['left', 'right'];
const COLUMNS = ['medial', 'central', 'lateral'] as const;

export function identityOf(document: CaseDocument, ancestry: Point3, day: number): Identity {
  const patient = document.patient ?? {};
  const skin = (patient['skin'] ?? {}) as Record<string, unknown>;
  const age = (quantity(patient['age'], 'year') ?? 45) + day / YEAR;
  const fitzpatrick = typeof skin['fitzpatrick'] === 'number' ? skin['fitzpatrick'] : 2;
  return {
    age: Math.min(AGES[1], Math.max(AGES[0], age)),
    sex: patient['sex'] === 'male' ? 1 : 0,
    ancestry,
    fitzpatrick: Math.min(6, Math.max(1, fitzpatrick)),
  };
}

/** Markers of the session that is edited; points of other sessions are not drawn. */
export function markersOf(points: readonly Point[], session: number, selected: string | null, faults: Placed): Marker[] {
  return points.flatMap((point) => {
    if (point.session !== session || !point.at) return [];
    const found: Fault[] = (faults.get(`point:${point.id}`) ?? []).filter(isOpen);
    const fault = found.length ? found.map(sentence).join(' ') : null;
    return [{ id: point.id, at: point.at, dose: point.dose ?? 0, selected: point.id === selected, fault }];
  });
}

/** Captured toxin of the latest session on or before a day. */
export function fieldAt(course: CourseDocument | null, day: number): ToxinField | null {
  if (!course) return null;
  const session = sessionAt(course.sessions, day);
  const found = course.fields.find((one) => one.session === session && one.frame === 'head');
  return found ? fieldOf(found) : null;
}

export function sceneAt(course: CourseDocument | null, look: Look): Scene {
  const { day, expression, effort, overlay, identity, markers } = look;
  const at = (curve: readonly number[]): number => valueAt(course?.days ?? [], curve, day);
  const muscles = Object.entries(course?.muscles ?? {});
  const regions = Object.entries(course?.regions ?? {});
  const brow = (side: Side): Point3 => {
    const [medial, central, lateral] = COLUMNS.map((one) => (course ? at(course.brow[side][one]) : 0));
    return [medial ?? 0, central ?? 0, lateral ?? 0];
  };
  return {
    identity,
    expression,
    effort,
    force: Object.fromEntries(muscles.map(([name, one]) => [name, at(one.force)])),
    lines: Object.fromEntries(regions.map(([name, one]) => [name, { rest: at(one.depth_rest), effort: at(one.depth_effort) }])),
    brow: Object.fromEntries(SIDES.map((side) => [side, brow(side)])) as Record<Side, Point3>,
    lid: course && (Object.fromEntries(SIDES.map((side) => [side, at(course.lid[side])])) as Record<Side, number>),
    markers,
    overlay,
    field: overlay === 'toxin' ? fieldAt(course, day) : null,
  };
}

/** The same person before the first session: the first day of the course, with nothing injected. */
export function sceneBefore(course: CourseDocument | null, look: Look): Scene {
  const first = course?.days[0] ?? 0;
  const scene = sceneAt(course, { ...look, day: first, markers: [] });
  return { ...scene, force: {}, field: null };
}
