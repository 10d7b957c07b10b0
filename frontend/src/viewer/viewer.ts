// The head on a canvas: what a page gives as a scene is drawn, on demand.
import * as THREE from 'three';
import { OrbitControls } from 'three/examples/jsm/controls/OrbitControls.js';
import type { AnatomyDocument, Point2, Point3 } from '../api/types';
import { loadHead, type Assets } from './assets';
import { Figure, type Studio } from './figure';
import { Places, type Spot } from './places';
import { refine, triangles } from './refine';
import { highestOf, legendOf, type Legend } from './scales';
import type { Pick, Scene, View } from './state';
import { Surface } from './surface';

const TARGET = new THREE.Vector3(0, -16, -78);
const DISTANCE = 585;
/** Angle to the midline [degrees], seen from above; the subject's left is on the viewer's right. */
const TURNS: Record<View, number> = { front: 0, left: 78, right: -78, three_quarter: 35 };
const MARKER_REACH = 12;
/** Pixels for each CSS pixel at most. */
const FINEST = 2;
/** A software renderer draws so many pixels while things move, and a fine picture when they have been still for a while [ms]. */
const MOVING_PIXELS = 160_000;
const STILL = 350;

export class Viewer {
  readonly software: boolean;
  frames = 0;
  private readonly renderer: THREE.WebGLRenderer;
  private readonly camera = new THREE.PerspectiveCamera(24, 1, 60, 3000);
  private readonly controls: OrbitControls;
  private readonly figure: Figure;
  private other: Figure | null = null;
  private scene: Scene | null = null;
  private before: Scene | null = null;
  private share = 0.5;
  /** Whether both figures stand whole beside each other, rather than one picture in two halves. */
  private beside = false;
  /** Highest value of the fields that are shown. */
  private highest = 0;
  private stale = { now: false, before: false };
  private asked = 0;
  private still: ReturnType<typeof setTimeout> | undefined;
  private lost = false;

  /** Load the head from `assets` and draw on `canvas`; `full` draws in full detail even on a processor. */
  static async create(canvas: HTMLCanvasElement, anatomy: AnatomyDocument, assets: Assets, full = false): Promise<Viewer> {
    const { head, lines } = await loadHead(assets);
    const by = refine(head.faces, head.cage.length / 3);
    const places = new Places(triangles(by.quads.subarray(0, 16 * head.skin)), head.place, head.inside);
    const software = drawsInSoftware() && !full;
    return new Viewer(canvas, { head, by, places, anatomy, software, surface: new Surface(anatomy), linePicture: lines });
  }

  private constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly all: Studio,
  ) {
    this.software = all.software;
    this.renderer = new THREE.WebGLRenderer({ canvas, antialias: !all.software, powerPreference: 'high-performance' });
    this.renderer.toneMapping = THREE.ACESFilmicToneMapping;
    this.renderer.toneMappingExposure = 1.1;
    this.renderer.autoClear = false;
    this.figure = new Figure(all);
    this.controls = new OrbitControls(this.camera, canvas);
    this.controls.enablePan = false;
    this.controls.minDistance = 150;
    this.controls.maxDistance = 1100;
    this.controls.addEventListener('change', this.ask);
    canvas.addEventListener('webglcontextlost', this.onLost);
    canvas.addEventListener('webglcontextrestored', this.onRestored);
    this.turn('front');
    this.resize();
  }

  show(scene: Scene): void {
    this.scene = scene;
    this.stale.now = true;
    this.ask();
  }

  compare(before: Scene | null, share = 0.5, beside = false): void {
    if (before === null && this.before !== null) this.stale.now = true;
    this.before = before;
    this.beside = beside;
    this.share = share;
    this.stale.before = before !== null;
    this.ask();
  }

  pick(clientX: number, clientY: number): Pick | null {
    this.settle();
    const hit = this.hit(clientX, clientY);
    if (!hit) return null;
    const { at, inside } = this.all.places.at(hit);
    return { at, skin: this.onSkin(at), inside };
  }

  markerAt(clientX: number, clientY: number): string | null {
    this.settle();
    let best: string | null = null;
    let least = MARKER_REACH;
    const { figure, scene } = this.figureAt(clientX);
    for (const marker of scene?.markers ?? []) {
      const seen = this.project(marker.at, figure);
      const apart = seen ? Math.hypot(seen.x - clientX, seen.y - clientY) : Infinity;
      if (apart < least) [best, least] = [marker.id, apart];
    }
    return best;
  }

  place(at: Point2): { x: number; y: number } | null {
    this.settle();
    return this.project(at, this.figure);
  }

  private project(at: Point2, figure: Figure): { x: number; y: number } | null {
    const spot = figure.where(at);
    if (!spot || spot.normal.dot(this.camera.position.clone().sub(spot.at)) <= 0) return null;
    const box = this.frame(figure);
    const seen = spot.at.project(this.camera);
    return { x: box.left + ((seen.x + 1) / 2) * box.width, y: box.top + ((1 - seen.y) / 2) * box.height };
  }

  /** Title, unit and colours of the overlay that is shown; null without one. */
  legend(): Legend | null {
    this.settle();
    return this.scene && legendOf(this.scene, this.highest);
  }

  turn(view: View): void {
    const angle = (TURNS[view] * Math.PI) / 180;
    this.controls.target.copy(TARGET);
    this.camera.position.set(TARGET.x + DISTANCE * Math.sin(angle), TARGET.y + 18, TARGET.z + DISTANCE * Math.cos(angle));
    this.controls.update();
    this.ask();
  }

  async snapshot(): Promise<Blob> {
    this.sharpen(true);
    this.draw();
    return new Promise((resolve, reject) =>
      this.canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('the picture could not be made'))), 'image/png'),
    );
  }

  resize(): void {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (!width || !height) return;
    this.sharpen(!this.software);
    this.frame(this.figure);
    this.ask();
  }

  pointerMode(mode: 'turn' | 'none'): void {
    this.controls.enabled = mode === 'turn';
  }

  dispose(): void {
    cancelAnimationFrame(this.asked);
    clearTimeout(this.still);
    this.canvas.removeEventListener('webglcontextlost', this.onLost);
    this.canvas.removeEventListener('webglcontextrestored', this.onRestored);
    this.controls.dispose();
    this.figure.dispose();
    this.other?.dispose();
    this.renderer.dispose();
  }

  private readonly ask = (): void => {
    this.asked ||= requestAnimationFrame(() => {
      this.asked = 0;
      if (!this.software) return this.draw();
      this.sharpen(false);
      this.draw();
      clearTimeout(this.still);
      this.still = setTimeout(() => {
        this.sharpen(true);
        this.draw();
      }, STILL);
    });
  };

  /** Choose the number of pixels: fine for still pictures, few while a software renderer has to keep up. */
  private sharpen(fine: boolean): void {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (!width || !height) return;
    const few = Math.min(1, Math.sqrt(MOVING_PIXELS / (width * height)));
    const ratio = this.software ? (fine ? 1 : few) : Math.min(FINEST, devicePixelRatio);
    const size = this.renderer.getSize(new THREE.Vector2());
    if (this.renderer.getPixelRatio() === ratio && size.x === width && size.y === height) return;
    this.renderer.setPixelRatio(ratio);
    this.renderer.setSize(width, height, false);
  }

  private readonly onLost = (event: Event): void => {
    event.preventDefault();
    this.lost = true;
  };

  private readonly onRestored = (): void => {
    this.lost = false;
    this.ask();
  };

  /** One scale of the toxin for both halves: a half whose scale changed is painted again. */
  private scale(): void {
    const highest = highestOf(this.scene, this.before);
    if (highest !== this.highest) this.stale = { now: true, before: this.before !== null };
    this.highest = highest;
  }

  /** The part of the screen in which a figure is drawn; the camera is fitted to it. */
  private frame(figure: Figure): { left: number; top: number; width: number; height: number } {
    const { left, top, width, height } = this.canvas.getBoundingClientRect();
    const half = this.beside && this.before !== null;
    const split = this.share * width;
    const box = !half ? { left, width } : figure === this.other ? { left, width: split } : { left: left + split, width: width - split };
    if (box.width > 0 && height > 0) {
      this.camera.aspect = box.width / height;
      this.camera.updateProjectionMatrix();
    }
    return { ...box, top, height };
  }

  /** Bring both figures up to date without drawing. */
  private settle(): void {
    if (this.stale.now || this.stale.before) this.scale();
    if (this.stale.now && this.scene) this.figure.take(this.scene, this.highest);
    if (this.stale.before && this.before) (this.other ??= new Figure(this.all)).take(this.before, this.highest);
    this.stale = { now: false, before: false };
    this.camera.updateMatrixWorld();
  }

  private draw(): void {
    if (this.lost || !this.scene) return;
    this.settle();
    const { x: width, y: height } = this.renderer.getSize(new THREE.Vector2());
    const split = this.before && this.other ? Math.round(this.share * width) : 0;
    this.renderer.setScissorTest(split > 0);
    if (split > 0) this.paint(this.other!, [0, split - 1], width, height);
    this.paint(this.figure, split > 0 ? [split + 1, width] : [0, width], width, height);
    this.frames++;
  }

  /** Draw a figure between two columns of the picture. */
  private paint(figure: Figure, [from, to]: readonly [number, number], width: number, height: number): void {
    this.frame(figure);
    this.renderer.setScissor(from, 0, to - from, height);
    if (this.beside && this.before) this.renderer.setViewport(from, 0, to - from, height);
    else this.renderer.setViewport(0, 0, width, height);
    this.renderer.clear();
    this.renderer.render(figure.scene, this.camera);
  }

  private figureAt(clientX: number): { figure: Figure; scene: Scene | null } {
    const box = this.canvas.getBoundingClientRect();
    const left = this.before && this.other && clientX - box.left < this.share * box.width;
    return left ? { figure: this.other!, scene: this.before } : { figure: this.figure, scene: this.scene };
  }

  private hit(clientX: number, clientY: number): Spot | null {
    const { figure } = this.figureAt(clientX);
    const box = this.frame(figure);
    const ray = new THREE.Raycaster();
    const seen = new THREE.Vector2(((clientX - box.left) / box.width) * 2 - 1, 1 - ((clientY - box.top) / box.height) * 2);
    ray.setFromCamera(seen, this.camera);
    const { skin } = figure;
    skin.geometry.boundingSphere = null;
    const first = ray.intersectObject(skin)[0];
    if (!first?.face) return null;
    const corners: Spot['corners'] = [first.face.a, first.face.b, first.face.c];
    const position = skin.geometry.getAttribute('position');
    const [a, b, c] = corners.map((corner) => new THREE.Vector3().fromBufferAttribute(position, corner)) as [
      THREE.Vector3,
      THREE.Vector3,
      THREE.Vector3,
    ];
    const shares = THREE.Triangle.getBarycoord(first.point, a, b, c, new THREE.Vector3());
    return shares && { corners, shares: shares.toArray() };
  }

  private onSkin(at: Point2): Point3 {
    return [at[0], at[1], this.all.surface.height(...at)];
  }
}

/** Whether WebGL runs on the processor. */
function drawsInSoftware(): boolean {
  const context = document.createElement('canvas').getContext('webgl2');
  if (!context) throw new Error('this browser has no WebGL 2, which the head needs; switch on hardware acceleration or use another browser');
  const info = context.getExtension('WEBGL_debug_renderer_info');
  const name = String(context.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : context.RENDERER));
  context.getExtension('WEBGL_lose_context')?.loseContext();
  return /swiftshader|llvmpipe|softpipe|software|basic render/i.test(name);
}
