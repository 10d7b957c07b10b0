// Which muscles make an expression, what each of them does to the face, and which regions of lines the expression works.
// Muscles have the simulator's names (stems; the side is added), units those of frontend/head/units.py. Weights are drawn, not measured:
// they were set by eye on the untreated face, so that full effort looks like the expression a rater asks for.
import type { Side } from '../api/types';
import type { Expression } from './state';

interface Pull {
  muscle: string;
  unit: string;
  weight: number;
}

interface Plan {
  pulls: Pull[];
  /** Share of the region's effort lines that shows. */
  works: Record<string, number>;
}

/** Muscles that have no sides. */
const MIDLINE = new Set(['procerus', 'orbicularis_oris']);

const pull = (muscle: string, unit: string, weight: number): Pull => ({ muscle, unit, weight });

export const EXPRESSIONS: Record<Expression, Plan> = {
  repose: { pulls: [], works: {} },
  frown: {
    pulls: [
      pull('corrugator_supercilii', 'brow_down', 0.8),
      pull('depressor_supercilii', 'brow_down', 0.15),
      pull('procerus', 'brow_down', 0.1),
      pull('procerus', 'sneer', 0.25),
      pull('orbicularis_oculi_medial', 'squint', 0.25),
      pull('orbicularis_oculi_medial', 'cheek_up', 0.1),
    ],
    works: { glabella: 1 },
  },
  brow_raise: {
    pulls: [
      pull('frontalis_medial', 'brow_inner_up', 0.9),
      pull('frontalis_medial', 'brow_medial', 2.5),
      pull('frontalis_central', 'brow_central', 4.5),
      pull('frontalis_lateral', 'brow_outer_up', 0.8),
      pull('frontalis_lateral', 'brow_lateral', 1.5),
    ],
    works: { forehead: 1 },
  },
  squint: {
    pulls: [
      pull('orbicularis_oculi_lateral', 'cheek_up', 0.65),
      pull('orbicularis_oculi_lateral', 'squint', 0.5),
      pull('orbicularis_oculi_medial', 'brow_down', 0.25),
      pull('orbicularis_oculi_medial', 'squint', 0.35),
      pull('orbicularis_oculi_pretarsal', 'blink', 0.14),
    ],
    works: { lateral_canthus: 1 },
  },
  smile: {
    pulls: [
      pull('zygomaticus_major', 'smile', 0.85),
      pull('zygomaticus_minor', 'lip_up', 0.25),
      pull('levator_anguli_oris', 'smile', 0.1),
      pull('risorius', 'stretch', 0.15),
      pull('orbicularis_oculi_lateral', 'cheek_up', 0.4),
      pull('orbicularis_oculi_lateral', 'squint', 0.35),
    ],
    works: { lateral_canthus: 0.85 },
  },
  snarl: {
    pulls: [
      pull('nasalis_transversa', 'sneer', 0.4),
      pull('levator_labii_sup_alaeque_nasi', 'sneer', 0.6),
      pull('levator_labii_sup_alaeque_nasi', 'lip_up', 0.35),
      pull('levator_labii_superioris', 'lip_up', 0.35),
      pull('procerus', 'brow_down', 0.25),
      pull('orbicularis_oculi_medial', 'squint', 0.35),
    ],
    works: { bunny: 1, glabella: 0.3 },
  },
  pout: {
    pulls: [
      pull('orbicularis_oris', 'pucker', 0.8),
      pull('orbicularis_oris', 'funnel', 0.12),
      pull('mentalis', 'chin_up', 0.75),
      pull('depressor_anguli_oris', 'corner_down', 0.45),
    ],
    works: { perioral: 1, chin: 1, marionette: 0.6 },
  },
  platysma: {
    pulls: [
      pull('platysma', 'platysma', 1),
      pull('platysma', 'stretch', 0.45),
      pull('platysma', 'corner_down', 0.25),
      pull('platysma', 'lip_down', 0.35),
      pull('depressor_anguli_oris', 'corner_down', 0.2),
    ],
    works: { platysma: 1, marionette: 0.8 },
  },
};

export const SIDES: readonly Side[] = ['left', 'right'];

/** Remaining force of a muscle on a side; 1 where nothing is known of it. */
export function forceOf(force: Record<string, number>, stem: string, side: Side): number {
  return force[MIDLINE.has(stem) ? stem : `${stem}.${side}`] ?? 1;
}

/** Weight of each unit (`name.side`) for an expression: what its muscles still can do. */
export function unitWeights(expression: Expression, effort: number, force: Record<string, number>): Map<string, number> {
  const out = new Map<string, number>();
  for (const { muscle, unit, weight } of EXPRESSIONS[expression].pulls)
    for (const side of SIDES) {
      const name = `${unit}.${side}`;
      out.set(name, (out.get(name) ?? 0) + weight * effort * forceOf(force, muscle, side));
    }
  return out;
}

/** How far an expression works the lines of a region (its name with or without a side), 0 to 1. */
export function worked(expression: Expression, region: string): number {
  return EXPRESSIONS[expression].works[region.replace(/_(left|right)$/, '')] ?? 0;
}
