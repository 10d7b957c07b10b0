// A small anatomy, case and course for the tests of the page.
import type { AnatomyDocument, CaseDocument, CourseDocument, MuscleShape, Point2, SiteShape } from '../src/api/types';
import type { Legend } from '../src/viewer/scales';
import type { Pick, Scene, View } from '../src/viewer/state';
import { atlasOf } from '../src/page/atlas';
import type { Head } from '../src/page/head';

const site = (name: string, x: number, y: number, depth: number, frame = 'head'): SiteShape => ({ name, frame, tip: [x, y, -3], skin: [x, y], depth });
const square = (x: number, y: number, half: number): Point2[] => [[x - half, y - half], [x + half, y - half], [x + half, y + half], [x - half, y + half]];
const muscle = (name: string, x: number, y: number): MuscleShape => ({
  name, stem: name.split('.')[0] as string, side: name.endsWith('left') ? 'left' : name.endsWith('right') ? 'right' : 'midline', frame: 'head',
  function: '', action_units: [], lines_caused: [], antagonists: [], path: [[x, y, 0]], closed: false, width: 10, thickness: 1, outline: square(x, y, 6),
});

export const ANATOMY: AnatomyDocument = {
  disclaimer: '',
  muscles: [muscle('procerus', 0, 10), muscle('corrugator.left', 20, 25), muscle('corrugator.right', -20, 25)],
  sites: [site('glabella.procerus', 0, 10, 3.2), site('glabella.corrugator.left.medial', 14, 22, 3), site('glabella.corrugator.right.medial', -14, 22, 3),
    site('corrugator.left.belly', 20, 25, 0), site('corrugator.right.belly', -20, 25, 0), site('limb.left.belly', 0, 0, 0, 'limb.left')],
  patterns: [
    { name: 'glabella-12u', title: 'Glabella, 12 U', product: 'ona', source: 'LL001', status: 'label', total: 12, injections: [
      { site: 'glabella.procerus', dose: 4, volume: 0.1 }, { site: 'glabella.corrugator.left.medial', dose: 4, volume: 0.1 }, { site: 'glabella.corrugator.right.medial', dose: 4, volume: 0.1 }] },
    { name: 'glabella-abo-10u', title: 'Glabella, 10 U', product: 'abo', source: 'LL002', status: 'label', total: 10, injections: [{ site: 'glabella.procerus', dose: 10, volume: 0.05 }] },
  ],
  products: [{ code: 'ona', name: 'onabotulinumtoxinA', serotype: 'A', unit: 'U_ona' }, { code: 'abo', name: 'abobotulinumtoxinA', serotype: 'A', unit: 'U_abo' }],
  regions: ['glabella', 'perioral'],
  health: { conditions: { dry_eye: 'dry eyes' }, medicines: { anticoagulant: 'an anticoagulant' }, allergies: {}, surgery: {}, skin: {}, expectations: {} },
  rim: [[12, 0], [48, 0], [48, 20], [12, 20]],
  skin: [],
  axis: [0, -80],
};
export const ATLAS = atlasOf(ANATOMY);

export const PATTERNED: CaseDocument = { title: 'Frown', plan: { product: 'ona', session: [{ at: '0 days', pattern: 'glabella-12u' }] }, simulation: { days: '365 days' } };

const days = [0, 10, 20, 40];
const grades = (share: number[]): number[][] => share.map((one) => [one, 1 - one, 0, 0]);
const rows = grades([0, 0.8, 0.6, 0.1]);

export function makeCourse(over: Partial<CourseDocument> = {}): CourseDocument {
  const raters = { investigator: rows, subject: rows };
  return {
    title: 'Frown', disclaimer: '', product: 'ona', sessions: [0, 15], evidence_hash: 'abcdef1234567890', status: 'solved',
    summary: { regions: [{ names: ['glabella'], onset: 2, none_or_mild: 120.4, one_grade: null, to_baseline: 200 }] },
    days,
    muscles: {
      procerus: { force: [1, 0.4, 0.2, 0.6], transmission: [1, 0.5, 0.3, 0.7] },
      'corrugator.left': { force: [1, 0.3, 0.1, 0.5], transmission: [1, 0.3, 0.1, 0.5] },
      'corrugator.right': { force: [1, 0.3, 0.1, 0.5], transmission: [1, 0.3, 0.1, 0.5] },
      masseter: { force: [1, 1, 0.999, 1], transmission: [1, 1, 1, 1] },
    },
    regions: { glabella: { strain: [0.2, 0.1, 0, 0.1], depth_effort: [1.2, 0.6, 0.2, 0.8], depth_rest: [0.2, 0.2, 0.1, 0.1], grade_probability: { rest: raters, maximum: raters } } },
    lid: { left: [3.5, 3.4, 3.3, 3.5], right: [3.5, 3.4, 3.3, 3.5] },
    brow: { left: { medial: [0, 1, 2, 0], central: [0, 0, 0, 0], lateral: [0, 0.5, 0.5, 0] }, right: { medial: [0, 1, 2, 0], central: [0, 0, 0, 0], lateral: [0, -1, -1, 0] } },
    bands: { patients: 8, level: 0.8, muscles: { procerus: { low: [1, 0.3, 0.1, 0.5], middle: [1, 0.4, 0.2, 0.6], high: [1, 0.5, 0.3, 0.7] } }, regions: {} },
    places: [{ session: 0, injection: 0, site: 'glabella.procerus', tip: [0, 10, -3], skin: [0, 10], frame: 'head', dose: 4, volume: 0.1, day: 0, rim_distance: 12, levator_distance: 15.5 }],
    doses: { unit: 'U_ona', total: 12, by_muscle: { procerus: 4, 'corrugator.left': 4 }, label: { pattern: 'glabella-12u', total: 12, by_muscle: { procerus: 4 } } },
    fields: [0, 1].map((session) => ({ session, frame: 'head', x0: 0, y0: 0, step: 2, width: 2, height: 2, unit: 'half-cleaving levels', captured: packed([session, session + 1, session + 2, session + 3]) })),
    ...over,
  };
}

function packed(values: number[]): string {
  const view = new DataView(new ArrayBuffer(4 * values.length));
  values.forEach((value, index) => view.setFloat32(4 * index, value, true));
  return btoa(String.fromCharCode(...new Uint8Array(view.buffer)));
}

/** A head on which a pixel is a millimetre: x to the right, y up from 100. */
export class FakeHead implements Head {
  readonly software = true;
  frames = 0;
  scene: Scene | null = null;
  before: Scene | null = null;
  mode = 'turn';
  views: View[] = [];
  show(scene: Scene): void { this.scene = scene; }
  compare(before: Scene | null): void { this.before = before; }
  pick(x: number, y: number): Pick | null { return x > 200 ? null : { at: [x, 100 - y], skin: [x, 100 - y, 0], inside: x < 80 }; }
  markerAt(x: number, y: number): string | null { return (this.before?.markers.length ? this.before : this.scene)?.markers.find((one) => Math.hypot(one.at[0] - x, 100 - one.at[1] - y) < 3)?.id ?? null; }
  place(at: Point2): { x: number; y: number } { return { x: at[0], y: 100 - at[1] }; }
  legend(): Legend | null { return { title: 'Scale', unit: '%', stops: [], note: '' }; }
  turn(view: View): void { this.views.push(view); }
  async snapshot(): Promise<Blob> { return new Blob(); }
  resize(): void { this.frames += 1; }
  dispose(): void { this.scene = null; }
  pointerMode(mode: string): void { this.mode = mode; }
}
