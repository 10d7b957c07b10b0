// The dialog of keys and what the page is.
import { WORDS } from './csv';
import { h, iconButton } from './dom';
import type { Key } from './keys';
import type { PageStore } from './state';

export function makeHelp(store: PageStore, keys: () => readonly Key[]): { root: HTMLDialogElement; open: () => void } {
  const single = h('input', { type: 'checkbox', checked: true });
  single.addEventListener('change', () => store.set({ singleKeys: single.checked }));
  const list = h('dl', { class: 'keys' });
  const root = h('dialog', { class: 'help', 'aria-labelledby': 'help-title' });
  root.append(
    h('header', { class: 'row spread' }, h('h2', { id: 'help-title', text: 'Keys and help' }), iconButton('close', 'Close', () => root.close())),
    h('p', { text: 'Click on the face to inject, drag a point to move it, drag the head to turn it. Values come from the simulator that the command line runs; hover over anything drawn for its value, unit and source.' }),
    list,
    h('label', { class: 'inline' }, single, 'Single-character keys are on'),
    h('p', { class: 'hint', text: 'Axes: x to the subject’s left, y up, z forward, in mm from the midline between the medial canthi. Units of different products are not interchangeable.' }),
    h('p', { class: 'hint', text: WORDS }),
  );
  const open = (): void => {
    list.replaceChildren(...keys().flatMap((key) => [h('dt', {}, h('kbd', { text: key.shown })), h('dd', { text: key.words })]));
    root.showModal();
  };
  return { root, open };
}
