// The injections of a case as points of the face, patterns written out first, as the simulator reads them.
import type { CaseDocument, InjectionTable, Point2, SessionTable } from '../api/types';
import type { Atlas } from './atlas';
import { sentenceCase, siteName } from './names';
import { plainNumber, quantity } from './quantity';

export interface Point {
  /** `session.index`, both counted from 0, patterns written out. */
  id: string;
  session: number;
  index: number;
  /** Index in `session.injection` of the document; null while the point belongs to a pattern. */
  own: number | null;
  pattern: string | null;
  site: string | null;
  frame: string;
  /** Entry point in the frontal plane [mm]; null in a muscle's own frame or where it cannot be read. */
  at: Point2 | null;
  /** z of the needle tip [mm] where the tip itself is given. */
  tip: number | null;
  depth: number | null;
  dose: number | null;
  volume: number | null;
  day: number | null;
}

export const HEAD = 'head';

export function pointId(session: number, index: number): string {
  return `${session}.${index}`;
}

export function parseId(id: string): [session: number, index: number] {
  const [session, index] = id.split('.');
  return [Number(session), Number(index)];
}

export function shotCount(session: SessionTable | undefined, atlas: Atlas): number {
  return session?.pattern ? (atlas.pattern.get(session.pattern)?.injections.length ?? 0) : 0;
}

export function pointsOf(document: CaseDocument, atlas: Atlas): Point[] {
  return document.plan.session.flatMap((session, index) => pointsOfSession(session, index, atlas));
}

function pointsOfSession(session: SessionTable, s: number, atlas: Atlas): Point[] {
  const day = quantity(session.at, 'day');
  const shots = session.pattern ? (atlas.pattern.get(session.pattern)?.injections ?? []) : [];
  const given = session.injection ?? [];
  const all: [InjectionTable, number | null][] = [
    ...shots.map((shot): [InjectionTable, null] => [{ ...shot }, null]),
    ...given.map((one, own): [InjectionTable, number] => [one, own]),
  ];
  return all.map(([table, own], index) => ({
    id: pointId(s, index),
    session: s,
    index,
    own,
    pattern: own === null ? (session.pattern ?? null) : null,
    day,
    ...place(table, atlas),
    dose: quantity(table.dose, 'U'),
    volume: quantity(table.volume, 'mL'),
  }));
}

type Place = Pick<Point, 'site' | 'frame' | 'at' | 'tip' | 'depth'>;

function place(table: InjectionTable, atlas: Atlas): Place {
  const depth = table.depth === undefined ? null : quantity(table.depth, 'mm');
  if (table.site !== undefined) {
    const site = atlas.site.get(table.site);
    const head = site?.frame === HEAD;
    return {
      site: table.site,
      frame: site?.frame ?? HEAD,
      at: site && head ? [site.skin[0], site.skin[1]] : null,
      tip: site && site.depth === 0 ? site.tip[2] : null,
      depth: depth ?? (site && site.depth > 0 ? site.depth : null),
    };
  }
  const frame = table.frame ?? HEAD;
  const mm = (table.at_mm ?? []).map((one) => quantity(one, 'mm'));
  const [x, y, z] = mm;
  const known = typeof x === 'number' && typeof y === 'number';
  return { site: null, frame, at: known && frame === HEAD ? [x, y] : null, tip: z ?? null, depth };
}

/** The place without its side. */
export function pointPlace(point: Point): string {
  if (point.site) return sentenceCase(siteName(point.site.replace(/^glabella\./, '')).replace(/, (left|right)$/, ''));
  if (!point.at) return point.frame === HEAD ? 'Unreadable place' : `${sentenceCase(siteName(point.frame))}, own frame`;
  const [x, y] = point.at;
  return `x ${plainNumber(x, 1)}, y ${plainNumber(y, 1)} mm`.replaceAll('-', '−');
}

export function pointSide(point: Point): 'left' | 'right' | 'midline' | '' {
  if (!point.at) return '';
  return Math.abs(point.at[0]) < 0.05 ? 'midline' : point.at[0] > 0 ? 'left' : 'right';
}

/** What the point is called. */
export function pointName(point: Point): string {
  const side = pointSide(point);
  return side === 'left' || side === 'right' ? `${pointPlace(point)}, ${side}` : pointPlace(point);
}
