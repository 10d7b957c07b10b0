// Quantities of a case: a plain number in the canonical unit, or text with a unit. The server is the judge; this only reads.

export type Kind = 'day' | 'mm' | 'mL' | 'U' | 'year' | 'kg';

const YEAR = 365.25;
const SCALE: Record<Kind, Record<string, number>> = {
  day: {
    day: 1, days: 1, d: 1, hour: 1 / 24, hours: 1 / 24, h: 1 / 24,
    week: 7, weeks: 7, month: YEAR / 12, months: YEAR / 12, year: YEAR, years: YEAR, a: YEAR,
  },
  year: { year: 1, years: 1, a: 1, month: 1 / 12, months: 1 / 12, day: 1 / YEAR, days: 1 / YEAR },
  mm: { mm: 1, millimeter: 1, millimetre: 1, cm: 10, m: 1000, um: 0.001, µm: 0.001, μm: 0.001 },
  mL: { mL: 1, ml: 1, milliliter: 1, millilitre: 1, L: 1000, l: 1000, uL: 0.001, µL: 0.001, μL: 0.001, cc: 1 },
  U: { U: 1 },
  kg: { kg: 1, kilogram: 1, kilograms: 1, g: 0.001, lb: 0.45359237, pound: 0.45359237, pounds: 0.45359237 },
};
const TEXT = /^\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?)\s*([A-Za-zµμ][A-Za-zµμ_]*)?\s*$/;

/** The number in the canonical unit, or null where the text cannot be read. */
export function quantity(value: unknown, kind: Kind): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value !== 'string') return null;
  const match = TEXT.exec(value);
  if (!match?.[1]) return null;
  const number = Number(match[1]);
  if (!match[2]) return number;
  const unit = kind === 'U' ? match[2].replace(/^U_[a-z]+$/, 'U') : match[2];
  const scale = SCALE[kind][unit];
  return scale === undefined ? null : number * scale;
}

/** A number as people write it: at most `digits` decimals, no trailing zeros. */
export function plainNumber(value: number, digits = 3): string {
  const text = value.toFixed(digits);
  const short = text.includes('.') ? text.replace(/\.?0+$/, '') : text;
  return short === '-0' ? '0' : short;
}

/** Text with a unit, as the case file holds it. */
export function withUnit(value: number, kind: Kind): string {
  const unit = kind === 'day' ? (Math.abs(value) === 1 ? 'day' : 'days') : kind;
  return `${plainNumber(value, 4)} ${unit}`;
}

/** A number for reading: a real minus sign, fixed decimals. */
export function shown(value: number | null | undefined, digits = 1): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  const text = value.toFixed(digits);
  return (Number(text) === 0 ? text.replace('-', '') : text).replace('-', '−');
}

export function percent(share: number | null | undefined, digits = 0): string {
  return share === null || share === undefined || !Number.isFinite(share) ? '–' : `${shown(100 * share, digits)} %`;
}
