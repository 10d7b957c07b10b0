// The faults that are shown: the check's and the course's, each once.
import type { Fault } from '../api/types';
import type { Atlas } from './atlas';
import { isEmpty } from './edits';
import { placed, type Placed } from './faults';
import type { State } from './state';

export function faultsOfState(state: Pick<State, 'faults' | 'plan'>): Fault[] {
  const seen = new Set<string>();
  return [...state.faults, ...state.plan.faults].filter((one) => {
    const key = `${one.key ?? ''}\n${one.message}`;
    return seen.has(key) ? false : (seen.add(key), true);
  });
}

export function placedFaults(state: State, atlas: Atlas): Placed {
  return isEmpty(state.case) ? new Map() : placed(faultsOfState(state), state.case, atlas);
}
