// The panel with four tabs; at small widths a sheet at the bottom that opens in three heights.
import { h } from './dom';
import type { PageStore, State, Tab } from './state';

const TABS: readonly (readonly [Tab, string])[] = [['plan', 'Plan'], ['patient', 'Patient'], ['course', 'Course'], ['risks', 'Risks'], ['keep', 'Keep']];
const SHEETS: readonly State['sheet'][] = ['low', 'half', 'full'];

export function mountInspector(root: HTMLElement, store: PageStore): Record<Tab, HTMLElement> {
  const panel = (tab: Tab): HTMLElement => h('div', { class: `panel ${tab}`, role: 'tabpanel', id: `panel-${tab}`, 'aria-labelledby': `tab-${tab}`, tabindex: '-1' });
  const panels: Record<Tab, HTMLElement> = { plan: panel('plan'), patient: panel('patient'), course: panel('course'), risks: panel('risks'), keep: panel('keep') };
  const choose = (tab: Tab): void => store.set({ tab, sheet: store.state.sheet === 'low' ? 'half' : store.state.sheet });
  const tabs = TABS.map(([tab, words]) => h('button', { type: 'button', role: 'tab', id: `tab-${tab}`, 'aria-controls': `panel-${tab}`, text: words, onclick: () => choose(tab) }));
  const bar = h('div', { class: 'tabs', role: 'tablist', 'aria-label': 'Panels' }, ...tabs);
  bar.addEventListener('keydown', (event) => {
    const now = TABS.findIndex(([tab]) => tab === store.state.tab);
    const to = { ArrowLeft: now - 1, ArrowRight: now + 1, Home: 0, End: TABS.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = (to + TABS.length) % TABS.length;
    choose((TABS[next] as readonly [Tab, string])[0]);
    tabs[next]?.focus();
  });
  const handle = h('button', { type: 'button', class: 'handle', onclick: () => cycle(store) }, h('i'));
  root.append(handle, bar, ...Object.values(panels));
  drag(handle, store);
  store.watch((s) => [s.tab, s.sheet], (tab, sheet) => {
    TABS.forEach(([name], index) => {
      tabs[index]?.setAttribute('aria-selected', String(name === tab));
      tabs[index]?.setAttribute('tabindex', name === tab ? '0' : '-1');
      panels[name].hidden = name !== tab;
    });
    document.body.dataset['sheet'] = sheet;
    handle.setAttribute('aria-label', sheet === 'full' ? 'Make the panel smaller' : 'Make the panel larger');
  });
  return panels;
}

function cycle(store: PageStore): void {
  const at = SHEETS.indexOf(store.state.sheet);
  store.set({ sheet: SHEETS[(at + 1) % SHEETS.length] as State['sheet'] });
}

/** Pulling the handle up or down goes a height further. */
function drag(handle: HTMLElement, store: PageStore): void {
  let from: number | null = null;
  handle.addEventListener('pointerdown', (event) => {
    from = event.clientY;
    handle.setPointerCapture(event.pointerId);
  });
  handle.addEventListener('pointermove', (event) => {
    if (from === null || Math.abs(event.clientY - from) < 30) return;
    const at = SHEETS.indexOf(store.state.sheet) + (event.clientY < from ? 1 : -1);
    from = event.clientY;
    store.set({ sheet: SHEETS[Math.min(2, Math.max(0, at))] as State['sheet'] });
  });
  const end = (): void => {
    from = null;
  };
  handle.addEventListener('pointerup', end);
  handle.addEventListener('pointercancel', end);
}
