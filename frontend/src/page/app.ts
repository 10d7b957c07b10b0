// The page put together: one store, views that watch it, a loader that feeds it.
import type { Api, EvidenceEntry } from '../api/client';
import type { AnatomyDocument } from '../api/types';
import { actionsOf, sessionShown } from './actions';
import { atlasOf } from './atlas';
import { mountCoursePanel } from './course_panel';
import { calm, h } from './dom';
import type { Head } from './head';
import { mountHeader, mountNotice } from './header';
import { makeHelp } from './help';
import { mountHover } from './hover';
import { mountInspector } from './inspector';
import { mountKeepPanel } from './keep_panel';
import { keysOf, mountKeys, type Key } from './keys';
import { mountPatientPanel } from './patient_panel';
import { mountPins } from './pins';
import { mountPlanPanel } from './plan_panel';
import { mountEffort, mountPlayback } from './playback';
import { mountRisksPanel } from './risks_panel';
import { mountPointer, mountScenes, mountUntold } from './stage';
import { mountStagebar } from './stagebar';
import type { PageStore } from './state';
import { mountTimebar } from './timebar';
import { mountYears } from './years_bar';
import { YearsLoader } from './years_loader';

export interface Parts {
  header: HTMLElement;
  stage: HTMLElement;
  canvas: HTMLCanvasElement;
  time: HTMLElement;
  inspector: HTMLElement;
}

/** Returns the way to end it. */
export function mountApp(parts: Parts, store: PageStore, calls: Api, anatomy: AnatomyDocument, evidence: readonly EvidenceEntry[], head: Head): () => void {
  const atlas = atlasOf(anatomy);
  const actions = actionsOf(store, atlas);
  let keys: readonly Key[] = [];
  const help = makeHelp(store, () => keys);
  keys = keysOf(store, actions, help.open);

  const pins = h('div', { class: 'pins' });
  const notice = h('div', { class: 'notice', role: 'status', 'aria-live': 'assertive', hidden: true });
  const tools = h('div', { class: 'tools-layer' });
  parts.stage.append(pins, tools, notice);
  document.body.append(help.root);

  mountScenes(store, atlas, head);
  mountPointer(parts.stage, parts.canvas, store, actions, head);
  mountPins(pins, store, atlas, head);
  mountHover(parts.stage, parts.canvas, store, atlas, head);
  mountStagebar(tools, store, head);
  mountNotice(notice, store);
  mountUntold(tools, store);
  mountHeader(parts.header, store, help.open);
  mountTimebar(parts.time, store);
  mountYears(parts.time, store);
  new YearsLoader(store, calls).start();
  const panels = mountInspector(parts.inspector, store);
  mountPlanPanel(panels.plan, store, atlas, actions);
  mountPatientPanel(panels.patient, store, atlas);
  mountCoursePanel(panels.course, store, evidence);
  mountRisksPanel(panels.risks, store, calls);
  mountKeepPanel(panels.keep, store, calls, head);
  const deaf = mountKeys(document, store, keys);
  mountPlayback(store);
  mountEffort(store, () => calm() || head.software);
  // While it plays, the points of the latest session are those that are shown.
  store.watch((s) => [s.day, s.playing], (day, playing) => {
    if (playing) store.set({ session: sessionShown(store, day) });
  });
  const sizes = new ResizeObserver(() => head.resize());
  sizes.observe(parts.stage);
  return () => {
    deaf();
    sizes.disconnect();
    help.root.remove();
    store.set({ playing: false });
  };
}
