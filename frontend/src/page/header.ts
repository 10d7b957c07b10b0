// Title, undo and redo, help; what the page has to say.
import type { Fault } from '../api/types';
import { button, h, iconButton } from './dom';
import { isEmpty, setKey } from './edits';
import { isFinding, isOpen, isStop, sentence } from './faults';
import { faultsOfState } from './shown_faults';
import { change, isStale, redo, undo, type PageStore } from './state';

export function mountHeader(root: HTMLElement, store: PageStore, help: () => void): void {
  const title = h('input', { type: 'text', class: 'title', 'aria-label': 'Title of the case', maxlength: '200', spellcheck: 'false' });
  title.addEventListener('change', () => change(store, setKey(store.state.case, ['title'], title.value.trim() || 'Untitled case')));
  const back = iconButton('undo', 'Undo', () => undo(store));
  const on = iconButton('redo', 'Redo', () => redo(store));
  const status = h('span', { class: 'status', role: 'status', 'aria-live': 'polite' });
  root.append(h('span', { class: 'brand' }, h('i', { class: 'mark-logo', 'aria-hidden': 'true' }), 'endplate'), title, status, h('span', { class: 'tools' }, back, on, iconButton('help', 'Keys and help', help)));
  store.watch((s) => [s.case, s.past, s.future], (document, past, future) => {
    title.value = document.title ?? '';
    globalThis.document.title = `${document.title ?? 'Untitled case'} – endplate`;
    back.toggleAttribute('disabled', !past.length);
    on.toggleAttribute('disabled', !future.length);
  });
  store.watch((s) => [s.plan, s.other, s.case, s.faults], () => {
    const { plan, other, case: now } = store.state;
    const all = faultsOfState(store.state);
    const faults = all.filter((one) => !isFinding(one)).length;
    const found = all.filter((one) => isFinding(one) && isOpen(one));
    const empty = isEmpty(now);
    const stale = !empty && isStale(plan, now);
    const busy = plan.busy || other.busy;
    status.dataset['kind'] = busy ? 'busy' : faults || found.some(isStop) || (found.length && !stale) ? 'fault' : stale || empty ? 'stale' : 'fresh';
    status.textContent = busy ? 'Simulating…' : found.some(isStop) ? 'Stopped by the safety check' : faults ? `${faults} ${faults === 1 ? 'fault' : 'faults'}: last course shown` : stale ? 'Last course shown' : empty ? 'Untreated: no injection yet' : safety(found);
    document.body.toggleAttribute('data-stale', stale || busy);
  });
}

/** The safety check in a few words, the gravest verdict first. */
function safety(found: readonly Fault[]): string {
  const first = found[0];
  if (!first) return '';
  const count = `${found.length} ${found.length === 1 ? 'finding' : 'findings'}`;
  return first.verdict === 'stop' ? `Safety check: stop (${count})` : `Safety check: ${count}`;
}

/** Notes and refusals in words; a course that could not be had is told of while it is missing. */
export function mountNotice(root: HTMLElement, store: PageStore): void {
  const leave = (): void => store.set({ notice: null });
  store.watch((s) => [s.notice, s.plan], (notice, plan) => {
    const general = plan.faults.filter((one) => !one.key);
    const words = notice?.words ?? general.map(sentence).join(' ');
    root.hidden = !words;
    if (!words) return root.replaceChildren();
    const { action } = notice ?? {};
    root.dataset['kind'] = notice?.kind ?? 'refusal';
    root.replaceChildren(h('span', { text: words }), ...(action ? [button(action.label, action.run, { class: 'small' })] : []), ...(notice ? [iconButton('close', 'Close', leave)] : []));
  });
  let timer: ReturnType<typeof setTimeout> | undefined;
  store.watch((s) => [s.notice], (notice) => {
    clearTimeout(timer);
    if (notice && !notice.action) timer = setTimeout(leave, notice.kind === 'note' ? 6000 : 12_000);
  });
}
