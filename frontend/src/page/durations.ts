// Onset and durations per region, as the server's summary tells them: 0 is no effect, null one that outlasts the days.
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
  const length = typeof summary['length'] === 'number' ? `> ${shown(summary['length'], 0)}` : 'not ended';
  const day = (value: number | null): string => shown(value, value !== null && value < 10 ? 1 : 0);
  const lasting = (value: number | null): string => (value === null ? length : value === 0 ? '–' : day(value));
  const name = (names: string[]): string => names.map(regionName).join('; ');
  return {
    caption: 'Effect on lines [days]',
    head: ['Lines', 'Onset', 'None or mild', 'One grade better', 'Back to baseline'],
    rows: told.map((one) => [name(one.names), day(one.onset), ...[one.none_or_mild, one.one_grade, one.to_baseline].map(lasting)]),
    note: 'Counted from the first session, at full effort. A dash stands for: no such effect.',
  };
}
