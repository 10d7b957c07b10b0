// One chart: lines with bands, or stacked shares; a cursor that stands at the day; hover in all charts together.
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { Line } from './curves';
import { h } from './dom';
import { shown } from './quantity';

export interface ChartSetup {
  title: string;
  unit: string;
  digits: number;
  /** Values are shares, shown in percent. */
  share?: boolean;
  /** Fixed range of the axis, in the values' own unit. */
  range?: readonly [number, number];
  colours?: readonly string[];
  onDay: (day: number) => void;
  source: () => string;
}

export interface Drawing {
  days: readonly number[];
  lines: readonly Line[];
  /** Lines are shares that add up; the area between two is filled. */
  stacked?: boolean;
}

const SYNC = 'day';
const HEIGHT = 168;
const SERIES = Array.from({ length: 7 }, (_, index) => `--series-${index + 1}`);

export class Chart {
  readonly root: HTMLElement;
  readonly #plot: HTMLElement;
  readonly #cursor = h('div', { class: 'day-line' });
  readonly #tip = h('div', { class: 'tip chart-tip', hidden: true });
  #u: uPlot | null = null;
  #drawing: Drawing | null = null;
  #day = 0;

  constructor(readonly setup: ChartSetup) {
    this.#plot = h('div', { class: 'plot', role: 'img', tabindex: '0', 'aria-label': `${setup.title} [${setup.unit}] by day` });
    this.root = h('figure', { class: 'chart' }, h('figcaption', {}, h('span', { text: setup.title }), h('span', { class: 'unit', text: setup.unit })), this.#plot, this.#tip);
    this.#plot.addEventListener('keydown', (event) => this.#key(event));
    new ResizeObserver(() => this.#resize()).observe(this.#plot);
  }

  draw(drawing: Drawing): void {
    this.#drawing = drawing;
    this.#u?.destroy();
    if (!this.#plot.clientWidth) return;
    this.#u = new uPlot(this.#options(drawing), data(drawing), this.#plot);
    this.#u.over.append(this.#cursor);
    this.#u.over.addEventListener('click', () => {
      const left = this.#u?.cursor.left ?? -1;
      if (this.#u && left >= 0) this.setup.onDay(this.#u.posToVal(left, 'x'));
    });
    this.day(this.#day);
  }

  day(day: number): void {
    this.#day = day;
    const left = this.#u?.valToPos(day, 'x') ?? 0;
    this.#cursor.style.transform = `translateX(${left}px)`;
  }

  refresh(): void {
    if (this.#drawing) this.draw(this.#drawing);
  }

  value(value: number | null | undefined): string {
    const factor = this.setup.share ? 100 : 1;
    return value === null || value === undefined ? '–' : shown(value * factor, this.setup.digits);
  }

  #resize(): void {
    if (!this.#u) return this.refresh();
    this.#u.setSize({ width: this.#plot.clientWidth, height: HEIGHT });
    this.day(this.#day);
  }

  #key(event: KeyboardEvent): void {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    this.setup.onDay(this.#day + step * (event.shiftKey ? 30 : 1));
  }

  #colour(name: string): string {
    return getComputedStyle(this.root).getPropertyValue(name).trim() || '#555';
  }

  #options(drawing: Drawing): uPlot.Options {
    const axis = { stroke: this.#colour('--ink-2'), grid: { stroke: this.#colour('--rule'), width: 1 }, ticks: { show: false }, font: '11px system-ui, sans-serif' };
    const { range, share } = this.setup;
    const numbers = (_: uPlot, ticks: number[], __: number, ___: number, step: number): string[] => {
      const digits = share ? 0 : Math.min(3, Math.max(0, Math.ceil(-Math.log10(step) - 1e-9)));
      return ticks.map((one) => shown(share ? 100 * one : one, digits));
    };
    return {
      width: this.#plot.clientWidth,
      height: HEIGHT,
      legend: { show: false },
      padding: [8, 10, 0, 0],
      scales: { x: { time: false }, y: range ? { range: [range[0], range[1]] } : {} },
      axes: [{ ...axis, size: 22, label: 'day', labelSize: 16, labelGap: -2, labelFont: '11px system-ui, sans-serif', gap: 3 }, { ...axis, size: 38, values: numbers, gap: 4 }],
      cursor: { y: false, drag: { x: false, y: false }, sync: { key: SYNC, setSeries: false }, points: { size: 7 } },
      ...this.#series(drawing),
      hooks: { setCursor: [(u) => this.#hover(u)] },
    };
  }

  #series(drawing: Drawing): Pick<uPlot.Options, 'series' | 'bands'> {
    const names = this.setup.colours ?? SERIES;
    const series: uPlot.Series[] = [{}];
    const bands: uPlot.Band[] = [];
    drawing.lines.forEach((line, index) => {
      const colour = this.#colour(names[line.colour % names.length] ?? '--series-1');
      const base: uPlot.Series = { label: line.name, points: { show: false } };
      const edge = this.#colour('--ink');
      series.push(line.dashed
        ? { ...base, stroke: drawing.stacked ? edge : colour, width: 1.6, dash: [5, 4] }
        : drawing.stacked ? { ...base, stroke: this.#colour('--paper'), width: 1, ...(line.colour === 0 ? { fill: colour } : {}) } : { ...base, stroke: colour, width: 2 });
      if (drawing.stacked && !line.dashed && line.colour > 0) bands.push({ series: [index + 1, index], fill: colour });
    });
    for (const line of drawing.lines) {
      if (!line.low || !line.high) continue;
      const hidden: uPlot.Series = { stroke: 'transparent', width: 0, points: { show: false } };
      series.push(hidden, hidden);
      bands.push({ series: [series.length - 2, series.length - 1], fill: `${hex(this.#colour(names[line.colour % names.length] ?? ''))}2e` });
    }
    return { series, bands };
  }

  #hover(u: uPlot): void {
    const { idx, left } = u.cursor;
    const drawing = this.#drawing;
    const here = this.root.matches(':hover');
    this.#tip.hidden = !here || idx === null || idx === undefined || !drawing || (left ?? -1) < 0;
    if (this.#tip.hidden || idx === null || idx === undefined || !drawing) return;
    const before = (at: number): number => (drawing.stacked && at > 0 ? (drawing.lines[at - 1]?.values[idx] ?? 0) : 0);
    const rows = drawing.lines.map((line, at) => {
      const raw = line.values[idx];
      const value = raw === null || raw === undefined ? raw : raw - (line.dashed ? 0 : before(at));
      const band = line.low && line.high ? ` (${this.value(line.low[idx])}–${this.value(line.high[idx])})` : '';
      return drawing.stacked && line.dashed ? null : h('span', {}, h('span', { text: `${line.name}${line.dashed ? ', plan B' : ''}` }), h('b', { text: `${this.value(value)}${band} ${this.setup.unit}` }));
    });
    this.#tip.replaceChildren(h('strong', { text: `Day ${Math.round(drawing.days[idx] ?? 0)}` }), ...rows.filter((one) => one !== null), h('small', { text: this.setup.source() }));
  }
}

/** A colour as six hex digits, so that two more can make it clear. */
function hex(colour: string): string {
  return /^#[0-9a-f]{3}$/i.test(colour) ? `#${[...colour.slice(1)].map((one) => one + one).join('')}` : colour;
}

function data(drawing: Drawing): uPlot.AlignedData {
  const bands = drawing.lines.flatMap((line) => (line.low && line.high ? [line.high, line.low] : []));
  return [drawing.days as number[], ...drawing.lines.map((one) => one.values), ...bands] as uPlot.AlignedData;
}
