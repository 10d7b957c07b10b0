// Asks the server for a life while years are shown: after a pause in the edits, one request at a time.
import { faultsOf, type Api } from '../api/client';
import { courseKey, type PageStore } from './state';
import { yearsRequest, type Years } from './years_state';

const PAUSE = 350; // ms without an edit

export class YearsLoader {
  #running: AbortController | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #key = '';

  constructor(
    readonly store: PageStore,
    readonly calls: Pick<Api, 'years'>,
  ) {}

  start(): void {
    this.store.watch((s) => [s.split === 'years', courseKey(s.case), s.years.rhythm, s.years.length], (shown, document, rhythm, length) => {
      this.#stop();
      const key = `${rhythm}/${length}/${document}`;
      if (!shown || this.#key === key) return;
      this.#timer = setTimeout(() => void this.#ask(key), PAUSE);
    });
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#running?.abort();
    if (this.store.state.years.busy) this.#put({ busy: false });
  }

  async #ask(key: string): Promise<void> {
    const { case: document, years } = this.store.state;
    const asked = yearsRequest(document, years);
    if (!asked) return this.#put({ document: null, busy: false, faults: [] });
    const run = new AbortController();
    this.#running = run;
    this.#put({ busy: true });
    try {
      const found = await this.calls.years(asked, run.signal);
      if (run.signal.aborted) return;
      this.#key = key;
      const [first, last] = [found.age[0] ?? 0, found.age[found.age.length - 1] ?? 0];
      const { age } = this.store.state.years;
      this.#put({ document: found, busy: false, faults: [], age: age >= first && age <= last ? age : last });
    } catch (error) {
      if (!run.signal.aborted) this.#put({ busy: false, faults: faultsOf(error) });
    }
  }

  #put(part: Partial<Years>): void {
    this.store.set({ years: { ...this.store.state.years, ...part } });
  }
}
