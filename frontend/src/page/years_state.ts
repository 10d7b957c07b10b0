// Years: what is asked of a life, and reading its curves at an age.
import type { CaseDocument, Fault } from '../api/types';
import type { TwinRows, YearsDocument, YearsRequest } from '../api/years';
import { quantity } from './quantity';
import { valueAt } from './time';

/** A session every so many weeks, or when lines in full effort are moderate again. */
export type Rhythm = '12' | '16' | '26' | 'grade';
export type Twin = 'untreated' | 'treated';

export interface Years {
  document: YearsDocument | null;
  busy: boolean;
  /** Why there is no newer answer. */
  faults: Fault[];
  /** Age that is shown. */
  age: number;
  rhythm: Rhythm;
  /** How many years are followed. */
  length: number;
}

export const NO_YEARS: Years = { document: null, busy: false, faults: [], age: 0, rhythm: '16', length: 25 };
export const RHYTHMS: readonly (readonly [Rhythm, string])[] = [['12', 'every 12 weeks'], ['16', 'every 16 weeks'], ['26', 'every 26 weeks'], ['grade', 'when moderate again']];
export const LENGTHS = [5, 10, 25, 40] as const;

const USUAL_AGE = 45;
const OLDEST = 120;
const MODERATE = 2;

export function ageOf(document: CaseDocument): number {
  return quantity(document.patient?.['age'], 'year') ?? USUAL_AGE;
}

/** The first session that injects anything, given again and again. */
export function yearsRequest(document: CaseDocument, { rhythm, length }: Pick<Years, 'rhythm' | 'length'>): YearsRequest | null {
  const first = document.plan.session.find((one) => one.pattern || one.injection?.length);
  if (!first) return null;
  const until = Math.min(OLDEST, ageOf(document) + length);
  const years = rhythm === 'grade' ? { until, every: '4 weeks', grade: MODERATE } : { until, every: `${rhythm} weeks` };
  // Neither an anaesthetic nor an assumed permeation is followed over years.
  const offers = (document.offers ?? []).filter((one) => one['name'] !== 'local_anaesthetic').map(({ permeation: _, ...rest }) => rest);
  return {
    ...(offers.length ? { offers } : {}),
    title: document.title?.trim() || 'Untitled case',
    ...(document.patient ? { patient: document.patient } : {}),
    plan: { product: document.plan.product, session: [{ ...first, at: 0 }] },
    years,
  };
}

/** Curve of a region. */
export function column(rows: readonly number[][], region: number): number[] {
  return rows.map((row) => row[region] ?? Number.NaN);
}

/** A twin's value of a region at an age. */
export function at(document: YearsDocument, rows: TwinRows, twin: Twin, region: number, age: number): number {
  return valueAt(document.age, column(rows[twin], region), age);
}

/** Where the region that is looked at stands among those that were followed. */
export function regionOf(document: YearsDocument, region: string): number {
  return Math.max(0, document.regions.indexOf(region));
}

export function ageText(age: number): string {
  return `${age.toFixed(1)} years`;
}

/** Ages at which the axis is named: whole, few. */
export function ageTicks(first: number, last: number, most = 10): number[] {
  const step = [1, 2, 5, 10, 20].find((one) => (last - first) / one <= most) ?? 20;
  const from = Math.ceil(first / step - 1e-9) * step;
  return Array.from({ length: Math.floor((last - from) / step + 1e-9) + 1 }, (_, index) => from + index * step);
}
