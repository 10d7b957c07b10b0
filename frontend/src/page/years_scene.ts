// The twins side by side: the head of a life without treatment on the left, with it on the right, at one age.
import { EXPRESSIONS, SIDES } from '../viewer/expressions';
import type { Scene } from '../viewer/state';
import type { YearsDocument } from '../api/years';
import { sceneAt, type Look } from './scene';
import type { State } from './state';
import { valueAt } from './time';
import { at, column, type Twin, type Years } from './years_state';

const AGES = [25, 90] as const; // years that the head can show
const LEVEL: Scene['brow'] = { left: [0, 0, 0], right: [0, 0, 0] };

export function yearScenes(state: State, look: Look): { scene: Scene; left: Scene | null } {
  const { years } = state;
  const shown = { ...look, overlay: 'none' as const };
  if (!years.document) return { scene: { ...sceneAt(null, { ...shown, markers: [] }), lines: {} }, left: null };
  return { scene: twinScene(years, years.document, shown, 'treated'), left: twinScene(years, years.document, shown, 'untreated') };
}

function twinScene(years: Years, document: YearsDocument, look: Look, twin: Twin): Scene {
  const lines = document.regions.map((name, row) => [name, {
    rest: at(document, document.depth_rest, twin, row, years.age),
    effort: at(document, document.depth_effort, twin, row, years.age),
  }] as const);
  return {
    ...look,
    markers: twin === 'treated' ? look.markers : [],
    identity: { ...look.identity, age: Math.min(AGES[1], Math.max(AGES[0], years.age)) },
    force: twin === 'treated' ? forces(document, years.age) : {},
    lines: Object.fromEntries(lines),
    brow: LEVEL,
    lid: null,
    field: null,
  };
}

/** Every muscle that makes the lines of a region is given the force that folds it; the least where it makes several. */
function forces(document: YearsDocument, age: number): Record<string, number> {
  const force: Record<string, number> = {};
  document.regions.forEach((name, row) => {
    const left = valueAt(document.age, column(document.effort, row), age);
    for (const muscle of folders(name)) force[muscle] = Math.min(force[muscle] ?? 1, left);
  });
  return force;
}

function folders(region: string): string[] {
  const side = SIDES.find((one) => region.endsWith(`_${one}`));
  const stem = side ? region.slice(0, -side.length - 1) : region;
  const pulls = Object.values(EXPRESSIONS).filter((one) => one.works[stem] === 1).flatMap((one) => one.pulls);
  return pulls.flatMap(({ muscle }) => [muscle, ...(side ? [side] : SIDES).map((one) => `${muscle}.${one}`)]);
}

/** What stands over both halves. */
export function halves(years: Years): [left: string, right: string] {
  return years.document ? [`Untreated, ${years.age.toFixed(1)}`, `Treated, ${years.age.toFixed(1)}`] : ['', ''];
}
