// Curves of the course, or everything that is drawn as tables.
import type { EvidenceEntry } from '../api/client';
import { Chart, type ChartSetup } from './chart';
import { axisDays, depthLines, forceLines, gradeStack, positionLines, type Line } from './curves';
import { choice, h, refill } from './dom';
import { GRADES, REGION_SHORT } from './names';
import { compareTable } from './compare_table';
import { durationTable } from './durations';
import { entriesOf, entryLine, sourceLine, type Drawn } from './sources';
import { isStale, type PageStore } from './state';
import { allTables, type Table } from './tables';
import { simulatedDays } from './edits';
import { valueAt } from './time';

const GRADE_COLOURS = ['--grade-0', '--grade-1', '--grade-2', '--grade-3'];

export function tableNode(table: Table): HTMLElement {
  const body = table.rows.map((row) => h('tr', {}, ...row.map((cell, at) => (at === 0 ? h('th', { scope: 'row', text: cell }) : h('td', { class: /^[A-Za-z]/.test(cell) ? 'words' : null, text: cell })))));
  return h('div', { class: 'table', tabindex: '0', role: 'region', 'aria-label': table.caption },
    h('table', {}, h('caption', { text: table.caption }), h('thead', {}, h('tr', {}, ...table.head.map((one) => h('th', { scope: 'col', text: one })))), h('tbody', {}, ...body)),
    table.note ? h('p', { class: 'hint', text: table.note }) : null);
}

interface Shown {
  chart: Chart;
  legend: HTMLElement;
  lines: readonly Line[];
  days: readonly number[];
  stacked: boolean;
}

export function mountCoursePanel(root: HTMLElement, store: PageStore, evidence: readonly EvidenceEntry[]): void {
  const onDay = (day: number): void => store.set({ day: Math.min(simulatedDays(store.state.case), Math.max(0, Math.round(day))), playing: false });
  const hash = (): string | null => store.state.plan.course?.evidence_hash ?? null;
  const setup = (drawn: Drawn, rest: Omit<ChartSetup, 'onDay' | 'source'>): ChartSetup => ({ ...rest, onDay, source: () => sourceLine(drawn, hash()) });
  const percent = { unit: '%', digits: 0, share: true, range: [0, 1] as const };
  const make = (drawn: Drawn, rest: Omit<ChartSetup, 'onDay' | 'source'>): Shown & { drawn: Drawn } => ({
    drawn, chart: new Chart(setup(drawn, rest)), legend: h('ul', { class: 'legend' }), lines: [], days: [], stacked: false,
  });
  const force = make('force', { ...percent, title: 'Muscle force, share of untreated' });
  const depth = make('depth', { title: 'Depth of lines', unit: 'mm', digits: 2 });
  const grade = make('grade', { ...percent, title: 'Probability of each grade', colours: GRADE_COLOURS });
  const lid = make('lid', { title: 'Upper lid over the pupil (MRD1)', unit: 'mm', digits: 2 });
  const brow = make('brow', { title: 'Change of brow height', unit: 'mm', digits: 2 });
  const all = [force, depth, grade, lid, brow];

  const view = choice('Show as', [['charts', 'Charts'], ['tables', 'Tables']] as const, (value) => store.set({ asTables: value === 'tables' }));
  const regions = choice('Region of lines', Object.entries(REGION_SHORT), (region) => store.set({ region }));
  const effort = choice('Grade at', [['maximum', 'Full effort'], ['rest', 'Rest']] as const, (gradeEffort) => store.set({ gradeEffort }));
  const rater = choice('Rater', [['investigator', 'Investigator'], ['subject', 'Subject']] as const, (one) => store.set({ rater: one }));
  const status = h('p', { class: 'status', role: 'status' });
  const sources = (one: { drawn: Drawn }): HTMLElement => h('details', { class: 'sources' }, h('summary', { text: 'Sources' }),
    h('p', { class: 'hint', text: sourceLine(one.drawn, hash()) }), h('ul', {}, ...entriesOf(one.drawn, evidence).map((entry) => h('li', { text: entryLine(entry) }))));
  const block = (one: Shown & { drawn: Drawn }, ...controls: HTMLElement[]): HTMLElement => h('section', { class: 'block' }, ...controls, one.chart.root, one.legend, sources(one));
  const charts = h('div', { class: 'charts' }, block(force), block(depth, regions.root), block(grade, h('div', { class: 'row' }, effort.root, rater.root)), block(lid), block(brow));
  const durations = h('div');
  const tables = h('div', { class: 'tables' });
  root.append(h('div', { class: 'row spread' }, view.root, status), charts, durations, tables);

  const legend = (one: Shown, day: number): void => {
    const value = (line: Line, at: number): string => {
      const numbers = (curve: readonly (number | null)[]): number => valueAt(one.days, curve.map((v) => v ?? Number.NaN), day);
      const below = one.stacked && at > 0 ? numbers(one.lines[at - 1]?.values ?? []) : 0;
      const middle = one.chart.value(orNull(numbers(line.values) - below));
      return line.low && line.high ? `${middle} (${one.chart.value(numbers(line.low))}–${one.chart.value(numbers(line.high))})` : middle;
    };
    const compared = one.lines.some((line) => line.dashed);
    const rows = one.lines.flatMap((line, at) => {
      if (line.dashed) return [];
      const twin = one.lines.find((other) => other.dashed && other.colour === line.colour);
      return [h('li', {},
        h('i', { class: 'swatch', 'data-colour': one.stacked ? `g${line.colour}` : String(line.colour % 7) }),
        h('span', { text: line.name }),
        h('b', { text: `${value(line, at)} ${one.chart.setup.unit}` }),
        compared && h('b', { text: twin ? `${twinValue(one, twin, day)} ${one.chart.setup.unit}` : '–' }))];
    });
    const heading = h('li', { class: 'heading', 'aria-hidden': 'true' }, h('i'), h('span'), h('b', { text: 'A —' }), h('b', { text: 'B - -' }));
    one.legend.classList.toggle('compared', compared);
    one.legend.replaceChildren(...(compared ? [heading] : []), ...rows);
  };
  const fill = (one: Shown, days: readonly number[], lines: readonly Line[], stacked = false): void => {
    Object.assign(one, { days, lines, stacked });
    one.chart.draw({ days, lines, stacked });
    legend(one, store.state.day);
  };
  const draw = (): void => {
    const { plan, other, region, gradeEffort, rater: by, tab, asTables, split } = store.state;
    const course = plan.course;
    if (!course || tab !== 'course' || asTables) return;
    const compared = split === 'plans' ? other.course : null;
    const days = axisDays(course, compared);
    fill(force, days, forceLines(course, compared));
    fill(depth, days, depthLines(course, compared, region));
    const stack = gradeStack(course, days, region, gradeEffort, by).map((values, at): Line => ({ name: `${at} ${GRADES[at] ?? ''}`, colour: at, dashed: false, values }));
    const dashed = compared ? gradeStack(compared, days, region, gradeEffort, by).map((values, at): Line => ({ name: `${at}`, colour: at, dashed: true, values })) : [];
    fill(grade, days, [...stack, ...dashed], true);
    const places = positionLines(course, compared);
    fill(lid, days, places.lid);
    fill(brow, days, places.brow);
  };
  store.watch((s) => [s.plan.course, s.other.course, s.region, s.gradeEffort, s.rater, s.tab, s.asTables, s.split], draw);
  store.watch((s) => [s.region, s.gradeEffort, s.rater], (region, at, by) => {
    regions.show(region);
    effort.show(at);
    rater.show(by);
  });
  store.watch((s) => [s.day, s.plan.course, s.other.course, s.tab, s.asTables, s.split], (day, course, other, tab, asTables, split) => {
    if (tab !== 'course' || !course) return;
    if (!asTables) {
      for (const one of all) {
        one.chart.day(day);
        legend(one, day);
      }
      return;
    }
    const second = split === 'plans' && other ? [compareTable(course, other, day)] : [];
    refill(tables, ...[...second, ...allTables(course, day)].map(tableNode));
  });
  store.watch((s) => [s.plan.course], (course) => refill(durations, course && durationNode(course.summary)));
  store.watch((s) => [s.asTables && s.tab === 'course'], (wide) => document.body.toggleAttribute('data-wide', wide));
  store.watch((s) => [s.asTables, s.plan, s.case], (asTables, plan, now) => {
    view.show(asTables ? 'tables' : 'charts');
    charts.hidden = asTables;
    tables.hidden = !asTables;
    durations.hidden = asTables;
    root.classList.toggle('stale', isStale(plan, now));
    status.textContent = plan.busy ? 'Simulating…' : isStale(plan, now) ? 'Of an earlier plan' : '';
  });
  globalThis.matchMedia?.('(prefers-color-scheme: dark)').addEventListener('change', () => all.forEach((one) => one.chart.refresh()));
}

function durationNode(summary: Record<string, unknown>): HTMLElement | null {
  const table = durationTable(summary);
  return table ? h('section', { class: 'block' }, tableNode(table)) : null;
}

/** A compared plan's value; of a stack, the share of its own grade. */
function twinValue(one: Shown, twin: Line, day: number): string {
  const numbers = (line: Line | undefined): number => (line ? valueAt(one.days, line.values.map((v) => v ?? Number.NaN), day) : 0);
  const below = one.stacked && twin.colour > 0 ? numbers(one.lines.find((other) => other.dashed && other.colour === twin.colour - 1)) : 0;
  return one.chart.value(orNull(numbers(twin) - below));
}

const orNull = (value: number): number | null => (Number.isFinite(value) ? value : null);

