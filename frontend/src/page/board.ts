// The five charts of a course, with legends, choices and sources.
import type { EvidenceEntry } from '../api/client';
import type { CourseDocument } from '../api/types';
import { Chart, type ChartSetup, type Drawing } from './chart';
import { axisDays, depthLines, forceLines, gradeStack, positionLines, type Line } from './curves';
import { choice, h } from './dom';
import { simulatedDays } from './edits';
import { fillLegend } from './legend';
import { GRADES, REGION_SHORT } from './names';
import { entriesOf, entryLine, sourceLine, type Drawn } from './sources';
import type { PageStore, State } from './state';

type Setup = Omit<ChartSetup, 'onDay' | 'source'>;

interface Shown {
  drawn: Drawn;
  chart: Chart;
  legend: HTMLElement;
  drawing: Drawing;
}

const PERCENT = { unit: '%', digits: 0, share: true, range: [0, 1] as const };
const MM = { unit: 'mm', digits: 2 };
const GRADE_COLOURS = ['--grade-0', '--grade-1', '--grade-2', '--grade-3'];

export class Board {
  readonly root: HTMLElement;
  readonly #force: Shown;
  readonly #depth: Shown;
  readonly #grade: Shown;
  readonly #lid: Shown;
  readonly #brow: Shown;

  constructor(
    readonly store: PageStore,
    readonly evidence: readonly EvidenceEntry[],
  ) {
    this.#force = this.#make('force', { ...PERCENT, title: 'Muscle force, share of untreated' });
    this.#depth = this.#make('depth', { ...MM, title: 'Depth of lines' });
    this.#grade = this.#make('grade', { ...PERCENT, title: 'Probability of each grade', colours: GRADE_COLOURS });
    this.#lid = this.#make('lid', { ...MM, title: 'Upper lid over the pupil (MRD1)' });
    this.#brow = this.#make('brow', { ...MM, title: 'Change of brow height' });
    this.root = h('div', { class: 'charts' }, this.#block(this.#force), this.#block(this.#depth, regions(store)),
      this.#block(this.#grade, grades(store)), this.#block(this.#lid), this.#block(this.#brow));
    const dark = globalThis.matchMedia?.('(prefers-color-scheme: dark)');
    dark?.addEventListener('change', () => this.#all.forEach((one) => one.chart.refresh()));
  }

  get #all(): Shown[] {
    return [this.#force, this.#depth, this.#grade, this.#lid, this.#brow];
  }

  draw(course: CourseDocument, state: State): void {
    const other = state.split === 'plans' ? state.other.course : null;
    const days = axisDays(course, other);
    const places = positionLines(course, other);
    this.#put(this.#force, { days, lines: forceLines(course, other) });
    this.#put(this.#depth, { days, lines: depthLines(course, other, state.region) });
    this.#put(this.#grade, { days, lines: gradeLines(course, other, state), stacked: true });
    this.#put(this.#lid, { days, lines: places.lid });
    this.#put(this.#brow, { days, lines: places.brow });
  }

  day(day: number): void {
    for (const one of this.#all) {
      one.chart.day(day);
      fillLegend(one.legend, one.chart, one.drawing, day);
    }
  }

  #put(one: Shown, drawing: Drawing): void {
    one.drawing = drawing;
    one.chart.draw(drawing);
    fillLegend(one.legend, one.chart, drawing, this.store.state.day);
  }

  #hash(): string | null {
    return this.store.state.plan.course?.evidence_hash ?? null;
  }

  #make(drawn: Drawn, setup: Setup): Shown {
    const onDay = (day: number): void => {
      const last = simulatedDays(this.store.state.case);
      this.store.set({ day: Math.min(last, Math.max(0, Math.round(day))), playing: false });
    };
    const chart = new Chart({ ...setup, onDay, source: () => sourceLine(drawn, this.#hash()) });
    return { drawn, chart, legend: h('ul', { class: 'legend' }), drawing: { days: [], lines: [] } };
  }

  #block(one: Shown, controls?: HTMLElement): HTMLElement {
    const entries = entriesOf(one.drawn, this.evidence).map((entry) => h('li', { text: entryLine(entry) }));
    const sources = h('details', { class: 'sources' }, h('summary', { text: 'Sources' }), h('p', { class: 'hint', text: sourceLine(one.drawn, null) }), h('ul', {}, ...entries));
    return h('section', { class: 'block' }, controls, one.chart.root, one.legend, sources);
  }
}

function gradeLines(course: CourseDocument, other: CourseDocument | null, state: State): Line[] {
  const days = axisDays(course, other);
  const lines = (one: CourseDocument, dashed: boolean): Line[] =>
    gradeStack(one, days, state.region, state.gradeEffort, state.rater).map((values, colour) => ({ name: `${colour} ${GRADES[colour] ?? ''}`, colour, dashed, values }));
  return [...lines(course, false), ...(other ? lines(other, true) : [])];
}

function regions(store: PageStore): HTMLElement {
  const bar = choice('Region of lines', Object.entries(REGION_SHORT), (region) => store.set({ region }));
  store.watch((s) => [s.region], (region) => bar.show(region));
  return bar.root;
}

function grades(store: PageStore): HTMLElement {
  const effort = choice('Grade at', [['maximum', 'Full effort'], ['rest', 'Rest']] as const, (gradeEffort) => store.set({ gradeEffort }));
  const rater = choice('Rater', [['investigator', 'Investigator'], ['subject', 'Subject']] as const, (one) => store.set({ rater: one }));
  store.watch((s) => [s.gradeEffort], (at) => effort.show(at));
  store.watch((s) => [s.rater], (by) => rater.show(by));
  return h('div', { class: 'row' }, effort.root, rater.root);
}
