// A life: what is asked, and what the server answers. The answer has the same numbers as `endplate years --json`.
import type { CaseDocument, Fault } from './types';

export interface YearsTable {
  /** Age at the end [year]. */
  until: number;
  every?: string;
  /** A session is given when lines in full effort are back at this grade. */
  grade?: number;
  region?: string;
  least?: string;
}

export interface YearsRequest {
  title: string;
  patient?: Record<string, unknown>;
  plan: CaseDocument['plan'];
  years: YearsTable;
  offers?: Record<string, unknown>[];
}

/** Rows are times, columns regions. */
export interface TwinRows {
  untreated: number[][];
  treated: number[][];
}

export interface YearsDocument {
  title: string;
  disclaimer: string;
  regions: string[];
  /** What came out, in sentences. */
  words: string[];
  findings: Fault[];
  age: number[];
  /** Force that folds each region, over untreated. */
  effort: number[][];
  depth_rest: TwinRows;
  depth_effort: TwinRows;
  severity_rest: TwinRows;
  severity_effort: TwinRows;
  /** Ages at sessions, and units in each. */
  sessions: number[];
  dose: number[];
  lost: number | null;
  evidence_hash: string;
}
