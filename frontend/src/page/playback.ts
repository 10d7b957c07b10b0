// Playing: the day runs in the browser. Expressions grow to full effort unless motion is unwanted.
import { calm } from './dom';
import { simulatedDays } from './edits';
import type { PageStore } from './state';
import { advanced } from './time';

const RAMP = 320; // ms from rest to full effort
const CALM_STEP = 7; // days in one step where motion is unwanted
const FASTEST = 0.25; // seconds that one frame may skip

export function mountPlayback(store: PageStore): void {
  let last = 0;
  let held = 0;
  const frame = (now: number): void => {
    if (!store.state.playing) return;
    const seconds = Math.min(FASTEST, (now - last) / 1000);
    last = now;
    held += seconds * store.state.speed;
    const due = calm() ? CALM_STEP : 0;
    if (held > due) {
      const length = simulatedDays(store.state.case);
      const next = advanced(store.state.day, held, 1, length);
      held = 0;
      store.set(next === null ? { day: length, playing: false } : { day: next });
    }
    requestAnimationFrame(frame);
  };
  store.watch((s) => [s.playing], (playing) => {
    if (!playing) return;
    held = 0;
    last = performance.now();
    if (store.state.day >= simulatedDays(store.state.case)) store.set({ day: 0 });
    requestAnimationFrame(frame);
  });
}

/** Ramp the effort after a change of expression; `still` asks for none. */
export function mountEffort(store: PageStore, still: () => boolean): void {
  let current = store.state.expression;
  store.watch((s) => [s.expression], (expression) => {
    if (expression === current) return;
    current = expression;
    if (still()) return store.set({ effort: 1 });
    const begun = performance.now();
    store.set({ effort: 0 });
    const frame = (now: number): void => {
      if (store.state.expression !== expression) return;
      const share = Math.min(1, Math.max(0, (now - begun) / RAMP));
      store.set({ effort: share * share * (3 - 2 * share) });
      if (share < 1) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
}
