import { api, faultsOf } from '../api/client';
import type { AnatomyDocument } from '../api/types';
import { Viewer } from '../viewer/viewer';
import '../style.css';
import { mountApp } from './app';
import { BlankHead } from './blank_head';
import { WORDS } from './csv';
import { h } from './dom';
import { sentence } from './faults';
import { read } from './fragment';
import type { Head } from './head';
import { Loader } from './loader';
import { EXPRESSIONS } from './names';
import { open, refuse, startState, type PageStore } from './state';
import { Store } from './store';

function byId<T extends HTMLElement>(id: string): T {
  return document.getElementById(id) as T;
}

async function openLink(store: PageStore): Promise<void> {
  const found = await read(location.hash);
  if (!found) return;
  history.replaceState(null, '', location.pathname);
  if ('refused' in found) return refuse(store, found.refused);
  const { case: document, day, expression } = found.carried;
  const face = EXPRESSIONS.find(([name]) => name === expression)?.[0];
  open(store, document);
  store.set({ ...(day === undefined ? {} : { day: Math.max(0, day) }), ...(face ? { expression: face } : {}) });
}

/** The head, or words on why there is none. */
async function headOn(canvas: HTMLCanvasElement, anatomy: AnatomyDocument): Promise<Head> {
  try {
    return await Viewer.create(canvas, anatomy, new URL('head/', document.baseURI).href);
  } catch (error) {
    const why = `The head cannot be drawn: ${error instanceof Error ? error.message : String(error)}.`;
    const words = `${why} Plan, curves, tables and exports work without it; add points with the key A or by named sites.`;
    byId('stage').append(h('p', { class: 'no-head', role: 'alert', text: words }));
    return new BlankHead(why);
  }
}

async function start(): Promise<void> {
  const store: PageStore = new Store(startState());
  await openLink(store);
  store.set({ past: [], future: [] });
  const canvas = byId<HTMLCanvasElement>('head');
  new Loader(store, api).start();
  const [anatomy, evidence] = await Promise.all([api.anatomy(), api.evidence().catch(() => [])]);
  const viewer = await headOn(canvas, anatomy);
  mountApp({ header: byId('top'), stage: byId('stage'), canvas, time: byId('time'), inspector: byId('inspector') }, store, api, anatomy, evidence, viewer);
  addEventListener('hashchange', () => void openLink(store));
  Object.assign(window, { endplate: { viewer, store } });
  document.body.dataset['ready'] = '';
}

start().catch((error: unknown) => {
  const words = byId('wait');
  words.textContent = `The page cannot start. ${faultsOf(error).map(sentence).join(' ')} ${WORDS}`;
  words.setAttribute('role', 'alert');
});
