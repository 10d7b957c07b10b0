// Two plans side by side on one day.
import type { CourseDocument } from '../api/types';
import { muscleGroups } from './curves';
import { muscleName, regionName, sentenceCase, unitName } from './names';
import { percent, plainNumber, shown } from './quantity';
import type { Table } from './tables';
import { valueAt } from './time';

export function compareTable(a: CourseDocument, b: CourseDocument, day: number): Table {
  const force = (one: CourseDocument, name: string): string => {
    const muscle = one.muscles[name];
    return muscle ? percent(valueAt(one.days, muscle.force, day)) : '–';
  };
  const names = [...new Set([...muscleGroups(a), ...muscleGroups(b)].flatMap((one) => one.members))].sort();
  const depth = (one: CourseDocument, region: string): string => {
    const lines = one.regions[region];
    return lines ? `${shown(valueAt(one.days, lines.depth_effort, day), 2)} / ${shown(valueAt(one.days, lines.depth_rest, day), 2)}` : '–';
  };
  const total = (one: CourseDocument): string => `${plainNumber(one.doses.total, 2)} ${unitName(one.doses.unit)}`;
  return {
    caption: `Two plans on day ${Math.round(day)}`,
    head: ['', `A: ${a.title}`, `B: ${b.title}`],
    rows: [
      ['Total dose', total(a), total(b)],
      ['Sessions, day', a.sessions.join(', '), b.sessions.join(', ')],
      ...Object.keys(a.regions).map((region) => [`${regionName(region)}: depth in effort / at rest [mm]`, depth(a, region), depth(b, region)]),
      ...names.map((name) => [`${sentenceCase(muscleName(name))}: force [%]`, force(a, name), force(b, name)]),
    ],
    ...(a.product === b.product ? {} : { note: 'Units of different products are not interchangeable: the doses cannot be compared.' }),
  };
}
