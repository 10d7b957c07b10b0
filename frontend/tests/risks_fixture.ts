// Risks of a small plan for the tests of the page.
import type { AdverseEvent, Interval, RisksDocument } from '../src/api/risks';

const around = (middle: number, half: number): Interval => ({ low: middle - half, middle, high: middle + half });

function event(name: string, over: Partial<AdverseEvent> = {}): AdverseEvent {
  return {
    event: name, name, words: '', origin: 'counts', placebo: around(0.01, 0.005), added: around(0.02, 0.01), total: around(0.03, 0.01), blamed: true, own: true,
    onset: { low: 2, middle: 6, high: 16 }, lasting: { low: 13, middle: 79, high: 220 }, timing: 'model', days: 2, prevalence: [0, 0.02, 0.01], check: null, agrees: null, ...over,
  };
}

export const RISKS: RisksDocument = {
  disclaimer: 'Not a medical device.',
  product: 'ona',
  treated: { part: 'upper face', regions: 'glabella', dose: 12 },
  days: [0, 1, 2],
  events: [
    event('lid droops', { origin: 'both', check: around(0.023, 0.005), agrees: true }),
    event('dry mouth', { prevalence: [0, 0.05, 0.01] }),
    event('headache', { blamed: false, placebo: around(0.114, 0.02), added: around(0, 0.03) }),
    event('tight skin', { own: false, blamed: false }),
    event('double vision', { origin: 'model', blamed: false, onset: null, lasting: null, prevalence: [0, 0, 0] }),
  ],
  total: { events: around(0.04, 0.01), days: around(2.4, 0.5), any: around(0.04, 0.01), any_cause: around(0.2, 0.02), counted: ['lid droops', 'dry mouth'], trials: null },
  unknown: [{ event: 'anxiety', name: 'anxiety', words: 'not known: no row of any trial' }],
  traits: [{ name: 'ptosis', meaning: 'a drooping eyelid', events: ['eyelid_ptosis'], words: 'no counted figure' }],
  unfollowed: 'Age is not known to change a rate.',
  model: { patients: 256 },
  overdose: { words: '', signs: 'Seek medical care at once.' },
  findings: [],
};
