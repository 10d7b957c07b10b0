// Asks the server for the course of each plan: after a pause in the edits, one request at a time, the last course kept.
import { faultsOf, Refused, type Api } from '../api/client';
import type { CaseDocument } from '../api/types';
import { isEmpty, sendable } from './edits';
import { isFinding, isStop, restored } from './faults';
import { courseKey, NO_ANSWER, type Answer, type PageStore } from './state';

type Which = 'plan' | 'other';
type Calls = Pick<Api, 'course' | 'check'>;

const PAUSE = 250; // ms without an edit
const AGAIN = 2500; // ms until a busy server is asked again
const BUSY = new Set([429, 503]);
const MOST = 3; // times that a server without an answer is asked

export class Loader {
  readonly #running: Partial<Record<Which, AbortController>> = {};
  readonly #timers: Partial<Record<Which, ReturnType<typeof setTimeout>>> = {};
  readonly #tries: Record<Which, number> = { plan: 0, other: 0 };
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
    this.#tries[which] = 0;
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
      const stops = found.filter((one) => !isFinding(one) || isStop(one));
      if (stops.length) return this.#put(which, { ...this.store.state[which], busy: false, faults: stops });
      const key = courseKey(document);
      const course = await this.calls.course(sent, run.signal, false);
      if (run.signal.aborted) return;
      this.#put(which, { course, key, busy: false, faults: [] });
      this.store.set({ courses: this.store.state.courses + 1 });
      void this.#widen(which, sent, key, run.signal);
    } catch (error) {
      if (!run.signal.aborted) this.#failed(which, document, error, kept);
    }
  }

  /** Add the bands when they come; without them the course stands as it is. */
  async #widen(which: Which, sent: CaseDocument, key: string, signal: AbortSignal): Promise<void> {
    try {
      const { bands } = await this.calls.course(sent, signal, true);
      const now = this.store.state[which];
      if (signal.aborted || !bands || now.key !== key || !now.course) return;
      this.#put(which, { ...now, course: { ...now.course, bands } });
    } catch {
      // A course without bands is whole.
    }
  }

  #failed(which: Which, document: CaseDocument, error: unknown, kept: readonly number[]): void {
    this.#put(which, { ...this.store.state[which], busy: false, faults: restored(faultsOf(error), kept) });
    this.#tries[which] += 1;
    if (!(error instanceof Refused) || !BUSY.has(error.status) || this.#tries[which] >= MOST) return;
    this.#timers[which] = setTimeout(() => void this.#ask(which, document), AGAIN);
  }

  #put(which: Which, answer: Answer): void {
    this.store.set(which === 'plan' ? { plan: answer } : { other: answer });
  }
}
