// Curves of the course, or everything that is drawn as tables.
import type { EvidenceEntry } from '../api/client';
import { Board } from './board';
import { compareTable } from './compare_table';
import { choice, h, refill } from './dom';
import { durationTable } from './durations';
import { isStale, type PageStore, type State } from './state';
import { tableNode } from './table_node';
import { allTables } from './tables';

export function mountCoursePanel(root: HTMLElement, store: PageStore, evidence: readonly EvidenceEntry[]): void {
  const board = new Board(store, evidence);
  const view = choice('Show as', [['charts', 'Charts'], ['tables', 'Tables']] as const, (value) => store.set({ asTables: value === 'tables' }));
  const status = h('p', { class: 'status', role: 'status' });
  const durations = h('div');
  const tables = h('div', { class: 'tables' });
  root.append(h('div', { class: 'row spread' }, view.root, status), board.root, durations, tables);

  mountBoard(board, store);
  mountTables(tables, store);
  mountSentences(root, store, 'Limits', (s) => s.plan.course?.limits);
  mountSentences(root, store, 'Other offers', (s) => s.plan.course?.offers, true);
  store.watch((s) => [s.plan.course], (course) => {
    const table = course && durationTable(course.summary);
    refill(durations, table && h('section', { class: 'block' }, tableNode(table)));
  });
  store.watch((s) => [s.asTables && s.tab === 'course'], (wide) => document.body.toggleAttribute('data-wide', wide));
  store.watch((s) => [s.asTables, s.plan, s.case], (asTables, plan, now) => {
    view.show(asTables ? 'tables' : 'charts');
    board.root.hidden = durations.hidden = asTables;
    tables.hidden = !asTables;
    root.classList.toggle('stale', isStale(plan, now));
    status.textContent = plan.busy ? 'Simulating…' : isStale(plan, now) ? 'Of an earlier plan' : '';
  });
}

/** Sentences beside where the values come from: how far the course can be trusted, and what else is done. */
function mountSentences(root: HTMLElement, store: PageStore, title: string, pick: (s: State) => readonly string[] | undefined, open = false): void {
  const list = h('ul');
  const block = h('section', { class: 'block' }, h('details', { class: 'sources limits', open }, h('summary', { text: title }), list));
  root.append(block);
  store.watch((s) => [pick(s)], (told = []) => {
    block.hidden = !told.length;
    refill(list, ...told.map((text) => h('li', { text })));
  });
}

/** Charts are drawn while they are seen. */
function mountBoard(board: Board, store: PageStore): void {
  const seen = (s: State): boolean => s.tab === 'course' && !s.asTables;
  store.watch((s) => [seen(s), s.plan.course, s.other.course, s.region, s.gradeEffort, s.rater, s.split], () => {
    const { course } = store.state.plan;
    if (seen(store.state) && course) board.draw(course, store.state);
  });
  store.watch((s) => [seen(s), s.day], (now, day) => {
    if (now) board.day(day);
  });
}

function mountTables(root: HTMLElement, store: PageStore): void {
  store.watch((s) => [s.tab === 'course' && s.asTables, s.plan.course, s.other.course, s.split, Math.round(s.day)], (seen, course, other, split, day) => {
    if (!seen || !course) return;
    const compared = split === 'plans' && other ? [compareTable(course, other, day)] : [];
    refill(root, ...[...compared, ...allTables(course, day)].map(tableNode));
  });
}
