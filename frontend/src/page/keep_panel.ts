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

export function mountKeepPanel(root: HTMLElement, store: PageStore, calls: Calls, head: Head): void {
  const library = h('ul', { class: 'library' });
  const name = h('input', { type: 'text', 'aria-label': 'Name in the library', maxlength: '64', spellcheck: 'false' });
  const link = h('input', { type: 'text', readonly: true, 'aria-label': 'Link that carries this case', placeholder: 'Make a link first' });

  const guarded = (what: string, run: () => Promise<void>) => (): void => {
    run().catch((error: unknown) => refuse(store, `${what}: ${faultsOf(error).map(sentence).join(' ')}`));
  };
  const sent = (): CaseDocument => sendable(store.state.case).case;
  const list = async (): Promise<void> => refill(library, ...rows(await calls.library()));
  const openName = (entry: LibraryEntry, as: 'a' | 'b') => guarded('This case cannot be opened', async () => {
    const document = await calls.read(await calls.open(entry.name));
    if (as === 'b') return setCompared(store, document);
    open(store, document);
    name.value = entry.name;
    note(store, `Opened “${entry.title}”. Undo brings the earlier case back.`);
  });
  const rows = (entries: LibraryEntry[]): HTMLElement[] => entries.length ? entries.map((entry) => h('li', {},
    h('button', { type: 'button', class: 'entry', onclick: openName(entry, 'a') }, h('b', { text: entry.title }), h('small', { text: `${entry.name} · ${entry.modified.slice(0, 10)}` })),
    button('as B', openName(entry, 'b'), { class: 'small', title: 'Compare: open as plan B', 'aria-label': `Open ${entry.title} as plan B` }),
    iconButton('bin', `Remove ${entry.name} from the library`, guarded('This case cannot be removed', async () => {
      if (!confirm(`Remove “${entry.title}” (${entry.name}) from the library? The file is deleted.`)) return;
      await calls.remove(entry.name);
      await list();
    })))) : [h('li', { class: 'hint', text: 'The library is empty.' })];

  const file = h('input', { type: 'file', accept: '.toml,text/plain', hidden: true });
  file.addEventListener('change', guarded('This file cannot be opened', async () => {
    const chosen = file.files?.[0];
    file.value = '';
    if (!chosen) return;
    const document = await calls.read(await chosen.text());
    open(store, document);
    note(store, `Opened ${chosen.name}. Undo brings the earlier case back.`);
  }));
  const save = guarded('This case cannot be saved', async () => {
    download(new Blob([await calls.write(sent())], { type: 'application/toml' }), `${fileName(store.state.case.title)}.toml`);
  });
  const keep = guarded('This case cannot be kept', async () => {
    const chosen = name.value.trim() || fileName(store.state.case.title);
    if (!FILE_NAME.test(chosen)) return refuse(store, 'A name in the library has 1 to 64 letters, digits, hyphens and underscores.');
    await calls.keep(chosen, await calls.write(sent()));
    name.value = chosen;
    await list();
    note(store, `Kept as ${chosen} in the library.`);
  });
  const report = guarded('The report cannot be made', async () => {
    note(store, 'The report is being written…');
    download(await calls.report(sent()), `${fileName(store.state.case.title)}.html`);
    note(store, 'The report was saved.');
  });
  const picture = guarded('The picture cannot be made', async () => {
    const { case: document, day } = store.state;
    download(await framed(await head.snapshot(), pictureWords(store.state), WORDS), `${fileName(document.title)}_day_${Math.round(day)}.png`);
  });
  const table = guarded('The table cannot be made', async () => {
    const { plan, case: document } = store.state;
    if (!plan.course || isStale(plan, document)) return refuse(store, 'The course of this plan is not there yet.');
    download(new Blob([csv(plan.course)], { type: 'text/csv' }), `${fileName(document.title)}.csv`);
  });
  const makeLink = guarded('The link cannot be made', async () => {
    const { case: document, day, expression } = store.state;
    const made = await written({ case: document, day: Math.round(day), expression });
    if ('refused' in made) return refuse(store, made.refused);
    link.value = `${location.origin}${location.pathname}${made.fragment}`;
    link.select();
    await navigator.clipboard?.writeText(link.value).then(() => note(store, 'The link is in the clipboard. It carries the whole case; nothing was sent.'), () => undefined);
  });

  const ready = { class: 'primary' };
  const exports = [button('report.html', report), button('Picture (PNG)', picture), button('Curves (CSV)', table)];
  root.append(
    h('section', { class: 'block' }, h('h2', { text: 'Case file' }), h('p', { class: 'hint', text: 'The same TOML that the command line reads.' }),
      h('div', { class: 'row' }, button('Save file', save, ready), button('Open file…', () => file.click()), button('New from the demo', () => open(store, DEMO)), file)),
    h('section', { class: 'block' }, h('h2', { text: 'Library' }), h('p', { class: 'hint', text: 'A folder on this computer.' }),
      h('div', { class: 'row nowrap' }, name, button('Keep', keep, ready)), library),
    h('section', { class: 'block' }, h('h2', { text: 'Export' }), h('div', { class: 'row' }, ...exports)),
    h('section', { class: 'block' }, h('h2', { text: 'Link' }), h('p', { class: 'hint', text: 'The case travels in the link itself, behind the #: no server sees it. Who has the link has the case.' }),
      h('div', { class: 'row nowrap' }, link, button('Make and copy', makeLink, ready))));
  store.watch((s) => [s.case], (document) => {
    link.value = '';
    name.placeholder = fileName(document.title);
    exports[0]?.toggleAttribute('disabled', isEmpty(document));
  });
  let listed = false;
  store.watch((s) => [s.tab], (tab) => {
    if (tab !== 'keep' || listed) return;
    listed = true;
    guarded('The library cannot be read', list)();
  });
}
