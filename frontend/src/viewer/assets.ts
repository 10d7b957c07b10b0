// The baked head (frontend/head/bake.py): what head.json and head.bin hold, as typed arrays.

interface Span {
  at: number;
  length: number;
}

interface Points extends Span {
  scale: number;
  moves?: Span;
}

interface Eye {
  centre: [number, number, number];
  radius: number;
  moved: Record<string, [number, number, number]>;
}

/** The fold of the map of lines: fine above it, coarse below it [mm, pixels per mm]. */
export interface LineMap {
  u: number;
  top: number;
  fold: number;
  low: number;
  fine: number;
  coarse: number;
}

interface About {
  quads: number;
  skin: number;
  lashes: number;
  cage: Points;
  faces: Span;
  identity: Record<string, Points>;
  units: Record<string, Points>;
  eyes: Record<'l' | 'r', Eye>;
  place: Span;
  cylinder: Span;
  masks: Span;
  cap: Span;
  inside: Span;
  regions: Span;
  lines: { names: string[]; channels: number[]; map: LineMap };
}

/** Displacements of the cage [mm]: of all its points, or of those in `moves`. */
export interface Morph {
  moves: Uint16Array | null;
  by: Float32Array;
}

/** The baked head in mm. `place`, `cylinder`, `masks`, `cap`, `inside` and `regions` belong to the refined points. */
export interface HeadData {
  cage: Float32Array;
  faces: Uint16Array;
  /** How many of the faces are skin, then lashes; the rest are teeth. */
  skin: number;
  lashes: number;
  identity: Map<string, Morph>;
  units: Map<string, Morph>;
  eyes: Record<'left' | 'right', Eye>;
  /** x and y in the simulator's frontal plane. */
  place: Float32Array;
  /** u along the simulator's cylinder; v is y. */
  cylinder: Float32Array;
  /** Lips, lids, ears (tip on lashes), mouth's inside, share of the sky; 0 to 255. */
  masks: Uint8Array;
  cap: Uint8Array;
  inside: Uint8Array;
  /** Region of lines for each channel of the map. */
  regions: Uint8Array;
  lines: { names: string[]; channels: number[]; map: LineMap };
}

/** Read what the bake script wrote. */
export function parseHead(about: About, buffer: ArrayBuffer): HeadData {
  const points = (span: Points): Float32Array =>
    Float32Array.from(new Int16Array(buffer, span.at, span.length), (step) => step * span.scale);
  const morph = (span: Points): Morph => ({
    moves: span.moves ? new Uint16Array(buffer, span.moves.at, span.moves.length) : null,
    by: points(span),
  });
  const morphs = (all: Record<string, Points>): Map<string, Morph> =>
    new Map(Object.entries(all).map(([name, span]) => [name, morph(span)]));
  const bytes = (span: Span): Uint8Array => new Uint8Array(buffer, span.at, span.length);
  return {
    cage: points(about.cage),
    faces: new Uint16Array(buffer, about.faces.at, about.faces.length),
    skin: about.skin,
    lashes: about.lashes,
    identity: morphs(about.identity),
    units: morphs(about.units),
    eyes: { left: about.eyes.l, right: about.eyes.r },
    place: points({ ...about.place, scale: 0.01 }),
    cylinder: points({ ...about.cylinder, scale: 0.01 }),
    masks: bytes(about.masks),
    cap: bytes(about.cap),
    inside: bytes(about.inside),
    regions: bytes(about.regions),
    lines: about.lines,
  };
}

/** Where the files of the head are: an address that ends with a slash, or one address for each name. */
export type Assets = string | ((name: string) => string);

/** Fetch the head and the picture of its lines. */
export async function loadHead(assets: Assets): Promise<{ head: HeadData; lines: ImageBitmap }> {
  const get = async (name: string): Promise<Response> => {
    const address = typeof assets === 'string' ? assets + name : assets(name);
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(`${address}: ${answer.status}; build the page again (make web)`);
    return answer;
  };
  const [about, buffer, picture] = await Promise.all([
    get('head.json').then((answer) => answer.json() as Promise<About>),
    get('head.bin').then((answer) => answer.arrayBuffer()),
    get('lines.png').then((answer) => answer.blob()),
  ]);
  const lines = await createImageBitmap(picture, { colorSpaceConversion: 'none', premultiplyAlpha: 'none' });
  return { head: parseHead(about, buffer), lines };
}
