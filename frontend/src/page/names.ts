// Names as people read them.
import type { Expression, Overlay } from '../viewer/state';

const SPELLED: Record<string, string> = { sup: 'superioris', ant: 'anterior', med: 'and medius' };
const REGIONS: Record<string, string> = {
  glabella: 'Frown lines (glabella)',
  forehead: 'Forehead lines',
  lateral_canthus_left: 'Lateral canthal lines, left',
  lateral_canthus_right: 'Lateral canthal lines, right',
  bunny_left: 'Bunny lines, left',
  bunny_right: 'Bunny lines, right',
  perioral: 'Lip lines (perioral)',
  marionette_left: 'Marionette line, left',
  marionette_right: 'Marionette line, right',
  chin: 'Chin',
  platysma_left: 'Platysma bands, left',
  platysma_right: 'Platysma bands, right',
};

export const REGION_SHORT: Record<string, string> = {
  glabella: 'Glabella',
  forehead: 'Forehead',
  lateral_canthus_left: 'Canthus L',
  lateral_canthus_right: 'Canthus R',
  bunny_left: 'Bunny L',
  bunny_right: 'Bunny R',
  perioral: 'Lips',
  marionette_left: 'Marionette L',
  marionette_right: 'Marionette R',
  chin: 'Chin',
  platysma_left: 'Neck L',
  platysma_right: 'Neck R',
};

export const EXPRESSIONS: readonly (readonly [Expression, string])[] = [
  ['repose', 'Repose'],
  ['frown', 'Frown'],
  ['brow_raise', 'Brow raise'],
  ['squint', 'Squint'],
  ['smile', 'Smile'],
  ['snarl', 'Snarl'],
  ['pout', 'Pout'],
  ['platysma', 'Platysma'],
];

export const OVERLAYS: readonly (readonly [Overlay, string])[] = [
  ['none', 'Skin'],
  ['muscles', 'Muscles'],
  ['toxin', 'Toxin'],
  ['distances', 'Distances'],
];

export const GRADES = ['none', 'mild', 'moderate', 'severe'] as const;

export function sentenceCase(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function muscleName(name: string): string {
  const [stem = '', side] = name.split('.');
  const words = stem.split('_').map((word) => SPELLED[word] ?? word).join(' ');
  return side ? `${words}, ${side}` : words;
}

export function siteName(site: string): string {
  const parts = site.split('.');
  const side = parts.find((part) => part === 'left' || part === 'right');
  const words = parts.filter((part) => part !== side).map((part) => part.replaceAll('_', ' '));
  return side ? `${words.join(' ')}, ${side}` : words.join(' ');
}

export function regionName(region: string): string {
  return REGIONS[region] ?? sentenceCase(region.replaceAll('_', ' '));
}

/** `U_ona` as people write it. */
export function unitName(unit: string): string {
  const [, product] = unit.split('_');
  return product ? `U (${product})` : unit;
}
