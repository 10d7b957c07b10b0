// Keys: one list that both the dialog of help and the listener read.
import type { Actions } from './actions';
import { simulatedDays } from './edits';
import { EXPRESSIONS, OVERLAYS } from './names';
import { setSplit } from './stagebar';
import { redo, undo, type PageStore } from './state';

export interface Key {
  /** What is pressed, for the dialog. */
  shown: string;
  words: string;
  /** Whether it is a plain character, which can be switched off. */
  single: boolean;
  matches: (event: KeyboardEvent) => boolean;
  run: (event: KeyboardEvent) => void;
}

const MOVE: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const PAGE = 30; // days
const DOSE = 0.5; // U
const START: [number, number] = [0, 20]; // mm: above the nose, where a point is added by key

export function keysOf(store: PageStore, actions: Actions, help: () => void): Key[] {
  const plain = (event: KeyboardEvent): boolean => !event.ctrlKey && !event.metaKey && !event.altKey;
  const control = (event: KeyboardEvent): boolean => (event.ctrlKey || event.metaKey) && !event.altKey;
  const is = (...names: string[]) => (event: KeyboardEvent): boolean => plain(event) && names.includes(event.key);
  const day = (by: number): void => {
    const { state } = store;
    store.set({ day: Math.min(simulatedDays(state.case), Math.max(0, Math.round(state.day) + by)), playing: false });
  };
  const next = <T>(list: readonly (readonly [T, string])[], now: T): T => {
    const at = list.findIndex(([value]) => value === now);
    return (list[(at + 1) % list.length] as readonly [T, string])[0];
  };
  const key = (shown: string, words: string, matches: Key['matches'], run: Key['run'], single = false): Key => ({ shown, words, matches, run, single });
  return [
    key('← → ↑ ↓', 'Move the selected point by 1 mm (with Shift 5 mm); without one, go a day back or on', (event) => plain(event) && event.key in MOVE, (event) => {
      const [x, y] = MOVE[event.key] as [number, number];
      const step = event.shiftKey ? 5 : 1;
      if (store.state.selected) actions.nudge(step * x, step * y);
      else if (x) day(step * x);
    }),
    key('Tab', 'Go through the points on the face, in order', () => false, () => undefined),
    key('N  P', 'Select the next or the previous point', is('n', 'p', 'N', 'P'), (event) => actions.step(event.key.toLowerCase() === 'n' ? 1 : -1), true),
    key('A', 'Add a point above the nose, then move it with the arrow keys', is('a', 'A'), () => actions.injectAt(START), true),
    key('Delete', 'Remove the selected point', is('Delete', 'Backspace'), actions.remove),
    key('+  −', 'Dose of the selected point up or down by 0.5 U', is('+', '-', '=', '_', '−'), (event) => actions.dose(event.key === '+' || event.key === '=' ? DOSE : -DOSE), true),
    key('[  ]', 'Needle of the selected point 0.5 mm less or more deep', is('[', ']'), (event) => actions.depth(event.key === ']' ? 0.5 : -0.5), true),
    key('M', 'Mirror the selected point to the other side', is('m', 'M'), actions.mirror, true),
    key('Ctrl Z', 'Undo', (event) => control(event) && !event.shiftKey && event.key.toLowerCase() === 'z', () => undo(store)),
    key('Ctrl Y', 'Redo (also Ctrl Shift Z)', (event) => control(event) && (event.key.toLowerCase() === 'y' || (event.shiftKey && event.key.toLowerCase() === 'z')), () => redo(store)),
    key('Space', 'Play or pause', is(' '), () => store.set({ playing: !store.state.playing })),
    key(',  .', 'A day back or on', is(',', '.'), (event) => day(event.key === '.' ? 1 : -1), true),
    key('Page ↑ ↓', '30 days on or back', is('PageUp', 'PageDown'), (event) => day(event.key === 'PageUp' ? PAGE : -PAGE)),
    key('Home End', 'First or last day', is('Home', 'End'), (event) => day(event.key === 'End' ? Infinity : -Infinity)),
    key('1 … 8', 'Expression', (event) => plain(event) && /^[1-8]$/.test(event.key), (event) => {
      const expression = EXPRESSIONS[Number(event.key) - 1]?.[0];
      if (expression) store.set({ expression });
    }, true),
    key('O', 'Next overlay', is('o', 'O'), () => store.set({ overlay: next(OVERLAYS, store.state.overlay) }), true),
    key('B', 'Before and after side by side', is('b', 'B'), () => setSplit(store, store.state.split === 'before' ? 'off' : 'before'), true),
    key('C', 'Two plans side by side', is('c', 'C'), () => setSplit(store, store.state.split === 'plans' ? 'off' : 'plans'), true),
    key('Esc', 'Close what is open, leave the selected point', is('Escape'), () => store.set({ selected: null, notice: null, playing: false })),
    key('?', 'These keys', is('?'), help, true),
  ];
}

const TYPING = 'input:not([type=range]):not([type=checkbox]), textarea, select, [contenteditable]';
const OWN: Record<string, string> = {
  ' ': 'button, summary, a, input:not([type=range])',
  ArrowLeft: 'input, [role=slider], [role=tab], .plot',
  ArrowRight: 'input, [role=slider], [role=tab], .plot',
  ArrowUp: 'input, [role=slider], .table',
  ArrowDown: 'input, [role=slider], .table',
  PageUp: 'input', PageDown: 'input', Home: 'input, [role=tab]', End: 'input, [role=tab]',
};

/** Whether the element with focus needs the key itself. Pins hand all keys on. */
export function isTaken(event: KeyboardEvent): boolean {
  const target = event.target instanceof Element ? event.target : null;
  if (!target || target.matches('.pin')) return false;
  if (target.closest('dialog')) return true;
  if (target.matches(TYPING)) return event.key !== 'Escape';
  const own = OWN[event.key];
  return own !== undefined && target.matches(own);
}

/** Listen until what it returns is called. */
export function mountKeys(root: Document, store: PageStore, keys: readonly Key[]): () => void {
  const listen = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || isTaken(event)) return;
    const key = keys.find((one) => (store.state.singleKeys || !one.single) && one.matches(event));
    if (!key) return;
    event.preventDefault();
    key.run(event);
  };
  root.addEventListener('keydown', listen);
  return () => root.removeEventListener('keydown', listen);
}
