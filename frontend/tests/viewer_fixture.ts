// The baked head and the simulator's anatomy (skin, rim, sites, names of muscles), as the viewer's tests need them.
import { readFileSync } from 'node:fs';
import type { Point2, Point3 } from '../src/api/types';
import { parseHead } from '../src/viewer/assets';
import { Places } from '../src/viewer/places';
import { refine, triangles } from '../src/viewer/refine';
import type { Scene } from '../src/viewer/state';
import { Surface } from '../src/viewer/surface';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');

interface Anatomy {
  rim: Point2[];
  skin: Point3[];
  axis: Point2;
  sites: { name: string; skin: Point2 }[];
  muscles: string[];
}

export const anatomy = JSON.parse(read('./viewer_anatomy.json')) as Anatomy;
const bytes = readFileSync(new URL('../public/head/head.bin', import.meta.url));
export const head = parseHead(
  JSON.parse(read('../public/head/head.json')),
  bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength),
);
export const by = refine(head.faces, head.cage.length / 3);
export const skinIndex = triangles(by.quads.subarray(0, 16 * head.skin));
export const places = new Places(skinIndex, head.place, head.inside);
export const surface = new Surface(anatomy);

export const calm: Scene = {
  identity: { age: 45, sex: 0.3, ancestry: [0.2, 0.2, 0.6], fitzpatrick: 3 },
  expression: 'repose',
  effort: 1,
  force: {},
  lines: {},
  brow: { left: [0, 0, 0], right: [0, 0, 0] },
  lid: { left: 3.5, right: 3.5 },
  markers: [],
  overlay: 'none',
  field: null,
};
