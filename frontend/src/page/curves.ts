// Which curves are drawn, and from what.
import type { Band, CourseDocument, Curve, Side } from '../api/types';
import { muscleName, sentenceCase } from './names';
import { resampled } from './time';

export interface Line {
  name: string;
  /** Index of its colour, or a negative one for a compared plan's, drawn in the same colour with dashes. */
  colour: number;
  dashed: boolean;
  values: (number | null)[];
  low?: (number | null)[];
  high?: (number | null)[];
}

const LEAST_LOSS = 0.01; // share of force; below it a muscle is not drawn
const SAME = 0.005; // share of force within which left and right are drawn as one
const SAME_MM = 0.01; // mm, likewise for lid and brow
const MOST = 6;
const COLUMNS = ['medial', 'central', 'lateral'] as const;

export interface MuscleGroup {
  name: string;
  members: string[];
  loss: number;
}

function largestLoss(force: Curve): number {
  return force.reduce((most, one) => Math.max(most, 1 - one), 0);
}

function near(one: Curve, other: Curve, within: number): boolean {
  return one.length === other.length && one.every((value, index) => Math.abs(value - (other[index] as number)) < within);
}

/** Muscles that lose force in either course, the most first; left and right together where they agree in each course. */
export function muscleGroups(course: CourseDocument, other: CourseDocument | null = null): MuscleGroup[] {
  const stems = new Map<string, string[]>();
  const force = (name: string, from: CourseDocument | null = course): Curve => from?.muscles[name]?.force ?? [];
  const loss = (name: string): number => Math.max(largestLoss(force(name)), largestLoss(force(name, other)));
  for (const name of new Set([...Object.keys(course.muscles), ...Object.keys(other?.muscles ?? {})])) {
    const stem = name.split('.')[0] as string;
    if (loss(name) >= LEAST_LOSS) stems.set(stem, [...(stems.get(stem) ?? []), name]);
  }
  const groups = [...stems].flatMap(([stem, names]) => {
    const [first, second] = names as [string, string?];
    const paired = second !== undefined && [course, other].every((one) => near(force(first, one), force(second, one), SAME));
    const sets = paired || !second ? [names] : [[first], [second]];
    return sets.map((members) => ({
      name: sentenceCase(paired ? `${muscleName(stem)}, both sides` : muscleName(members[0] as string)),
      members,
      loss: loss(members[0] as string),
    }));
  });
  return groups.sort((a, b) => b.loss - a.loss);
}

/** The days of the axis: those of the longer course. */
export function axisDays(course: CourseDocument, other: CourseDocument | null): Curve {
  const last = (one: CourseDocument): number => one.days[one.days.length - 1] ?? 0;
  return other && last(other) > last(course) ? other.days : course.days;
}

function line(name: string, colour: number, days: Curve, onto: Curve, curve: Curve, band?: Band, dashed = false): Line {
  const fit = (one: Curve): (number | null)[] => (days === onto ? one : resampled(days, one, onto));
  const made: Line = { name, colour, dashed, values: fit(curve) };
  return band ? { ...made, low: fit(band.low), high: fit(band.high) } : made;
}

export function forceLines(course: CourseDocument, other: CourseDocument | null): Line[] {
  const onto = axisDays(course, other);
  return muscleGroups(course, other).slice(0, MOST).flatMap((group, colour) => {
    const name = group.members[0] as string;
    const own = line(group.name, colour, course.days, onto, course.muscles[name]?.force ?? [], course.bands?.muscles[name]);
    const compared = other?.muscles[name];
    return other && compared ? [own, line(group.name, colour, other.days, onto, compared.force, undefined, true)] : [own];
  });
}

export function depthLines(course: CourseDocument, other: CourseDocument | null, region: string): Line[] {
  const onto = axisDays(course, other);
  const parts = [['In full effort', 'depth_effort'], ['At rest', 'depth_rest']] as const;
  return parts.flatMap(([name, key], colour) => {
    const own = course.regions[region];
    const compared = other?.regions[region];
    const lines = own ? [line(name, colour, course.days, onto, own[key], course.bands?.regions[region]?.[key])] : [];
    return other && compared ? [...lines, line(name, colour, other.days, onto, compared[key], undefined, true)] : lines;
  });
}

/** Probability of each grade, stacked: line k is the probability of grade k or milder. */
export function gradeStack(course: CourseDocument, onto: Curve, region: string, effort: 'maximum' | 'rest', rater: 'investigator' | 'subject'): (number | null)[][] {
  const rows = course.regions[region]?.grade_probability[effort][rater] ?? [];
  const grades = rows[0]?.length ?? 0;
  return Array.from({ length: grades }, (_, grade) => {
    const sum = rows.map((row) => row.slice(0, grade + 1).reduce((total, one) => total + one, 0));
    return onto === course.days ? sum : resampled(course.days, sum, onto);
  });
}

export function positionLines(course: CourseDocument, other: CourseDocument | null): { lid: Line[]; brow: Line[] } {
  const onto = axisDays(course, other);
  const both = (name: string, colour: number, pick: (one: CourseDocument) => Curve): Line[] => {
    const lines = [line(name, colour, course.days, onto, pick(course))];
    return other ? [...lines, line(name, colour, other.days, onto, pick(other), undefined, true)] : lines;
  };
  const each = (name: string, colour: number, pick: (one: CourseDocument, side: Side) => Curve): Line[] => {
    const same = [course, ...(other ? [other] : [])].every((one) => near(pick(one, 'left'), pick(one, 'right'), SAME_MM));
    const sides: readonly Side[] = same ? ['left'] : ['left', 'right'];
    return sides.flatMap((side, index) => both(`${name}, ${same ? 'both sides' : side}`, colour + index, (one) => pick(one, side)));
  };
  return {
    lid: each('Upper lid', 0, (one, side) => one.lid[side]),
    brow: COLUMNS.flatMap((column, index) => each(`${sentenceCase(column)} brow`, 2 * index, (one, side) => one.brow[side][column])),
  };
}
