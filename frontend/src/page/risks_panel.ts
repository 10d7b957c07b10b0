// Findings of the safety check, reasons to go on against them, and adverse events, asked for on demand.
import { faultsOf, Refused, type Api } from '../api/client';
import type { RisksDocument } from '../api/risks';
import type { Fault } from '../api/types';
import { Chart } from './chart';
import { button, h, refill } from './dom';
import { getKey, isEmpty, sendable, setKey } from './edits';
import { isFinding, isStop, sentence } from './faults';
import { fillLegend } from './legend';
import { sentenceCase } from './names';
import { elsewhereTable, riskLines, riskTables, totals } from './risks';
import { faultsOfState } from './shown_faults';
import { change, courseKey, type PageStore } from './state';
import { tableNode } from './table_node';

type Calls = Pick<Api, 'risks'>;

const AGAIN = 1500; // ms until a busy server is asked again; what it solved is kept
const BUSY = new Set([429, 503]);
const MOST = 8; // times that it is asked
const VERDICTS = ['stop', 'refer', 'caution', 'note'];
const WAIT = 'Patients like this one are followed; a new plan takes up to a minute.';

export function mountRisksPanel(root: HTMLElement, store: PageStore, calls: Calls): void {
  const check = h('section', { class: 'block' });
  const answer = h('section', { class: 'block' });
  root.append(check, answer);
  store.watch((s) => [s.case, s.faults, s.plan.faults], () => refill(check, ...safety(store)));
  new Asker(answer, store, calls);
}

/** One line in the plan while a rule stops it. */
export function stopStrip(store: PageStore): HTMLElement | null {
  if (!faultsOfState(store.state).some(isStop)) return null;
  return h('div', { class: 'strip stop' }, h('span', {}, h('b', { text: 'Stopped by the safety check: ' }), 'this plan is not simulated until it is changed or a reason is given.'),
    h('span', { class: 'row' }, button('Give a reason…', () => showReason(store), { class: 'small', 'data-focus': 'reason' })));
}

function showReason(store: PageStore): void {
  store.set({ tab: 'risks' });
  document.getElementById('panel-risks')?.scrollTo?.({ top: 0 });
}

function safety(store: PageStore): (HTMLElement | null)[] {
  const all = isEmpty(store.state.case) ? [] : faultsOfState(store.state).filter(isFinding);
  const once = [...new Map(all.map((one) => [sentence(one), one])).values()];
  const ordered = once.sort((a, b) => VERDICTS.indexOf(a.verdict ?? 'note') - VERDICTS.indexOf(b.verdict ?? 'note'));
  return [
    h('h2', { text: 'Safety check' }),
    ordered.length ? h('ul', { class: 'faults findings' }, ...ordered.map(findingNode)) : h('p', { class: 'hint', text: 'No rule finds anything. A clean plan is not a safe one.' }),
    ...[...new Set(ordered.filter(isStop).map((one) => one.rule ?? ''))].map((rule) => reasonForm(store, rule)),
    ...Object.entries((getKey(store.state.case, ['override']) ?? {}) as Record<string, string>).map(([rule, reason]) => withdrawal(store, rule, reason)),
  ];
}

function findingNode(one: Fault): HTMLElement {
  return h('li', { 'data-verdict': one.overridden ? 'note' : one.verdict }, h('span', {}, sentence(one), h('small', { class: 'hint', text: ` ${one.source ?? ''}` })));
}

function reasonForm(store: PageStore, rule: string): HTMLElement {
  const reason = h('input', { type: 'text', maxlength: '200', 'aria-label': `Reason to go on against ${rule}`, placeholder: 'Reason, such as: a point for a lesson', 'data-focus': `reason.${rule}` });
  const give = (): void => {
    const words = reason.value.trim();
    if (words) change(store, setKey(store.state.case, ['override', rule], words));
    else reason.focus();
  };
  reason.addEventListener('keydown', (event) => event.key === 'Enter' && give());
  return h('div', { class: 'reason' }, h('p', { class: 'hint', text: `To simulate it all the same, give the reason. It stays in the case, the course and the report (${rule}).` }),
    h('div', { class: 'row nowrap' }, reason, button('Simulate all the same', give)));
}

function withdrawal(store: PageStore, rule: string, reason: string): HTMLElement {
  const back = (): void => {
    const { [rule]: _gone, ...rest } = (getKey(store.state.case, ['override']) ?? {}) as Record<string, string>;
    change(store, setKey(store.state.case, ['override'], Object.keys(rest).length ? rest : undefined));
  };
  return h('div', { class: 'row spread' }, h('span', { class: 'hint', text: `Overridden, ${rule}: ${reason}` }), button('Withdraw', back, { class: 'small', 'data-focus': `withdraw.${rule}` }));
}

/** Asks the server when told to, again while it is busy, and shows what it says. */
class Asker {
  readonly #status = h('p', { class: 'hint', role: 'status', 'aria-live': 'polite' });
  readonly #ask = button('Work out adverse events', () => void this.#start(), { class: 'primary', 'data-focus': 'risks' });
  readonly #shown = h('div', { class: 'tables' });
  readonly #chart: Chart;
  readonly #legend = h('ul', { class: 'legend' });
  #running: AbortController | null = null;
  #document: RisksDocument | null = null;
  #key = '';

  readonly #root: HTMLElement;

  constructor(root: HTMLElement, readonly store: PageStore, readonly calls: Calls) {
    this.#root = root;
    const onDay = (day: number): void => store.set({ day: Math.max(0, Math.round(day)), playing: false });
    this.#chart = new Chart({ title: 'Patients who have it because of the drug', unit: '%', digits: 1, share: true, onDay, source: () => 'model and counts of trials' });
    root.append(h('h2', { text: 'Adverse events' }), h('p', { class: 'hint', text: 'One session, over virtual patients and from counts of trials; placebo subtracted, no event twice.' }),
      h('div', { class: 'row' }, this.#ask), this.#status, this.#chart.root, this.#legend, this.#shown);
    this.#chart.root.hidden = true;
    store.watch((s) => [s.case, s.plan.faults, s.faults], () => this.#changed());
    store.watch((s) => [s.tab === 'risks', s.day], (seen, day) => {
      if (seen) this.#draw(day);
    });
  }

  #changed(): void {
    const { case: document } = this.store.state;
    if (this.#running && courseKey(document) !== this.#key) this.#stop();
    const stopped = faultsOfState(this.store.state).some((one) => !isFinding(one) || isStop(one));
    this.#ask.toggleAttribute('disabled', isEmpty(document) || stopped || this.#running !== null);
    if (!this.#running) this.#status.textContent = this.#document && courseKey(document) !== this.#key ? 'Of an earlier plan' : '';
    this.#root.classList.toggle('stale', courseKey(document) !== this.#key);
  }

  #stop(): void {
    this.#running?.abort();
    this.#running = null;
    this.#ask.textContent = 'Work out adverse events';
  }

  async #start(): Promise<void> {
    this.#stop();
    const { case: document } = this.store.state;
    const run = (this.#running = new AbortController());
    const begun = Date.now();
    this.#key = courseKey(document);
    this.#ask.textContent = 'Computing…';
    this.#changed();
    const tick = (): void => void (this.#status.textContent = `${WAIT} ${Math.round((Date.now() - begun) / 1000)} s`);
    tick();
    const clock = setInterval(tick, 1000);
    try {
      const found = await this.#patiently(() => this.calls.risks(sendable(document).case, run.signal), run.signal);
      if (!run.signal.aborted) this.#show(found);
    } catch (error) {
      if (!run.signal.aborted) this.#failed(error);
    } finally {
      clearInterval(clock);
      if (this.#running === run) this.#stop();
      this.#ask.toggleAttribute('disabled', false);
    }
  }

  /** Ask again while the server is busy or gave up: what it has solved by then is kept. */
  async #patiently(ask: () => Promise<RisksDocument>, signal: AbortSignal): Promise<RisksDocument> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await ask();
      } catch (error) {
        if (signal.aborted || !(error instanceof Refused) || !BUSY.has(error.status) || tries >= MOST) throw error;
        await new Promise((done) => setTimeout(done, AGAIN));
      }
    }
  }

  #failed(error: unknown): void {
    this.#key = '';
    this.#status.textContent = faultsOf(error).map(sentence).join(' ');
  }

  #show(document: RisksDocument): void {
    this.#document = document;
    this.#status.textContent = '';
    const beside = elsewhereTable(document);
    const more = beside && h('details', { class: 'sources' }, h('summary', { text: beside.caption }), tableNode(beside));
    const unknown = document.unknown.map((one) => `${one.name}: ${one.words}`);
    refill(this.#shown, h('div', { class: 'sums' }, ...totals(document).map((text) => h('p', { text }))), ...riskTables(document).map(tableNode), more,
      h('p', { class: 'hint', text: `${unknown.join('; ')}.` }), ...document.traits.map((one) => h('p', { class: 'hint', text: `${sentenceCase(one.meaning)}: ${one.words}.` })),
      h('p', { class: 'hint', text: document.unfollowed }), h('p', { class: 'hint', text: document.overdose.signs }), h('p', { class: 'hint', text: document.disclaimer }));
    this.#root.classList.remove('stale');
    this.#draw(this.store.state.day);
  }

  #draw(day: number): void {
    if (!this.#document) return;
    const drawing = { days: this.#document.days, lines: riskLines(this.#document) };
    this.#chart.root.hidden = this.#legend.hidden = !drawing.lines.length;
    this.#chart.draw(drawing);
    this.#chart.day(day);
    fillLegend(this.#legend, this.#chart, drawing, Math.min(day, drawing.days.at(-1) ?? 0));
  }
}
