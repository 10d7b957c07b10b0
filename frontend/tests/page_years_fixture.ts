// A short life for the tests of the page.
import type { YearsDocument } from '../src/api/years';

const age = [45, 45.1, 46, 47, 50];
const rows = (...values: number[]): number[][] => values.map((value) => [value, 2 * value]);

export const YEARS: YearsDocument = {
  title: 'Frown', disclaimer: '', regions: ['glabella', 'lateral_canthus_left'], words: ['A sentence.'], findings: [], age,
  effort: rows(1, 0.3, 0.2, 0.4, 0.5),
  depth_rest: { untreated: rows(0.2, 0.2, 0.21, 0.22, 0.3), treated: rows(0.2, 0.19, 0.15, 0.12, 0.1) },
  depth_effort: { untreated: rows(1, 1, 1, 1, 1), treated: rows(1, 0.4, 0.3, 0.4, 0.4) },
  severity_rest: { untreated: rows(1, 1, 1, 1, 1), treated: rows(1, 1, 1, 1, 1) },
  severity_effort: { untreated: rows(2, 2, 2, 2, 2), treated: rows(2, 1, 1, 1, 1) },
  sessions: [45, 46, 47], dose: [20, 20, 20], lost: null, evidence_hash: 'abc',
};
