import { api, faultsOf } from '../api/client';
import { Viewer } from '../viewer/viewer';
import '../style.css';
import { mountApp } from './app';
import { WORDS } from './csv';
import { sentence } from './faults';
import { read } from './fragment';
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

async function start(): Promise<void> {
  const store: PageStore = new Store(startState());
  await openLink(store);
  store.set({ past: [], future: [] });
  const canvas = byId<HTMLCanvasElement>('head');
  new Loader(store, api).start();
  const [anatomy, evidence] = await Promise.all([api.anatomy(), api.evidence().catch(() => [])]);
  const viewer = await Viewer.create(canvas, anatomy, new URL('head/', document.baseURI).href);
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
