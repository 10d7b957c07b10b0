// What the server says of the risks of a plan; the same as `endplate risks --json`.
import type { Fault } from './types';

export interface Interval {
  low: number;
  middle: number;
  high: number;
}

export interface AdverseEvent {
  event: string;
  name: string;
  words: string;
  /** `both`: the model is used, and what trials counted is the check. */
  origin: 'model' | 'counts' | 'both';
  placebo: Interval;
  added: Interval;
  total: Interval;
  /** Whether it is laid to the drug. */
  blamed: boolean;
  /** Whether the model or a trial of this product in these regions tells of it. */
  own: boolean;
  onset: Interval | null;
  lasting: Interval | null;
  timing: string | null;
  days: number;
  prevalence: number[];
  check: Interval | null;
  agrees: boolean | null;
}

export interface RisksDocument {
  disclaimer: string;
  product: string;
  treated: { part: string; regions: string; dose: number } | null;
  days: number[];
  events: AdverseEvent[];
  total: { events: Interval; days: Interval; any: Interval; any_cause: Interval; counted: string[]; trials: Interval | null };
  unknown: { event: string; name: string; words: string }[];
  traits: { name: string; meaning: string; events: string[]; words: string }[];
  unfollowed: string;
  model: { patients: number } | null;
  overdose: { words: string; signs: string };
  findings: Fault[];
}
