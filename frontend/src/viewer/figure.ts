// One head in one scene: geometry, materials, overlays and markers. The split view has two of them.
import * as THREE from 'three';
import type { AnatomyDocument, Point2 } from '../api/types';
import type { HeadData } from './assets';
import { Chart, forceSteps, paintBrows, paintDistances, paintMuscles, sheetsOf } from './chart';
import { lineDepths } from './lines';
import { Markers } from './markers';
import { backdrop, capMaterial, eyeMaterial, lashMaterial, lightTeeth, liningMaterial, studio, teethMaterial } from './parts';
import { mix, type Places, type Spot } from './places';
import { triangles, type Refinement } from './refine';
import { faceNormals, oldness, Shape } from './shape';
import { feature, paintPoints, skinMaterial, tone, type SkinUniforms } from './skin';
import type { Expression, Scene, ToxinField } from './state';
import { clamp, type Surface } from './surface';

/** Expressions that part the lips. */
const OPENS: Expression[] = ['smile', 'snarl', 'platysma'];

/** What all figures share. */
export interface Studio {
  head: HeadData;
  by: Refinement;
  surface: Surface;
  places: Places;
  anatomy: AnatomyDocument;
  linePicture: ImageBitmap;
  software: boolean;
}

export class Figure {
  readonly scene = new THREE.Scene();
  readonly shape: Shape;
  readonly skin: THREE.Mesh<THREE.BufferGeometry, THREE.MeshStandardMaterial>;
  /** The value that has the last colour. */
  private highest = 0;
  private readonly markers = new Markers();
  private readonly eyes: Record<'left' | 'right', THREE.Mesh>;
  private readonly uniforms: SkinUniforms;
  /** Share of green in the iris. */
  private readonly iris = { value: 0 };
  private readonly painting: { mask: Uint8Array; paint: Uint8Array };
  private readonly teeth = teethMaterial();
  private readonly index: Uint32Array;
  private readonly brows: Chart;
  private readonly overlay: Chart;
  private readonly sheets: ReturnType<typeof sheetsOf>;
  private readonly position: THREE.BufferAttribute;
  private readonly normal: THREE.BufferAttribute;
  private readonly depth: THREE.BufferAttribute;
  /** Steps of force, or places of markers, that the overlay shows. */
  private forces: number[] | null = null;
  private marked: string | null = null;
  private browed = -1;
  private field: ToxinField | null = null;

  constructor(private readonly all: Studio) {
    const { head, by, surface, anatomy, software } = all;
    this.shape = new Shape(head, by);
    this.position = dynamic(this.shape.shown);
    this.normal = dynamic(new Float32Array(this.shape.shown.length));
    this.depth = dynamic(new Float32Array(3 * by.count));
    this.brows = new Chart([-76, 10], [76, 42], software ? 6 : 12);
    this.overlay = new Chart([-132, -262], [132, 92], software ? 4.5 : 6);
    this.sheets = sheetsOf(anatomy.muscles, surface);
    this.uniforms = this.makeUniforms();
    this.painting = paintPoints(head, this.shape.rest);
    this.index = triangles(by.quads.subarray(0, 16 * head.skin));
    const geometry = this.geometry(this.triangles((corners) => !corners.every((i) => this.hidden(i))));
    this.skin = new THREE.Mesh(geometry, skinMaterial(this.uniforms, head.lines.map, this.brows, this.overlay));
    feature(this.skin.material, 'PORES', !software);
    const toTeeth = 16 * (head.skin + head.lashes);
    const lashes = new THREE.Mesh(this.geometry(triangles(by.quads.subarray(16 * head.skin, toTeeth))), lashMaterial());
    const teeth = new THREE.Mesh(this.geometry(triangles(by.quads.subarray(toTeeth))), this.teeth);
    const lining = new THREE.Mesh(this.geometry(this.triangles((corners) => corners.every((i) => this.inMouth(i)))), liningMaterial());
    lashes.renderOrder = 1;
    const ball = new THREE.SphereGeometry(1, software ? 32 : 64, software ? 24 : 48);
    this.eyes = { left: new THREE.Mesh(ball, eyeMaterial(this.iris)), right: new THREE.Mesh(ball, eyeMaterial(this.iris)) };
    const cap = new THREE.Mesh(this.geometry(this.triangles((corners) => corners.some((i) => head.cap[i]! > 122))), capMaterial());
    for (const mesh of [this.skin, lashes, cap, teeth, lining]) mesh.frustumCulled = false;
    this.scene.add(backdrop(), ...studio(software), this.skin, lashes, cap, teeth, lining, this.eyes.left, this.eyes.right, this.markers.group);
  }

  /** Take the form and the look of a scene; a field is coloured up to `highest`. */
  take(scene: Scene, highest: number): void {
    const { head, surface, anatomy } = this.all;
    this.shape.take(scene);
    faceNormals(this.shape.shown, this.index, this.normal.array as Float32Array);
    lineDepths(scene, head, this.depth.array as Float32Array);
    for (const one of [this.position, this.normal, this.depth]) one.needsUpdate = true;
    for (const side of ['left', 'right'] as const) {
      const { centre, radius } = this.shape.eyes[side];
      this.eyes[side].position.set(...centre);
      this.eyes[side].scale.setScalar(0.985 * radius);
    }
    lightTeeth(this.teeth, clamp(OPENS.includes(scene.expression) ? scene.effort : 0));
    const { identity } = scene;
    this.uniforms.skin.value.copy(tone(identity.fitzpatrick));
    this.uniforms.dark.value = clamp((identity.fitzpatrick - 3) / 3);
    this.uniforms.age.value = oldness(identity.age);
    this.uniforms.sex.value = identity.sex;
    this.iris.value = identity.ancestry[2];
    const sex = Math.round(4 * identity.sex) / 4;
    if (sex !== this.browed) {
      paintBrows(this.brows, surface, sex);
      this.uniforms.brows.value.needsUpdate = true;
      this.browed = sex;
    }
    this.paint(scene, anatomy, highest);
    this.markers.show(scene.markers, (marker) => this.where(marker.at));
  }

  dispose(): void {
    this.scene.traverse((one) => {
      if (!(one instanceof THREE.Mesh)) return;
      (one.geometry as THREE.BufferGeometry).dispose();
      (one.material as THREE.Material).dispose();
    });
    for (const name of ['lines', 'brows', 'overlay', 'field'] as const) this.uniforms[name].value?.dispose();
  }

  /** The skin and its normal at a place; null where there is no skin. */
  where(at: Point2): { at: THREE.Vector3; normal: THREE.Vector3 } | null {
    const spot = this.all.places.spot(at);
    return spot && this.lookAt(spot);
  }

  private lookAt(spot: Spot): { at: THREE.Vector3; normal: THREE.Vector3 } {
    return {
      at: new THREE.Vector3(...(mix(spot, this.shape.shown, 3) as [number, number, number])),
      normal: new THREE.Vector3(...(mix(spot, this.normal.array, 3) as [number, number, number])).normalize(),
    };
  }

  /** Paint the overlay again if what it shows has changed. */
  private paint(scene: Scene, anatomy: AnatomyDocument, highest: number): void {
    const { overlay, uniforms, skin } = this;
    feature(skin.material, 'OVERLAY', scene.overlay === 'muscles' || scene.overlay === 'distances');
    feature(skin.material, 'FIELD', scene.overlay === 'toxin' && scene.field !== null);
    if (scene.overlay === 'toxin') this.showField(scene.field, highest);
    uniforms.shine.value = scene.overlay === 'distances' ? 0.9 : 0;
    if (scene.overlay === 'muscles') {
      const forces = forceSteps(this.sheets, scene.force);
      if (paintMuscles(overlay, this.sheets, forces, this.forces)) uniforms.overlay.value!.needsUpdate = true;
      [this.forces, this.marked] = [forces, null];
    } else if (scene.overlay === 'distances') {
      const marked = JSON.stringify(scene.markers.map((marker) => marker.at));
      if (marked === this.marked) return;
      paintDistances(overlay, this.all.surface, anatomy.rim, anatomy.muscles, scene);
      uniforms.overlay.value!.needsUpdate = true;
      [this.forces, this.marked] = [null, marked];
    }
  }

  private showField(field: ToxinField | null, highest: number): void {
    if (!field || (field === this.field && highest === this.highest)) return;
    this.field = field;
    this.highest = highest;
    const halves = Uint16Array.from(field.captured, (one) => THREE.DataUtils.toHalfFloat(highest ? one / highest : 0));
    this.uniforms.field.value?.dispose();
    const texture = new THREE.DataTexture(halves, field.width, field.height, THREE.RedFormat, THREE.HalfFloatType);
    texture.minFilter = texture.magFilter = THREE.LinearFilter;
    texture.needsUpdate = true;
    this.uniforms.field.value = texture;
    this.uniforms.fieldBox.value.set(
      field.x0 - field.step / 2,
      field.y0 - field.step / 2,
      1 / (field.width * field.step),
      1 / (field.height * field.step),
    );
  }

  private makeUniforms(): SkinUniforms {
    const lines = new THREE.Texture(this.all.linePicture);
    const brows = new THREE.CanvasTexture(this.brows.canvas);
    const overlay = new THREE.CanvasTexture(this.overlay.canvas);
    overlay.colorSpace = THREE.SRGBColorSpace;
    for (const texture of [lines, brows, overlay]) texture.anisotropy = this.all.software ? 1 : 8;
    if (this.all.software) lines.minFilter = brows.minFilter = THREE.LinearFilter;
    lines.flipY = false;
    lines.needsUpdate = true;
    return {
      lines: { value: lines },
      brows: { value: brows },
      overlay: { value: overlay },
      field: { value: null },
      fieldBox: { value: new THREE.Vector4() },
      skin: { value: new THREE.Color() },
      dark: { value: 0 },
      shine: { value: 0 },
      age: { value: 0 },
      sex: { value: 0 },
    };
  }

  private geometry(index: Uint32Array): THREE.BufferGeometry {
    const { head, by } = this.all;
    const place = new Float32Array(4 * by.count);
    const ears = new Uint8Array(by.count);
    for (let i = 0; i < by.count; i++) {
      place.set([head.place[2 * i]!, head.cylinder[i]!, head.place[2 * i + 1]!, head.masks[5 * i + 4]! / 255], 4 * i);
      ears[i] = head.masks[5 * i + 2]!;
    }
    const geometry = new THREE.BufferGeometry();
    geometry.setIndex(new THREE.BufferAttribute(index, 1));
    geometry.setAttribute('position', this.position);
    geometry.setAttribute('normal', this.normal);
    geometry.setAttribute('depth', this.depth);
    geometry.setAttribute('place', new THREE.BufferAttribute(place, 4));
    geometry.setAttribute('mask', new THREE.BufferAttribute(this.painting.mask, 4, true));
    geometry.setAttribute('paint', new THREE.BufferAttribute(this.painting.paint, 4, true));
    geometry.setAttribute('ears', new THREE.BufferAttribute(ears, 1, true));
    geometry.setAttribute('cap', new THREE.BufferAttribute(head.cap, 1, true));
    geometry.setAttribute('home', new THREE.BufferAttribute(Float32Array.from(this.shape.rest), 3));
    return geometry;
  }

  /** Whether a point of the skin is never seen: deep under the cap, in the mouth, behind an eye. */
  private hidden(point: number): boolean {
    const { cap, masks } = this.all.head;
    const under = cap[point]! > 150 && masks[5 * point + 2]! < 20;
    return under || this.inMouth(point) || masks[5 * point + 4]! < 3;
  }

  private inMouth(point: number): boolean {
    return this.all.head.masks[5 * point + 3]! > 240;
  }

  /** Triangles of the skin whose corners are so. */
  private triangles(so: (corners: number[]) => boolean): Uint32Array {
    const out: number[] = [];
    for (let t = 0; t < this.index.length; t += 3) {
      const corners = [this.index[t]!, this.index[t + 1]!, this.index[t + 2]!];
      if (so(corners)) out.push(...corners);
    }
    return Uint32Array.from(out);
  }
}

function dynamic(values: Float32Array): THREE.BufferAttribute {
  const attribute = new THREE.BufferAttribute(values, 3);
  attribute.setUsage(THREE.DynamicDrawUsage);
  return attribute;
}
