// Edits of a plan as pure functions: a case goes in, a new case or a refusal in words comes out.
import type { CaseDocument, InjectionTable, Point2, SessionTable } from '../api/types';
import { twinName, type Atlas } from './atlas';
import { HEAD, parseId, pointId, pointsOf, type Point } from './points';
import { quantity, withUnit } from './quantity';

export interface Done {
  case: CaseDocument;
  /** Point to select afterwards; undefined leaves the selection. */
  select?: string | null;
  /** Session to show afterwards. */
  session?: number;
}
export interface Refused {
  refused: string;
}
export type Edit = Done | Refused;

const SAME_PLACE = 0.75; // mm within which two points count as one
const MIDLINE = 0.05; // mm
const UNITS_DIFFER = 'Units of different products are not interchangeable.';

export function isRefused(edit: Edit): edit is Refused {
  return 'refused' in edit;
}

function withSession(document: CaseDocument, at: number, session: SessionTable): CaseDocument {
  const sessions = document.plan.session.map((one, index) => (index === at ? session : one));
  return { ...document, plan: { ...document.plan, session: sessions } };
}

function shots(session: SessionTable, atlas: Atlas): InjectionTable[] {
  const pattern = session.pattern ? atlas.pattern.get(session.pattern) : undefined;
  return (pattern?.injections ?? []).map((shot) => ({
    site: shot.site,
    dose: withUnit(shot.dose, 'U'),
    volume: withUnit(shot.volume, 'mL'),
  }));
}

/** The session with its pattern written out, so that one point of it can be changed. */
export function writtenOut(session: SessionTable, atlas: Atlas): SessionTable {
  const { pattern: _pattern, ...rest } = session;
  return { ...rest, injection: [...shots(session, atlas), ...(session.injection ?? [])] };
}

/** Change one injection; a pattern that holds it is written out first. */
function change(document: CaseDocument, atlas: Atlas, id: string, edit: (table: InjectionTable) => InjectionTable): CaseDocument {
  const [s, index] = parseId(id);
  const session = document.plan.session[s];
  if (!session) return document;
  const count = shots(session, atlas).length;
  const open = index < count ? writtenOut(session, atlas) : session;
  const own = index < count ? index : index - count;
  const injection = (open.injection ?? []).map((one, at) => (at === own ? edit(one) : one));
  return withSession(document, s, { ...open, injection });
}

export function find(document: CaseDocument, atlas: Atlas, id: string | null): Point | null {
  return id === null ? null : (pointsOf(document, atlas).find((one) => one.id === id) ?? null);
}

export function setDose(document: CaseDocument, atlas: Atlas, id: string, dose: number): CaseDocument {
  return change(document, atlas, id, (one) => ({ ...one, dose: withUnit(dose, 'U') }));
}

export function setVolume(document: CaseDocument, atlas: Atlas, id: string, volume: number): CaseDocument {
  return change(document, atlas, id, (one) => ({ ...one, volume: withUnit(volume, 'mL') }));
}

export function setDepth(document: CaseDocument, atlas: Atlas, id: string, depth: number): Edit {
  if (find(document, atlas, id)?.tip !== null) {
    return { refused: 'This place is the needle tip itself, so it has no depth under the skin.' };
  }
  return { case: change(document, atlas, id, (one) => ({ ...one, depth: withUnit(depth, 'mm') })) };
}

const tenth = (value: number): number => Math.round(value * 10) / 10 + 0;

/** Move a point of the face. A named site becomes coordinates with its depth. */
export function movePoint(document: CaseDocument, atlas: Atlas, id: string, at: Point2): CaseDocument {
  const point = find(document, atlas, id);
  if (!point || point.frame !== HEAD) return document;
  const xy = [tenth(at[0]), tenth(at[1])];
  return change(document, atlas, id, ({ site: _site, frame: _frame, ...rest }) => {
    if (point.tip !== null) return { ...rest, at_mm: [...xy, tenth(point.tip)] };
    return { ...rest, at_mm: xy, depth: rest.depth ?? withUnit(point.depth ?? 0, 'mm') };
  });
}

export interface NewPoint {
  at: Point2;
  depth: number;
  dose: number;
  volume: number;
}

export function addPoint(document: CaseDocument, atlas: Atlas, session: number, point: NewPoint): Edit {
  const at = point.at.map(tenth);
  return append(document, atlas, session, {
    at_mm: at,
    depth: withUnit(point.depth, 'mm'),
    dose: withUnit(point.dose, 'U'),
    volume: withUnit(point.volume, 'mL'),
  });
}

export function addSite(document: CaseDocument, atlas: Atlas, session: number, site: string, given: Pick<NewPoint, 'dose' | 'volume'>): Edit {
  return append(document, atlas, session, {
    site,
    dose: withUnit(given.dose, 'U'),
    volume: withUnit(given.volume, 'mL'),
  });
}

function append(document: CaseDocument, atlas: Atlas, s: number, table: InjectionTable): Edit {
  const session = document.plan.session[s];
  if (!session) return { refused: 'There is no session to add the point to.' };
  const injection = [...(session.injection ?? []), table];
  const index = shots(session, atlas).length + injection.length - 1;
  return { case: withSession(document, s, { ...session, injection }), select: pointId(s, index), session: s };
}

export function removePoint(document: CaseDocument, atlas: Atlas, id: string): Done {
  const [s, index] = parseId(id);
  const session = document.plan.session[s];
  if (!session) return { case: document };
  const open = writtenOut(session, atlas);
  const count = shots(session, atlas).length;
  const kept = index < count ? open : session;
  const own = index < count ? index : index - count;
  const injection = (kept.injection ?? []).filter((_, at) => at !== own);
  const left = (index < count ? 0 : count) + injection.length;
  const select = left === 0 ? null : pointId(s, Math.min(index, left - 1));
  return { case: withSession(document, s, { ...kept, injection }), select };
}

/** Give the other side the same point; a point that is already there takes dose, volume and depth. */
export function mirrorPoint(document: CaseDocument, atlas: Atlas, id: string): Edit {
  const point = find(document, atlas, id);
  if (!point) return { refused: 'Select a point to mirror.' };
  const twin = point.site ? twinName(point.site) : null;
  if (point.site && !twin) return { refused: 'This point lies on the midline: it is its own mirror image.' };
  if (!point.site && (!point.at || Math.abs(point.at[0]) < MIDLINE)) {
    return { refused: point.at ? 'This point lies on the midline: it is its own mirror image.' : 'Only points of the head can be mirrored.' };
  }
  const table = twinTable(document, atlas, point, twin);
  const there = standing(document, atlas, point, twin);
  if (!there) return append(document, atlas, point.session, table);
  return { case: change(document, atlas, there.id, () => table), select: there.id, session: point.session };
}

function twinTable(document: CaseDocument, atlas: Atlas, point: Point, twin: string | null): InjectionTable {
  const session = document.plan.session[point.session];
  const open = session ? writtenOut(session, atlas) : undefined;
  const table = open?.injection?.[point.index] ?? { dose: '1 U', volume: '0.1 mL' };
  if (twin) return { ...table, site: twin };
  const [x, ...rest] = (table.at_mm ?? []).map((one) => quantity(one, 'mm') ?? 0);
  return { ...table, at_mm: [-(x ?? 0) + 0, ...rest] };
}

/** The point of the same session that already stands at the mirrored place. */
function standing(document: CaseDocument, atlas: Atlas, point: Point, twin: string | null): Point | null {
  const goal: Point2 | null = point.at ? [-point.at[0], point.at[1]] : null;
  const near = (one: Point): boolean =>
    (twin !== null && one.site === twin) ||
    (goal !== null && one.at !== null && Math.hypot(one.at[0] - goal[0], one.at[1] - goal[1]) < SAME_PLACE);
  return pointsOf(document, atlas).find((one) => one.session === point.session && one.id !== point.id && near(one)) ?? null;
}

/** Mirror every point of one side of a session to the other. */
export function mirrorSession(document: CaseDocument, atlas: Atlas, session: number, from: 'left' | 'right'): Done {
  const sign = from === 'left' ? 1 : -1;
  const side = pointsOf(document, atlas).filter(
    (one) => one.session === session && one.at !== null && sign * one.at[0] > MIDLINE,
  );
  return side.reduce<Done>((done, point) => {
    const edit = mirrorPoint(done.case, atlas, point.id);
    return isRefused(edit) ? done : { case: edit.case };
  }, { case: document });
}

// --- patterns and products ----------------------------------------------------------------------------------------

export function isEmpty(document: CaseDocument): boolean {
  return isUndosed(document) && !document.offers?.length;
}

/** Whether nothing is injected. */
function isUndosed(document: CaseDocument): boolean {
  return document.plan.session.every((one) => !one.pattern && !(one.injection ?? []).length);
}

export function addPattern(document: CaseDocument, atlas: Atlas, s: number, name: string): Edit {
  const pattern = atlas.pattern.get(name);
  const session = document.plan.session[s];
  if (!pattern || !session) return { refused: `There is no pattern ${name}.` };
  const product = document.plan.product;
  if (pattern.product !== product && !isUndosed(document)) {
    return { refused: `${pattern.title} is for ${pattern.product}, but this plan’s product is ${product}. ${UNITS_DIFFER}` };
  }
  const based = pattern.product === product ? document : { ...document, plan: { ...document.plan, product: pattern.product } };
  const free = !session.pattern && !(session.injection ?? []).length;
  const next = free
    ? { ...session, pattern: name }
    : writtenOut({ ...writtenOut(session, atlas), pattern: name }, atlas);
  return { case: withSession(based, s, next), select: null, session: s };
}

/** The product of a plan may change only while nothing is planned: its doses would otherwise mean something else. */
export function setProduct(document: CaseDocument, product: string): Edit {
  if (product === document.plan.product) return { case: document };
  if (!isUndosed(document)) {
    return { refused: `The doses of this plan are units of ${document.plan.product}; a plan holds one product. ${UNITS_DIFFER}` };
  }
  return { case: { ...document, plan: { ...document.plan, product } } };
}

/** The same patient with nothing planned. */
export function emptied(document: CaseDocument, product: string): CaseDocument {
  return { ...document, plan: { product, session: [{ at: '0 days' }] } };
}

// --- sessions -------------------------------------------------------------------------------------------------------

export function sessionDay(session: SessionTable): number {
  return quantity(session.at, 'day') ?? 0;
}

function sorted(document: CaseDocument, sessions: SessionTable[], shown: SessionTable): Done {
  const order = [...sessions].sort((a, b) => sessionDay(a) - sessionDay(b));
  return { case: { ...document, plan: { ...document.plan, session: order } }, select: null, session: order.indexOf(shown) };
}

function sameDay(document: CaseDocument, day: number, except = -1): boolean {
  return document.plan.session.some((one, index) => index !== except && sessionDay(one) === day);
}

/** A further session; it repeats what `copied` gives, or starts empty. */
export function addSession(document: CaseDocument, day: number, copied: number | null): Edit {
  if (sameDay(document, day)) return { refused: `There is already a session on day ${day}.` };
  const source = copied === null ? undefined : document.plan.session[copied];
  const session: SessionTable = { ...(source ?? {}), at: withUnit(day, 'day') };
  const done = sorted(document, [...document.plan.session, session], session);
  return { ...done, case: longEnough(done.case, day) };
}

export function moveSession(document: CaseDocument, s: number, at: string): Edit {
  const day = quantity(at, 'day');
  const old = document.plan.session[s];
  if (day === null || day < 0) return { refused: `“${at}” is not a time: write a number of days, or text such as 12 weeks.` };
  if (!old || sameDay(document, day, s)) return { refused: `There is already a session on day ${day}.` };
  const bare = Number.isFinite(Number(at));
  const session = { ...old, at: bare ? withUnit(day, 'day') : at.trim() };
  const done = sorted(document, document.plan.session.map((one, index) => (index === s ? session : one)), session);
  return { ...done, case: longEnough(done.case, day) };
}

export function removeSession(document: CaseDocument, s: number): Edit {
  if (document.plan.session.length < 2) return { refused: 'A plan keeps at least one session; remove its points instead.' };
  const left = document.plan.session.filter((_, index) => index !== s);
  return { case: { ...document, plan: { ...document.plan, session: left } }, select: null, session: Math.max(0, s - 1) };
}

export const DEFAULT_DAYS = 365;
const AFTER_LAST = 180; // days that stay visible after a session that lies beyond the old end

export function simulatedDays(document: CaseDocument): number {
  return quantity(document.simulation?.days, 'day') ?? DEFAULT_DAYS;
}

/** A session must lie before the end of the simulation. */
function longEnough(document: CaseDocument, day: number): CaseDocument {
  if (day < simulatedDays(document)) return document;
  return { ...document, simulation: { ...document.simulation, days: withUnit(Math.ceil(day + AFTER_LAST), 'day') } };
}

// --- any key of the document -----------------------------------------------------------------------------------------

type Table = Record<string, unknown>;

/** Set a key by its path; undefined removes it, and tables that are left empty go with it. */
export function setKey(document: CaseDocument, path: readonly string[], value: unknown): CaseDocument {
  return (put(document as unknown as Table, path, value) ?? {}) as unknown as CaseDocument;
}

function put(table: Table, path: readonly string[], value: unknown): Table | undefined {
  const [key, ...rest] = path;
  if (key === undefined) return table;
  const inner = table[key];
  const next = rest.length ? put(typeof inner === 'object' && inner !== null ? (inner as Table) : {}, rest, value) : value;
  const copy = { ...table };
  if (next === undefined) delete copy[key];
  else copy[key] = next;
  return Object.keys(copy).length ? copy : undefined;
}

export function getKey(document: CaseDocument, path: readonly string[]): unknown {
  return path.reduce<unknown>((table, key) => (typeof table === 'object' && table !== null ? (table as Table)[key] : undefined), document);
}

// --- what is sent ---------------------------------------------------------------------------------------------------

/** The case without sessions in which nothing is planned yet, and the index each kept session has in the document. */
export function sendable(document: CaseDocument): { case: CaseDocument; kept: number[] } {
  const kept = document.plan.session.flatMap((one, index) => (one.pattern || one.injection?.length ? [index] : []));
  const session = kept.map((index) => document.plan.session[index] as SessionTable);
  const title = document.title?.trim() ? document.title : 'Untitled case';
  return { case: { ...document, title, plan: { ...document.plan, session } }, kept };
}
