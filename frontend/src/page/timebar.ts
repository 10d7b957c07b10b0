// The time bar: play, the day, sessions marked; expressions.
import type { PageStore } from './state';
import { choice, h, icon } from './dom';
import { sessionDay, simulatedDays } from './edits';
import { EXPRESSIONS } from './names';
import { dayText, monthTicks, spanText } from './time';

const SPEEDS = [['10', '10 d/s'], ['20', '20 d/s'], ['60', '60 d/s']] as const;

export function mountTimebar(root: HTMLElement, store: PageStore): void {
  const faces = choice('Expression', EXPRESSIONS, (expression) => store.set({ expression }));
  faces.root.classList.add('chips');
  const playIcon = h('span');
  const play = h('button', { type: 'button', class: 'play', onclick: () => store.set({ playing: !store.state.playing }) }, playIcon);
  const slider = h('input', { type: 'range', min: '0', step: '1', class: 'slider', 'aria-label': 'Day after the first planned day', 'data-focus': 'day' });
  slider.addEventListener('input', () => store.set({ day: Number(slider.value), playing: false }));
  const marks = h('div', { class: 'marks' });
  const ticks = h('div', { class: 'ticks', 'aria-hidden': 'true' });
  const day = h('output', { class: 'day' });
  const span = h('span', { class: 'span' });
  const speed = h('select', { 'aria-label': 'Speed of playing, days a second', class: 'speed' }, ...SPEEDS.map(([value, words]) => h('option', { value, text: words })));
  speed.addEventListener('change', () => store.set({ speed: Number(speed.value) }));
  root.append(
    h('div', { class: 'expressions' }, faces.root),
    h('div', { class: 'clock' }, play, h('div', { class: 'readout' }, day, span), h('div', { class: 'track' }, marks, slider, ticks), speed),
  );
  store.watch((s) => [s.expression], (expression) => faces.show(expression));
  store.watch((s) => [s.speed], (value) => (speed.value = String(value)));
  store.watch((s) => [s.playing], (playing) => {
    playIcon.replaceChildren(icon(playing ? 'pause' : 'play'));
    play.setAttribute('aria-label', playing ? 'Pause' : 'Play');
  });
  store.watch((s) => [s.day, simulatedDays(s.case)], (at, length) => {
    slider.max = String(length);
    slider.value = String(Math.round(at));
    slider.style.setProperty('--done', String(at / length));
    slider.setAttribute('aria-valuetext', `${dayText(at)}, ${spanText(at)}`);
    day.textContent = dayText(at);
    span.textContent = spanText(at);
  });
  store.watch((s) => [s.case], (document) => {
    const length = simulatedDays(document);
    ticks.replaceChildren(...monthTicks(length).map((one) => at(h('span', { text: one.day === 0 ? `0 ${one.label.endsWith('y') ? '' : 'mo'}`.trim() : one.label }), one.day / length)));
    marks.replaceChildren(...document.plan.session.map((session, index) => {
      const when = sessionDay(session);
      const mark = h('button', { type: 'button', class: 'mark', title: `Session ${index + 1}, day ${Math.round(when)}`, 'aria-label': `Go to session ${index + 1}, day ${Math.round(when)}`,
        onclick: () => store.set({ day: when, session: index, selected: null }) });
      return at(mark, when / length);
    }));
  });
}

function at<T extends HTMLElement>(element: T, share: number): T {
  element.style.left = `${100 * Math.min(1, share)}%`;
  return element;
}
