// Everything that is drawn, as tables of values with units.
import type { CourseDocument, SessionDoses } from '../api/types';
import { muscleGroups } from './curves';
import { GRADES, muscleName, regionName, sentenceCase, siteName, unitName } from './names';
import { percent, plainNumber, shown } from './quantity';
import { sameDay, valueAt } from './time';

export interface Table {
  caption: string;
  head: string[];
  rows: string[][];
  note?: string;
}

function at(course: CourseDocument, day: number): (curve: readonly number[]) => number {
  return (curve) => valueAt(course.days, curve, day);
}

export function forceTable(course: CourseDocument, day: number): Table {
  const value = at(course, day);
  const rows = muscleGroups(course).map((group) => {
    const name = group.members[0] as string;
    const muscle = course.muscles[name];
    const band = course.bands?.muscles[name];
    return [
      group.name,
      percent(muscle && value(muscle.force)),
      band ? `${percent(value(band.low))} to ${percent(value(band.high))}` : '–',
      percent(muscle && value(muscle.transmission)),
      percent(1 - group.loss),
    ];
  });
  const head = ['Muscle', 'Force [% of untreated]', bandHead(course), 'Transmitting fibres [%]', 'Least force [%]'];
  return { caption: `Force on day ${Math.round(day)}`, head, rows, note: 'All other muscles of the map lose less than 1 % of their force.' };
}

function bandHead(course: CourseDocument): string {
  return course.bands ? `${plainNumber(100 * course.bands.level, 0)} % of ${course.bands.patients} patients` : 'Band';
}

export function depthTable(course: CourseDocument, day: number): Table {
  const value = at(course, day);
  const rows = Object.entries(course.regions).map(([region, one]) => {
    const band = course.bands?.regions[region];
    const range = (low: number, high: number): string => `${shown(low, 2)} to ${shown(high, 2)}`;
    return [
      regionName(region),
      shown(value(one.depth_effort), 2),
      band ? range(value(band.depth_effort.low), value(band.depth_effort.high)) : '–',
      shown(value(one.depth_rest), 2),
      percent(value(one.strain), 1),
    ];
  });
  const head = ['Lines', 'Depth in effort [mm]', bandHead(course), 'Depth at rest [mm]', 'Compression [%]'];
  return { caption: `Lines on day ${Math.round(day)}`, head, rows };
}

export function gradeTable(course: CourseDocument, day: number): Table {
  const value = at(course, day);
  const rows = Object.entries(course.regions).flatMap(([region, one]) =>
    (['maximum', 'rest'] as const).flatMap((effort) =>
      (['investigator', 'subject'] as const).map((rater) => {
        const grades = one.grade_probability[effort][rater];
        const cells = GRADES.map((_, grade) => percent(value(grades.map((row) => row[grade] ?? 0))));
        return [regionName(region), effort === 'maximum' ? 'full effort' : 'rest', rater, ...cells];
      }),
    ),
  );
  const head = ['Lines', 'At', 'Rater', ...GRADES.map((name, grade) => `${grade} ${name} [%]`)];
  return { caption: `Probability of each grade on day ${Math.round(day)}`, head, rows };
}

export function positionTable(course: CourseDocument, day: number): Table {
  const value = at(course, day);
  const rows = (['left', 'right'] as const).flatMap((side) => [
    [`Upper lid, ${side} (MRD1)`, shown(value(course.lid[side]), 2)],
    ...(['medial', 'central', 'lateral'] as const).map((column) => [
      `Brow, ${side} ${column} (change)`,
      shown(value(course.brow[side][column]), 2),
    ]),
  ]);
  return { caption: `Lid and brow on day ${Math.round(day)}`, head: ['Place', 'Height [mm]'], rows };
}

export function placeTable(course: CourseDocument): Table {
  const rows = course.places.map((one) => [
    String(one.day),
    one.site ? siteName(one.site) : `${shown(one.skin[0])}, ${shown(one.skin[1])} mm`,
    plainNumber(one.dose, 2),
    plainNumber(one.volume, 3),
    one.tip.map((mm) => shown(mm)).join(', '),
    shown(one.rim_distance),
    shown(one.levator_distance),
  ]);
  const unit = unitName(course.doses.unit);
  const head = ['Day', 'Place', `Dose [${unit}]`, 'Volume [mL]', 'Needle tip x, y, z [mm]', 'To orbital rim [mm]', 'To levator [mm]'];
  return { caption: 'Injections', head, rows, note: 'Distance to the orbital rim in the frontal plane, negative inside the orbit; to the levator in space.' };
}

const NOTHING: Omit<SessionDoses, 'day'> = { label: null, by_muscle: {}, total: 0 };

/** Doses of the session on a day, if the course has one. */
export function sessionDoses(course: CourseDocument, day: number | null): SessionDoses | null {
  return course.doses.sessions?.find((one) => one.day !== null && day !== null && sameDay(one.day, day)) ?? null;
}

/** Doses of one session, or of the one with the most units. */
export function doseTable(course: CourseDocument, day: number | null = null): Table {
  const { unit, sessions } = course.doses;
  // A session in which nothing is given yet was not sent: it has no doses, and never those of another one.
  const { label, by_muscle, total } = day === null || !sessions ? course.doses : (sessionDoses(course, day) ?? NOTHING);
  const names = [...new Set([...Object.keys(by_muscle), ...Object.keys(label?.by_muscle ?? {})])];
  const number = (value: number | undefined): string => (value === undefined ? '–' : plainNumber(value, 2));
  const name = (key: string): string => sentenceCase(muscleName(key));
  const rows = names.map((one) => [name(one), number(by_muscle[one]), number(label?.by_muscle[one])]);
  return {
    caption: `Dose by muscle [${unitName(unit)}]`,
    head: ['Muscle', 'This plan', label ? `Label (${label.pattern})` : 'Label'],
    rows: [...rows, ['Total', number(total), number(label?.total)]],
  };
}

export function captureTable(course: CourseDocument): Table {
  const rows = course.fields.map((field) => [
    String(course.sessions[field.session] ?? field.session),
    `${shown(field.x0)} to ${shown(field.x0 + field.step * (field.width - 1))}`,
    `${shown(field.y0)} to ${shown(field.y0 + field.step * (field.height - 1))}`,
    plainNumber(peak(field.captured), 2),
    field.unit,
  ]);
  return { caption: 'Captured toxin', head: ['Session, day', 'x [mm]', 'y [mm]', 'Largest', 'Unit'], rows };
}

function peak(base64: string): number {
  const bytes = Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  let most = 0;
  for (let at = 0; at + 4 <= bytes.length; at += 4) most = Math.max(most, view.getFloat32(at, true));
  return most;
}

export function allTables(course: CourseDocument, day: number): Table[] {
  return [
    forceTable(course, day),
    depthTable(course, day),
    gradeTable(course, day),
    positionTable(course, day),
    placeTable(course),
    doseTable(course),
    captureTable(course),
  ];
}
