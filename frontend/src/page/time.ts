// Days: reading curves between samples, words for a day, playing.

/** Value of a curve at a day, straight between samples, constant beyond the ends; NaN without samples. */
export function valueAt(days: readonly number[], curve: readonly number[], day: number): number {
  const last = Math.min(days.length, curve.length) - 1;
  if (last < 0) return Number.NaN;
  const first = days[0] as number;
  if (day <= first) return curve[0] as number;
  if (day >= (days[last] as number)) return curve[last] as number;
  let low = 0;
  let high = last;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((days[middle] as number) <= day) low = middle;
    else high = middle;
  }
  const start = days[low] as number;
  const share = (day - start) / ((days[high] as number) - start);
  const [from, to] = [curve[low] as number, curve[high] as number];
  return from + share * (to - from);
}

/** A curve on other days; null beyond its own. */
export function resampled(days: readonly number[], curve: readonly number[], onto: readonly number[]): (number | null)[] {
  const [first, last] = [days[0] ?? 0, days[days.length - 1] ?? 0];
  return onto.map((day) => (day < first || day > last ? null : valueAt(days, curve, day)));
}

/** Whether two readings of a time are the same day; units are turned into days on both sides of the wire. */
export function sameDay(one: number, other: number): boolean {
  return Math.abs(one - other) < 1e-6;
}

/** Index of the latest session on or before a day; -1 before the first. */
export function sessionAt(sessions: readonly number[], day: number): number {
  return sessions.reduce((found, at, index) => (at <= day && (found < 0 || at >= (sessions[found] as number)) ? index : found), -1);
}

const MONTH = 365.25 / 12;

export function dayText(day: number): string {
  return `Day ${Math.round(day)}`;
}

/** How long after the start, in the unit that people use for it. */
export function spanText(day: number): string {
  if (day < 14) return `${Math.round(day)} d`;
  if (day < 2 * MONTH) return `${(day / 7).toFixed(1)} weeks`;
  if (day < 730.5) return `${(day / MONTH).toFixed(1)} months`;
  return `${(day / 365.25).toFixed(1)} years`;
}

/** Ticks of the time bar: whole months, thinned to at most `most`. */
export function monthTicks(length: number, most = 13): { day: number; label: string }[] {
  const months = Math.floor((length + 0.5) / MONTH);
  const step = [1, 2, 3, 6, 12, 24, 60, 120].find((one) => months / one <= most) ?? 240;
  return Array.from({ length: Math.floor(months / step) + 1 }, (_, index) => ({
    day: Math.min(length, index * step * MONTH),
    label: step >= 12 ? `${(index * step) / 12} y` : `${index * step}`,
  }));
}

/** The next day while playing; null at the end. */
export function advanced(day: number, seconds: number, speed: number, length: number): number | null {
  const next = day + seconds * speed;
  return next >= length ? null : next;
}
