// Undo and redo over the case document. Edits with the same tag in a row are one step.
import type { CaseDocument } from '../api/types';

export interface History {
  case: CaseDocument;
  past: readonly CaseDocument[];
  future: readonly CaseDocument[];
  tag: string | null;
}

const MOST = 200;

export function begun(document: CaseDocument): History {
  return { case: document, past: [], future: [], tag: null };
}

export function edited(history: History, document: CaseDocument, tag: string | null = null): History {
  if (document === history.case) return history;
  const merged = tag !== null && tag === history.tag;
  const past = merged ? history.past : [...history.past, history.case].slice(-MOST);
  return { case: document, past, future: [], tag };
}

export function undone(history: History): History {
  const document = history.past[history.past.length - 1];
  if (!document) return history;
  return { case: document, past: history.past.slice(0, -1), future: [history.case, ...history.future], tag: null };
}

export function redone(history: History): History {
  const document = history.future[0];
  if (!document) return history;
  return { case: document, past: [...history.past, history.case], future: history.future.slice(1), tag: null };
}
