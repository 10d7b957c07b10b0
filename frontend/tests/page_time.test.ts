import { describe, expect, it } from 'vitest';
import { columns, spread } from '../src/page/labels';
import { plainNumber, quantity, shown, withUnit } from '../src/page/quantity';
import { advanced, monthTicks, resampled, sessionAt, spanText, valueAt } from '../src/page/time';

describe('values between samples', () => {
  it('is straight between samples and constant beyond them', () => {
    const at = (day: number) => valueAt([0, 10, 40], [1, 0, 3], day);
    expect([-5, 0, 2.5, 10, 25, 40, 99].map(at)).toEqual([1, 1, 0.75, 0, 1.5, 3, 3]);
  });
  it('has no value without samples', () => expect(valueAt([], [], 3)).toBeNaN());
  it('is null beyond a shorter course', () => expect(resampled([0, 10], [0, 1], [0, 5, 10, 20])).toEqual([0, 0.5, 1, null]));
  it('hits every sample of a long curve', () => {
    const days = Array.from({ length: 200 }, (_, index) => index * 1.5);
    const curve = days.map((day) => Math.sin(day));
    days.forEach((day, index) => expect(valueAt(days, curve, day)).toBeCloseTo(curve[index] as number, 12));
  });
});

describe('sessions and ticks', () => {
  it('finds the latest session on or before a day', () => {
    expect([0, 83, 84, 500].map((day) => sessionAt([0, 84, 168], day))).toEqual([0, 0, 1, 2]);
    expect(sessionAt([10], 9)).toBe(-1);
  });
  it('marks at most thirteen months, or years', () => {
    expect(monthTicks(365).map((one) => one.label)).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11', '12']);
    expect(monthTicks(1826).length).toBeLessThanOrEqual(14);
    expect(monthTicks(36500).every((one) => one.label.endsWith('y'))).toBe(true);
  });
  it('ends playing at the end', () => {
    expect(advanced(10, 0.5, 20, 365)).toBe(20);
    expect(advanced(360, 1, 20, 365)).toBeNull();
  });
  it.each([[3, '3 d'], [30, '4.3 weeks'], [90, '3.0 months'], [1000, '2.7 years']])('%d days read %s', (day, words) => expect(spanText(day)).toBe(words));
});

describe('quantities', () => {
  it.each([['12 weeks', 'day', 84], ['1.5 years', 'day', 547.875], ['4 U', 'U', 4], ['4 U_ona', 'U', 4], ['0.1 mL', 'mL', 0.1], ['1 cm', 'mm', 10], [7, 'mm', 7], ['4 U', 'mL', null], ['soon', 'day', null], [Infinity, 'day', null]] as const)('%s in %s', (text, kind, value) => expect(quantity(text, kind)).toBe(value));
  it('writes text that reads back to the same number', () => {
    for (const value of [0.05, 1, 4, 12.5, 365]) for (const kind of ['day', 'mL', 'mm', 'U'] as const) expect(quantity(withUnit(value, kind), kind)).toBe(value);
  });
  it('shows numbers with a real minus and no negative zero', () => {
    expect([shown(-1.25, 1), shown(-0.01, 1), shown(null), plainNumber(2.5), plainNumber(-0.0001, 2)]).toEqual(['−1.3', '0.0', '–', '2.5', '0']);
  });
});

describe('labels beside the face', () => {
  it('keeps labels apart, in order and within the picture', () => {
    const heights = spread([100, 101, 102, 300], 400);
    heights.slice(1).forEach((one, index) => expect(one - (heights[index] as number)).toBeGreaterThanOrEqual(26.999));
    expect(Math.max(...spread([390, 395], 400))).toBeLessThan(400);
    expect(Math.min(...spread([1, 2], 400))).toBeGreaterThan(0);
  });
  it('keeps labels clear of the buttons at the right edge', () => {
    const [placed] = columns([{ item: 'a', x: 580, y: 100, side: 'right' }], 872, 600);
    expect((placed?.to.x ?? Infinity) + 190).toBeLessThanOrEqual(872 - 74);
  });
  it('puts each label on the side of its point', () => {
    const placed = columns([{ item: 'a', x: 300, y: 100, side: 'left' }, { item: 'b', x: 500, y: 100, side: 'right' }], 800, 400);
    expect(placed.find((one) => one.item === 'a')?.to.x).toBeLessThan(300);
    expect(placed.find((one) => one.item === 'b')?.to.x).toBeGreaterThan(500);
  });
});
