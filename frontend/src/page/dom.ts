// Elements without HTML strings: the page's content policy allows no inline style or script.

type Child = Node | string | null | undefined | false;
type Props = Record<string, string | number | boolean | null | undefined | ((event: never) => void)>;

/** An element; `on…` keys are listeners, `text` is its text, the rest are attributes (false and null leave one out). */
export function h<K extends keyof HTMLElementTagNameMap>(tag: K, props: Props = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(props)) {
    if (typeof value === 'function') element.addEventListener(key.slice(2).toLowerCase(), value as EventListener);
    else if (key === 'text') element.textContent = String(value ?? '');
    else if (key === 'value' && 'value' in element) (element as HTMLInputElement).value = String(value ?? '');
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(key, value === true ? '' : String(value));
  }
  element.append(...children.filter((one): one is Node | string => one !== null && one !== undefined && one !== false));
  return element;
}

const SVG = 'http://www.w3.org/2000/svg';
const ICONS: Record<string, string> = {
  play: 'M7 4.5v15l12-7.5z',
  pause: 'M7 5h3.5v14H7zM13.5 5H17v14h-3.5z',
  undo: 'M9 14 4 9l5-5M4 9h10a6 6 0 0 1 0 12h-3',
  redo: 'm15 14 5-5-5-5M20 9H10a6 6 0 0 0 0 12h3',
  help: 'M9.2 9a3 3 0 1 1 4.4 2.7c-1 .6-1.6 1.2-1.6 2.3M12 17.6v.1',
  plus: 'M12 5v14M5 12h14',
  minus: 'M5 12h14',
  close: 'm6 6 12 12M18 6 6 18',
  warn: 'M12 4 2.8 20h18.4zM12 10v4.5M12 17.4v.1',
  mirror: 'M12 3v18M8.5 7 3 17h5.5zM15.5 7 21 17h-5.5z',
  bin: 'M5 7h14M10 7V4.5h4V7M7 7l1 13h8l1-13',
  needle: 'm4 20 6-6M8.5 11.5l4 4 5-5-4-4zM14.5 5.5l4 4M16.5 7.5 20 4',
  split: 'M12 3v18M4 6h5v12H4M15 6h5v12h-5',
  front: 'M12 3c4 0 6 3 6 7 0 5-3 11-6 11S6 15 6 10c0-4 2-7 6-7zM9.5 10.5v.1M14.5 10.5v.1M10 16h4',
};
const FILLED = new Set(['play', 'pause']);

export function icon(name: keyof typeof ICONS | string): SVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('class', FILLED.has(name) ? 'icon filled' : 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', ICONS[name] ?? '');
  svg.append(path);
  return svg;
}

/** Put new content into a root; the element that had focus is found again by its `data-focus` or id. */
export function refill(root: HTMLElement, ...children: Child[]): void {
  const active = root.contains(document.activeElement) ? (document.activeElement as HTMLElement) : null;
  const key = active?.dataset['focus'];
  const scroll = root.scrollTop;
  root.replaceChildren(...children.filter((one): one is Node | string => one !== null && one !== undefined && one !== false));
  root.scrollTop = scroll;
  if (key) root.querySelector<HTMLElement>(`[data-focus="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
}

export function button(label: string, onclick: () => void, props: Props = {}): HTMLButtonElement {
  return h('button', { type: 'button', onclick, ...props }, label);
}

export function iconButton(name: string, label: string, onclick: () => void, props: Props = {}): HTMLButtonElement {
  return h('button', { type: 'button', class: 'iconic', 'aria-label': label, title: label, onclick, ...props }, icon(name));
}

/** Buttons of which one is pressed. */
export function choice<T extends string>(label: string, options: readonly (readonly [T, string])[], pick: (value: T) => void): { root: HTMLElement; show: (value: T) => void } {
  const buttons = options.map(([value, words]) => button(words, () => pick(value), { 'data-value': value, 'aria-pressed': 'false' }));
  const root = h('div', { class: 'choice', role: 'group', 'aria-label': label }, ...buttons);
  return {
    root,
    show: (value) => buttons.forEach((one) => one.setAttribute('aria-pressed', String(one.dataset['value'] === value))),
  };
}

export function download(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  h('a', { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

export const calm = (): boolean => globalThis.matchMedia?.('(prefers-reduced-motion: reduce)').matches ?? false;
