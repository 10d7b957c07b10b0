// A table of values as an element.
import { h } from './dom';
import type { Table } from './tables';

export function tableNode(table: Table): HTMLElement {
  const cell = (text: string): HTMLElement => h('td', { class: /^[A-Za-z]/.test(text) ? 'words' : null, text });
  const body = table.rows.map(([first = '', ...rest]) => h('tr', {}, h('th', { scope: 'row', text: first }), ...rest.map(cell)));
  const head = h('tr', {}, ...table.head.map((text) => h('th', { scope: 'col', text })));
  return h('div', { class: 'table', tabindex: '0', role: 'region', 'aria-label': table.caption },
    h('table', {}, h('caption', { text: table.caption }), h('thead', {}, head), h('tbody', {}, ...body)),
    table.note ? h('p', { class: 'hint', text: table.note }) : null);
}
