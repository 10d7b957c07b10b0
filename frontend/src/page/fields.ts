// Form fields that commit on change, with their faults beside them.
import type { Fault } from '../api/types';
import { h, icon } from './dom';
import { sentence } from './faults';

export interface NumberField {
  label: string;
  unit?: string;
  value: number | null;
  placeholder?: string;
  min?: number;
  max?: number;
  step?: number;
  focus: string;
  faults?: readonly Fault[];
  hint?: string;
  commit: (value: number | null) => void;
}

export function faultList(faults: readonly Fault[] | undefined): HTMLElement | null {
  if (!faults?.length) return null;
  const told = [...new Map(faults.map((one) => [sentence(one), one])).entries()];
  return h('ul', { class: 'faults', role: 'alert' }, ...told.map(([words, one]) => h('li', { 'data-verdict': one.overridden ? 'note' : one.verdict, title: one.source }, icon('warn'), h('span', { text: words }))));
}

export function numberField(field: NumberField): HTMLElement {
  const input = h('input', {
    type: 'number', inputmode: 'decimal', 'data-focus': field.focus, value: field.value === null ? '' : String(Math.round(field.value * 1e4) / 1e4),
    min: field.min, max: field.max, step: field.step ?? 'any', placeholder: field.placeholder ?? '',
    'aria-invalid': field.faults?.length ? 'true' : undefined, 'aria-label': field.unit ? `${field.label} [${field.unit}]` : field.label,
  });
  input.addEventListener('change', () => {
    const value = input.value.trim() === '' ? null : Number(input.value);
    if (value === null || Number.isFinite(value)) field.commit(value);
  });
  return h('label', { class: 'field' },
    h('span', { class: 'name' }, field.label),
    h('span', { class: 'input' }, input, field.unit ? h('span', { class: 'unit', text: field.unit }) : null),
    field.hint ? h('small', { class: 'hint', text: field.hint }) : null,
    faultList(field.faults));
}

export function selectField(label: string, options: readonly (readonly [string, string])[], value: string, focus: string, commit: (value: string) => void, faults?: readonly Fault[]): HTMLElement {
  const select = h('select', { 'data-focus': focus }, ...options.map(([key, words]) => h('option', { value: key, text: words })));
  select.value = value;
  select.addEventListener('change', () => commit(select.value));
  return h('label', { class: 'field' }, h('span', { class: 'name' }, label), h('span', { class: 'input' }, select), faultList(faults));
}
