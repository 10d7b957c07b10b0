// Adverse events of a plan as tables, lines and sentences.
import type { AdverseEvent, Interval, RisksDocument } from '../api/risks';
import type { Line } from './curves';
import { sentenceCase } from './names';
import { shown } from './quantity';
import type { Table } from './tables';

const HEAD = ['Event', 'Because of the drug [%]', 'Under placebo [%]', 'Begins [day]', 'Lasts [days]'];
const MOST = 6; // lines in the chart
const LEAST = 0.001; // share of patients; below it a line is not drawn

export function percent(one: Interval): string {
  const [low, middle, high] = [one.low, one.middle, one.high].map((value) => shown(100 * value, 1));
  return `${middle} (${low} to ${high})`;
}

export function days(span: Interval | null): string {
  if (!span) return '–';
  const [low, middle, high] = [span.low, span.middle, span.high].map((value) => shown(value, 0));
  return low === high ? `${middle}` : `${middle} (${low} to ${high})`;
}

function rowOf(one: AdverseEvent): string[] {
  const cells = [percent(one.added), percent(one.placebo), days(one.onset), days(one.lasting)];
  return [sentenceCase(one.name), ...cells.map(narrow)];
}

/** An interval below its middle, for the cells of a table. */
function narrow(text: string): string {
  const broken = text.replace(' (', '\n(');
  return broken.includes('−') ? broken : broken.replace(' to ', '–');
}

function check(one: AdverseEvent): string {
  return one.check ? `Trials counted ${percent(one.check)} % for “${one.name}”: ${one.agrees ? 'intervals overlap' : 'this differs'}.` : '';
}

const isModel = (one: AdverseEvent): boolean => one.origin !== 'counts';

/** Three tables: by the model, counted in trials, and taken over from elsewhere. */
export function riskTables(document: RisksDocument): Table[] {
  const model = document.events.filter((one) => isModel(one) && one.blamed);
  const nobody = document.events.filter((one) => isModel(one) && !one.blamed).map((one) => one.name);
  const counted = document.events.filter((one) => !isModel(one) && one.own);
  const none = nobody.length && document.model ? `In none of ${document.model.patients} virtual patients: ${nobody.join(', ')}.` : '';
  const placebo = counted.filter((one) => !one.blamed).map((one) => one.name);
  const level = placebo.length ? `As often under placebo, and not laid to the drug: ${placebo.join(', ')}.` : '';
  return [
    { caption: 'By the model, over virtual patients', head: HEAD, rows: model.map(rowOf), note: [none, ...model.map(check)].filter(Boolean).join(' ') },
    { caption: 'Counted in trials of this product and region', head: HEAD, rows: counted.map(rowOf), note: level },
  ].filter((one) => one.rows.length || one.note);
}

/** What only trials of other products or regions tell; in no total. */
export function elsewhereTable(document: RisksDocument): Table | null {
  const rows = document.events.filter((one) => !one.own).map(rowOf);
  return rows.length ? { caption: 'From other products or regions', head: HEAD, rows, note: 'Wide, and part of no total.' } : null;
}

/** Shares of patients over days: what is laid to the drug, the likeliest first. */
export function riskLines(document: RisksDocument): Line[] {
  const most = (one: AdverseEvent): number => Math.max(0, ...one.prevalence);
  const drawn = document.events.filter((one) => one.own && one.blamed && most(one) >= LEAST).sort((a, b) => most(b) - most(a));
  return drawn.slice(0, MOST).map((one, colour) => ({ name: sentenceCase(one.name), colour, dashed: false, values: one.prevalence }));
}

/** What all of it adds up to. */
export function totals(document: RisksDocument): string[] {
  const { events, days: long, any, any_cause: cause, counted, trials } = document.total;
  if (!counted.length) return ['Nothing is laid to the drug by the model or by trials of this product here.'];
  const number = (one: Interval, digits: number): string => `${shown(one.middle, digits)} (${shown(one.low, digits)} to ${shown(one.high, digits)})`;
  return [
    `At least one event because of the drug: ${percent(any)} % of patients; of any cause ${percent(cause)} %.`,
    `Expected in a patient: ${number(events, 2)} events, ${number(long, 1)} days with one.`,
    ...(trials ? [`Any adverse event in the trial’s own count, beyond placebo: ${percent(trials)} %.`] : []),
  ];
}
