// One immutable state; whoever shows a part of it watches that part.

export class Store<S extends object> {
  #state: S;
  readonly #watchers = new Set<() => void>();
  #telling = false;
  #again = false;

  constructor(state: S) {
    this.#state = state;
  }

  get state(): S {
    return this.#state;
  }

  set(patch: Partial<S>): void {
    const keys = Object.keys(patch) as (keyof S)[];
    if (keys.every((key) => Object.is(this.#state[key], patch[key]))) return;
    this.#state = { ...this.#state, ...patch };
    this.#tell();
  }

  /** Run now and whenever one of the picked values changes. Returns the way to stop. */
  watch<T extends unknown[]>(pick: (state: S) => [...T], run: (...values: NoInfer<T>) => void): () => void {
    let last = pick(this.#state);
    const look = (): void => {
      const next = pick(this.#state);
      if (next.every((one, index) => Object.is(one, last[index]))) return;
      last = next;
      run(...next);
    };
    this.#watchers.add(look);
    run(...last);
    return () => this.#watchers.delete(look);
  }

  // A watcher may set state itself: the round is then repeated, so that all see one order of events.
  #tell(): void {
    this.#again = true;
    if (this.#telling) return;
    this.#telling = true;
    try {
      while (this.#again) {
        this.#again = false;
        for (const look of [...this.#watchers]) look();
      }
    } finally {
      this.#telling = false;
    }
  }
}
