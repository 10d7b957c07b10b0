// Where a drawn value comes from: the entries of the evidence library that the stages behind it read.
import type { EvidenceEntry } from '../api/client';
import { plainNumber } from './quantity';

export type Drawn = 'force' | 'depth' | 'grade' | 'lid' | 'brow' | 'captured';

const SPREAD = ['D', 'sigma_front', 'phi', 'k_clr', 'k_up', 'sheath_detour', 'septum_detour', 'skin_permeability'];
const TERMINAL = ['t_LC.A', 't_S', 'h', 'SF', 'sigma_d', 'sigma_SF'];
const KEYS: Record<Drawn, readonly string[]> = {
  captured: SPREAD,
  force: [...TERMINAL, 'a_max', 'tau_loss', 'tau_gain', 'g_c'],
  depth: ['c_depth', 'eps0', 'E_s', 'Eh', 'crease.volatile_time', 'crease.growth'],
  grade: ['severity.half_depth', 'severity.exponent', 'severity.limit', 'sigma_rater.investigator', 'sigma_rater.subject'],
  lid: ['MRD1_0', 'lid_levator', 'lid_orbicularis'],
  brow: ['brow.fall.medial', 'brow.fall.lateral', 'brow.rise.medial', 'brow.rise.lateral', 'brow.coupling'],
};
const STAGES: Record<Drawn, string> = {
  captured: 'spread stage: seepage, diffusion and uptake in layered tissue',
  force: 'kinetics and muscle stages: transmission, atrophy and compensation',
  depth: 'skin stage: compression of the skin by the remaining force, creases over time',
  grade: 'outcome stage: severity from depth, with the raters’ scatter',
  lid: 'outcome stage: levator and pretarsal orbicularis',
  brow: 'outcome stage: frontalis against the depressors',
};

export function entriesOf(drawn: Drawn, evidence: readonly EvidenceEntry[]): EvidenceEntry[] {
  return KEYS[drawn].flatMap((key) => evidence.find((one) => one.key === key) ?? []);
}

/** One line for a hover. */
export function sourceLine(drawn: Drawn, hash: string | null): string {
  const library = hash ? `; evidence library ${hash.slice(0, 8)}` : '';
  return `Simulated, ${STAGES[drawn]}${library}`;
}

export function entryLine(entry: EvidenceEntry): string {
  const source = entry.citations?.join('; ') ?? (Array.isArray(entry.source) ? entry.source.join(', ') : entry.source);
  const range = typeof entry.low === 'number' && typeof entry.high === 'number'
    ? ` (${plainNumber(entry.low, 4)} to ${plainNumber(entry.high, 4)})` : '';
  const unit = entry.unit === '1' ? '' : ` ${entry.unit}`;
  return `${entry.key} = ${plainNumber(entry.value, 4)}${range}${unit}, ${entry.grade}: ${entry.meaning ?? ''}. ${source}`;
}
