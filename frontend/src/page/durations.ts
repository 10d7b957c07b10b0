// Onset and durations per region, as the server's summary tells them.
import { regionName } from './names';
import { shown } from './quantity';
import type { Table } from './tables';

interface Told {
  names: string[];
  onset: number | null;
  none_or_mild: number | null;
  one_grade: number | null;
  to_baseline: number | null;
}

function isTold(value: unknown): value is Told {
  return typeof value === 'object' && value !== null && Array.isArray((value as Told).names);
}

export function durationTable(summary: Record<string, unknown>): Table | null {
  const told = (Array.isArray(summary['regions']) ? summary['regions'] : []).filter(isTold);
  if (!told.length) return null;
  const day = (value: number | null): string => (value === null ? '–' : shown(value, value < 10 ? 1 : 0));
  const name = (names: string[]): string => names.map(regionName).join('; ');
  return {
    caption: 'Effect on lines [days]',
    head: ['Lines', 'Onset', 'None or mild', 'One grade better', 'Back to baseline'],
    rows: told.map((one) => [name(one.names), day(one.onset), day(one.none_or_mild), day(one.one_grade), day(one.to_baseline)]),
    note: 'Counted from the first session, at full effort. A dash stands for: not within the simulated days.',
  };
}
