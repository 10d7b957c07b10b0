// The anatomy by name, made once from the server's document.
import type { AnatomyDocument, MuscleShape, PatternShape, ProductShape, SiteShape } from '../api/types';

export interface Atlas {
  document: AnatomyDocument;
  muscle: ReadonlyMap<string, MuscleShape>;
  site: ReadonlyMap<string, SiteShape>;
  pattern: ReadonlyMap<string, PatternShape>;
  product: ReadonlyMap<string, ProductShape>;
}

export function atlasOf(document: AnatomyDocument): Atlas {
  return {
    document,
    muscle: new Map(document.muscles.map((one) => [one.name, one])),
    site: new Map(document.sites.map((one) => [one.name, one])),
    pattern: new Map(document.patterns.map((one) => [one.name, one])),
    product: new Map(document.products.map((one) => [one.code, one])),
  };
}

/** The first pattern of a product's label; null where none is known. */
export function labelPattern(atlas: Atlas, product: string): PatternShape | null {
  return atlas.document.patterns.find((one) => one.product === product && one.status === 'label') ?? null;
}

/** Name of the same place on the other side; null for the midline. */
export function twinName(name: string): string | null {
  const parts = name.split('.');
  const at = parts.findIndex((part) => part === 'left' || part === 'right');
  if (at < 0) return null;
  parts[at] = parts[at] === 'left' ? 'right' : 'left';
  return parts.join('.');
}
