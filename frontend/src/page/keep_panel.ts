// Keeping: case files, the local library, exports, links.
import { faultsOf, type Api, type LibraryEntry } from '../api/client';
import type { CaseDocument } from '../api/types';
import { csv, WORDS } from './csv';
import { button, download, h, iconButton, refill } from './dom';
import { isEmpty, sendable } from './edits';
import { sentence } from './faults';
import { written } from './fragment';
import type { Head } from './head';
import { EXPRESSIONS, OVERLAYS } from './names';
import { framed } from './picture';
import { DEMO, isStale, note, open, refuse, setCompared, type PageStore, type State } from './state';
import { dayText } from './time';

type Calls = Pick<Api, 'read' | 'write' | 'library' | 'open' | 'keep' | 'remove' | 'report'>;

const PRIMARY = { class: 'primary' };
export const FILE_NAME = /^[A-Za-z0-9_-]{1,64}$/;

/** What a picture shows: title, day, expression, overlay, and what stands on the left of a split. */
export function pictureWords(state: State): string[] {
  const face = EXPRESSIONS.find(([name]) => name === state.expression)?.[1] ?? '';
  const overlay = OVERLAYS.find(([name]) => name === state.overlay && name !== 'none')?.[1];
  const left = state.split === 'before' ? 'left: before, day 0' : state.split === 'plans' ? `left: ${state.compared?.title ?? 'plan B'}` : null;
  return [state.case.title ?? 'Untitled case', dayText(state.day), face, ...(overlay ? [overlay] : []), ...(left ? [left] : [])];
}

/** A name for a file or the library from a title. */
export function fileName(title: string | undefined): string {
  const plain = (title ?? '').normalize('NFKD').replace(/[^A-Za-z0-9]+/g, '_').replace(/^_+|_+$/g, '').toLowerCase();
  return plain.slice(0, 64) || 'case';
}

interface Desk {
  store: PageStore;
  calls: Calls;
  head: Head;
  /** Name in the library. */
  name: HTMLInputElement;
}

export function mountKeepPanel(root: HTMLElement, store: PageStore, calls: Calls, head: Head): void {
  const name = h('input', { type: 'text', 'aria-label': 'Name in the library', maxlength: '64', spellcheck: 'false' });
  const desk: Desk = { store, calls, head, name };
  root.append(fileSection(desk), librarySection(desk), exportSection(desk), linkSection(desk));
  store.watch((s) => [s.case], (document) => {
    name.placeholder = fileName(document.title);
  });
}

/** Run, and tell in words what went wrong. */
function guarded(store: PageStore, what: string, run: () => Promise<void>): () => void {
  return () => void run().catch((error: unknown) => refuse(store, `${what}: ${faultsOf(error).map(sentence).join(' ')}`));
}

function sent(store: PageStore): CaseDocument {
  return sendable(store.state.case).case;
}

function opened(store: PageStore, document: CaseDocument, name: string): void {
  open(store, document);
  note(store, `Opened ${name}. Undo brings the earlier case back.`);
}

function section(title: string, hint: string, ...content: (HTMLElement | null)[]): HTMLElement {
  return h('section', { class: 'block' }, h('h2', { text: title }), hint ? h('p', { class: 'hint', text: hint }) : null, ...content);
}

function fileSection({ store, calls }: Desk): HTMLElement {
  const file = h('input', { type: 'file', accept: '.toml,text/plain', hidden: true, 'aria-label': 'Case file' });
  file.addEventListener('change', guarded(store, 'This file cannot be opened', async () => {
    const chosen = file.files?.[0];
    const text = await chosen?.text();
    file.value = '';
    if (chosen && text !== undefined) opened(store, await calls.read(text), chosen.name);
  }));
  const save = guarded(store, 'This case cannot be saved', async () => {
    download(new Blob([await calls.write(sent(store))], { type: 'application/toml' }), `${fileName(store.state.case.title)}.toml`);
  });
  return section('Case file', 'The same TOML that the command line reads.', h('div', { class: 'row' },
    button('Save file', save, PRIMARY), button('Open file…', () => file.click()), button('New from the demo', () => open(store, DEMO)), file));
}

function librarySection({ store, calls, name }: Desk): HTMLElement {
  const shelf = h('ul', { class: 'library' });
  const list = async (): Promise<void> => {
    const entries = await calls.library();
    refill(shelf, ...(entries.length ? entries.map((entry) => libraryRow({ store, calls, name }, entry, list)) : [h('li', { class: 'hint', text: 'The library is empty.' })]));
  };
  const keep = guarded(store, 'This case cannot be kept', async () => {
    const chosen = name.value.trim() || fileName(store.state.case.title);
    if (!FILE_NAME.test(chosen)) return refuse(store, 'A name in the library has 1 to 64 letters, digits, hyphens and underscores.');
    await calls.keep(chosen, await calls.write(sent(store)));
    name.value = chosen;
    await list();
    note(store, `Kept as ${chosen} in the library.`);
  });
  store.watch((s) => [s.tab], (tab) => {
    if (tab === 'keep') guarded(store, 'The library cannot be read', list)();
  });
  return section('Library', 'A folder on this computer. A name that is there already is replaced.', h('div', { class: 'row nowrap' }, name, button('Keep', keep, PRIMARY)), shelf);
}

function libraryRow({ store, calls, name }: Omit<Desk, 'head'>, entry: LibraryEntry, list: () => Promise<void>): HTMLElement {
  const read = async (): Promise<CaseDocument> => calls.read(await calls.open(entry.name));
  const show = guarded(store, 'This case cannot be opened', async () => {
    opened(store, await read(), `“${entry.title}”`);
    name.value = entry.name;
  });
  const beside = guarded(store, 'This case cannot be opened', async () => setCompared(store, await read()));
  const remove = guarded(store, 'This case cannot be removed', async () => {
    if (!confirm(`Remove “${entry.title}” (${entry.name}) from the library? The file is deleted.`)) return;
    await calls.remove(entry.name);
    await list();
  });
  return h('li', {},
    h('button', { type: 'button', class: 'entry', onclick: show }, h('b', { text: entry.title }), h('small', { text: `${entry.name} · ${entry.modified.slice(0, 10)}` })),
    button('as B', beside, { class: 'small', title: 'Compare: open as plan B', 'aria-label': `${entry.title} as B: compare with it` }),
    iconButton('bin', `Remove ${entry.name} from the library`, remove));
}

function exportSection({ store, calls, head }: Desk): HTMLElement {
  const report = guarded(store, 'The report cannot be made', async () => {
    note(store, 'The report is being written…');
    download(await calls.report(sent(store)), `${fileName(store.state.case.title)}.html`);
    note(store, 'The report was saved.');
  });
  const picture = guarded(store, 'The picture cannot be made', async () => {
    const { case: document, day } = store.state;
    download(await framed(await head.snapshot(), pictureWords(store.state), WORDS), `${fileName(document.title)}_day_${Math.round(day)}.png`);
  });
  const table = guarded(store, 'The table cannot be made', async () => {
    const { plan, case: document } = store.state;
    if (!plan.course || isStale(plan, document)) return refuse(store, 'The course of this plan is not there yet.');
    download(new Blob([csv(plan.course)], { type: 'text/csv' }), `${fileName(document.title)}.csv`);
  });
  const buttons = [button('report.html', report), button('Picture (PNG)', picture), button('Curves (CSV)', table)];
  store.watch((s) => [isEmpty(s.case)], (empty) => void buttons[0]?.toggleAttribute('disabled', empty));
  return section('Export', '', h('div', { class: 'row' }, ...buttons));
}

function linkSection({ store }: Desk): HTMLElement {
  const link = h('input', { type: 'text', readonly: true, 'aria-label': 'Link that carries this case', placeholder: 'Make a link first' });
  const make = guarded(store, 'The link cannot be made', async () => {
    const { case: document, day, expression } = store.state;
    const made = await written({ case: document, day: Math.round(day), expression });
    if ('refused' in made) return refuse(store, made.refused);
    link.value = `${location.origin}${location.pathname}${made.fragment}`;
    link.select();
    await navigator.clipboard?.writeText(link.value).then(() => note(store, 'The link is in the clipboard. It carries the whole case; nothing was sent.'), () => undefined);
  });
  store.watch((s) => [s.case], () => {
    link.value = '';
  });
  return section('Link', 'The case travels in the link itself, behind the #: no server sees it. Who has the link has the case.', h('div', { class: 'row nowrap' }, link, button('Make and copy', make, PRIMARY)));
}
