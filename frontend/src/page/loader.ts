// Asks the server for the course of each plan: after a pause in the edits, one request at a time, the last course kept.
import { faultsOf, Refused, type Api } from '../api/client';
import type { CaseDocument } from '../api/types';
import { isEmpty, sendable } from './edits';
import { restored } from './faults';
import { courseKey, NO_ANSWER, type Answer, type PageStore } from './state';

type Which = 'plan' | 'other';
type Calls = Pick<Api, 'course' | 'check'>;

const PAUSE = 250; // ms without an edit
const AGAIN = 2500; // ms until a busy server is asked again
const BUSY = new Set([429, 503]);

export class Loader {
  readonly #running: Partial<Record<Which, AbortController>> = {};
  readonly #timers: Partial<Record<Which, ReturnType<typeof setTimeout>>> = {};
  #first = true;

  constructor(
    readonly store: PageStore,
    readonly calls: Calls,
  ) {}

  start(): void {
    this.store.watch((s) => [s.case], (document) => this.#later('plan', document));
    this.store.watch((s) => [s.compared], (document) => {
      if (document) this.#later('other', document);
      else this.#stop('other', NO_ANSWER);
    });
  }

  #later(which: Which, document: CaseDocument): void {
    if (this.store.state[which].key === courseKey(document)) return this.#stop(which);
    this.#stop(which);
    const pause = this.#first ? 0 : PAUSE;
    this.#first = false;
    this.#timers[which] = setTimeout(() => void this.#ask(which, document), pause);
  }

  #stop(which: Which, answer?: Answer): void {
    clearTimeout(this.#timers[which]);
    this.#running[which]?.abort();
    this.#put(which, answer ?? { ...this.store.state[which], busy: false, faults: [] });
    if (which === 'plan') this.store.set({ faults: [] });
  }

  async #ask(which: Which, document: CaseDocument): Promise<void> {
    if (isEmpty(document)) return this.#put(which, { ...this.store.state[which], busy: false, faults: [] });
    const run = new AbortController();
    this.#running[which] = run;
    this.#put(which, { ...this.store.state[which], busy: true });
    const { case: sent, kept } = sendable(document);
    try {
      const found = restored(await this.calls.check(sent, run.signal), kept);
      if (run.signal.aborted) return;
      if (which === 'plan') this.store.set({ faults: found });
      const stops = found.filter((one) => one.severity !== 'finding');
      if (stops.length) return this.#put(which, { ...this.store.state[which], busy: false, faults: stops });
      const course = await this.calls.course(sent, run.signal);
      if (run.signal.aborted) return;
      this.#put(which, { course, key: courseKey(document), busy: false, faults: [] });
      this.store.set({ courses: this.store.state.courses + 1 });
    } catch (error) {
      if (!run.signal.aborted) this.#failed(which, document, error, kept);
    }
  }

  #failed(which: Which, document: CaseDocument, error: unknown, kept: readonly number[]): void {
    this.#put(which, { ...this.store.state[which], busy: false, faults: restored(faultsOf(error), kept) });
    if (!(error instanceof Refused) || !BUSY.has(error.status)) return;
    this.#timers[which] = setTimeout(() => void this.#ask(which, document), AGAIN);
  }

  #put(which: Which, answer: Answer): void {
    this.store.set(which === 'plan' ? { plan: answer } : { other: answer });
  }
}
