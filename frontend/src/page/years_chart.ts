// Both twins' line at rest over age, as an SVG that stretches with the slider below it.
import type { YearsDocument } from '../api/years';
import { column } from './years_state';

const SVG = 'http://www.w3.org/2000/svg';
const [WIDTH, HEIGHT] = [1000, 100];
const TOP = 1.08; // of the highest value

function shape(name: string, attributes: Record<string, string>): SVGElement {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

/** The path of a curve; a day more or less cannot be seen, so every point that moves less than a step is left out. */
export function pathOf(ages: readonly number[], values: readonly number[], top: number): string {
  const [first, last] = [ages[0] ?? 0, ages[ages.length - 1] ?? 1];
  const points = ages.map((age, index) => [(WIDTH * (age - first)) / (last - first), HEIGHT * (1 - (values[index] ?? 0) / top)] as const);
  return points.map(([x, y], index) => `${index ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(2)}`).join('');
}

/** The curves, and the highest value of both [mm]. */
export function drawTwins(found: YearsDocument, region: number): { root: SVGElement; highest: number } {
  const curves = (['untreated', 'treated'] as const).map((twin) => [twin, column(found.depth_rest[twin], region)] as const);
  const highest = curves.reduce((most, [, values]) => values.reduce((one, value) => Math.max(one, value), most), 1e-6);
  const top = TOP * highest;
  const [first, last] = [found.age[0] ?? 0, found.age[found.age.length - 1] ?? 1];
  const root = shape('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none' });
  for (const age of found.sessions) {
    const x = ((WIDTH * (age - first)) / (last - first)).toFixed(1);
    root.append(shape('path', { class: 'given', d: `M${x} ${HEIGHT}v-5` }));
  }
  for (const [twin, values] of curves) root.append(shape('path', { class: twin, d: pathOf(found.age, values, top) }));
  return { root, highest };
}
