import { describe, expect, it } from 'vitest';
import { isCase, read, written } from '../src/page/fragment';
import { PATTERNED } from './page_fixtures';

const made = async (value: unknown = { case: PATTERNED, day: 30, expression: 'frown' }): Promise<string> => {
  const link = await written(value as never);
  if ('refused' in link) throw new Error(link.refused);
  return link.fragment;
};

describe('a link that carries the case', () => {
  it('reads back what was written, in an address’s own characters', async () => {
    const fragment = await made();
    expect(fragment).toMatch(/^#case=1\.[\w-]+$/);
    expect(await read(fragment)).toEqual({ carried: { case: PATTERNED, day: 30, expression: 'frown' } });
  });
  it('keeps letters of all languages', async () => {
    const title = 'Zornesfalte – 20 Einheiten 眉間 ✓';
    expect(await read(await made({ case: { ...PATTERNED, title } }))).toEqual({ carried: { case: { ...PATTERNED, title } } });
  });
  it('is nothing without a case', async () => {
    expect(await read('')).toBeNull();
    expect(await read('#top')).toBeNull();
  });
  it.each([['a cut link', (one: string) => one.slice(0, -9)], ['a changed link', (one: string) => one.replace(/.{4}$/, '____')], ['another alphabet', (one: string) => `${one}!`], ['a part too many', (one: string) => `${one}.x`], ['no version', (one: string) => one.replace('1.', '')], ['no content', () => '#case=1.']])('tells of %s', async (_, spoil) => {
    expect(await read(spoil(await made()))).toEqual({ refused: expect.stringMatching(/damaged/) });
  });
  it('tells of a newer version', async () => {
    expect(await read((await made()).replace('=1.', '=2.'))).toEqual({ refused: expect.stringMatching(/newer endplate/) });
  });
  it('tells of something that is no case', async () => {
    for (const wrong of [{ case: {} }, { case: { plan: { product: 'ona', session: [] } } }, { case: PATTERNED, day: 'x' }, 3, null]) expect(await read(await made(wrong))).toEqual({ refused: expect.stringMatching(/damaged/) });
  });
  it('does not unpack what grows beyond all measure', async () => {
    const bomb = new Blob([new Uint8Array(3_000_000)]).stream().pipeThrough(new CompressionStream('deflate-raw'));
    const bytes = new Uint8Array(await new Response(bomb).arrayBuffer());
    const packed = btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
    expect(await read(`#case=1.${packed}`)).toEqual({ refused: expect.stringMatching(/too large/) });
  });
  it('refuses a case that no link can hold', async () => {
    const noise = Array.from({ length: 9000 }, (_, index) => ({ site: `${(index * 2654435761) % 4294967296}`, dose: index * 1.37, volume: 0.1 }));
    expect(await written({ case: { plan: { product: 'ona', session: [{ at: 0, injection: noise }] } } })).toEqual({ refused: expect.stringMatching(/too large for a link/) });
  });
  it('knows the shape of a case', () => {
    expect(isCase(PATTERNED)).toBe(true);
    expect(isCase({ plan: { product: 'ona', session: [{ at: 0, injection: [3] }] } })).toBe(false);
    expect(isCase({ ...PATTERNED, patient: [] })).toBe(false);
  });
});
