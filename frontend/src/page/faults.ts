// Faults that the case reader finds, each brought to the place it concerns.
import type { CaseDocument, Fault } from '../api/types';
import type { Atlas } from './atlas';
import { pointId, shotCount } from './points';

/** Faults by place: `point:0.2`, `session:0`, a dotted key such as `patient.age`, or `` for the whole case. */
export type Placed = ReadonlyMap<string, Fault[]>;

const INJECTION = /^plan\.session\[(\d+)\]\.injection\[(\d+)\]/;
const SESSION = /^plan\.session\[(\d+)\]/;

/** Keys of faults back from the sent case, in which empty sessions are left out, to the document. */
export function restored(faults: readonly Fault[], kept: readonly number[]): Fault[] {
  return faults.map((fault) => ({
    ...fault,
    key: fault.key?.replace(SESSION, (whole, index: string) => {
      const at = kept[Number(index)];
      return at === undefined ? whole : `plan.session[${at}]`;
    }) ?? null,
  }));
}

export function placeOf(fault: Fault, document: CaseDocument, atlas: Atlas): string {
  const key = fault.key ?? '';
  const shot = INJECTION.exec(key);
  if (shot) {
    const session = Number(shot[1]);
    return `point:${pointId(session, shotCount(document.plan.session[session], atlas) + Number(shot[2]))}`;
  }
  const session = SESSION.exec(key);
  return session ? `session:${session[1]}` : key;
}

export function placed(faults: readonly Fault[], document: CaseDocument, atlas: Atlas): Placed {
  const map = new Map<string, Fault[]>();
  for (const fault of faults) {
    const place = placeOf(fault, document, atlas);
    map.set(place, [...(map.get(place) ?? []), fault]);
  }
  return map;
}

/** Faults whose place the panels do not show themselves. */
export function elsewhere(faults: Placed, known: (place: string) => boolean): Fault[] {
  return [...faults].flatMap(([place, found]) => (known(place) ? [] : found));
}

export const isFinding = (fault: Fault): boolean => fault.severity === 'finding';

/** Whether it calls for something: a note, or a finding that is overridden with a reason, does not. */
export const isOpen = (fault: Fault): boolean => fault.verdict !== 'note' && !fault.overridden;

/** Whether it keeps the plan from being simulated. */
export const isStop = (fault: Fault): boolean => isFinding(fault) && fault.verdict === 'stop' && !fault.overridden;

export function sentence(fault: Fault): string {
  if (isFinding(fault)) return finding(fault);
  const first = fault.message.charAt(0).toUpperCase() + fault.message.slice(1);
  const message = /[.!?]$/.test(first) ? first : `${first}.`;
  if (!fault.remedy) return message;
  const remedy = fault.remedy.charAt(0).toUpperCase() + fault.remedy.slice(1);
  return `${message} ${/[.!?]$/.test(remedy) ? remedy : `${remedy}.`}`;
}

/** A finding in one line, for a callout on the head; its panel tells the rest. */
export function brief(fault: Fault): string {
  return isFinding(fault) ? headline(fault) : sentence(fault);
}

function headline(fault: Fault): string {
  const verdict = fault.verdict ?? 'note';
  return `${verdict.charAt(0).toUpperCase()}${verdict.slice(1)}: ${fault.title ?? fault.rule ?? ''}.`;
}

/** A finding of the safety check: verdict, title, what was found and what to do. */
function finding(fault: Fault): string {
  const reason = fault.overridden ? `Overridden: ${fault.overridden}` : '';
  return [headline(fault), fault.message, fault.remedy ?? '', reason].filter(Boolean).join(' ');
}
