// The legend of a chart: each line with its value at the day, and that of a compared plan beside it.
import type { Chart, Drawing } from './chart';
import type { Line } from './curves';
import { h } from './dom';
import { valueAt } from './time';

const orNull = (value: number): number | null => (Number.isFinite(value) ? value : null);

export function fillLegend(root: HTMLElement, chart: Chart, drawing: Drawing, day: number): void {
  const { lines, stacked = false, days } = drawing;
  const at = (curve: readonly (number | null)[]): number => valueAt(days, curve.map((one) => one ?? Number.NaN), day);
  const compared = lines.some((line) => line.dashed);
  const text = (line: Line): string => {
    // In a stack a line holds the sum up to it: its own share is what it adds.
    const below = stacked ? lines.find((other) => other.dashed === line.dashed && other.colour === line.colour - 1) : undefined;
    const middle = chart.value(orNull(at(line.values) - (below ? at(below.values) : 0)));
    const band = line.low && line.high ? ` (${chart.value(at(line.low))}–${chart.value(at(line.high))})` : '';
    return `${middle}${band} ${chart.setup.unit}`;
  };
  const rows = lines.filter((line) => !line.dashed).map((line) => {
    const twin = lines.find((other) => other.dashed && other.colour === line.colour);
    return h('li', {},
      h('i', { class: 'swatch', 'data-colour': stacked ? `g${line.colour}` : String(line.colour % 7) }),
      h('span', { text: line.name }),
      h('b', { text: text(line) }),
      compared && h('b', { text: twin ? text(twin) : '–' }));
  });
  const heading = h('li', { class: 'heading', 'aria-hidden': 'true' }, h('i'), h('span'), h('b', { text: 'A —' }), h('b', { text: 'B - -' }));
  root.classList.toggle('compared', compared);
  root.replaceChildren(...(compared ? [heading] : []), ...rows);
}
