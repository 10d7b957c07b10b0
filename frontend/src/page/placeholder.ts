// DEVELOPMENT ONLY
import type { AnatomyDocument, Point2 } from '../api/types';
import type { Pick, Scene, View } from '../viewer/state';
export class Viewer {
  readonly software = false; frames = 0; scene: Scene | null = null; before: Scene | null = null; share = 0.5;
  constructor(readonly c: HTMLCanvasElement, readonly a: AnatomyDocument) {}
  static async create(c: HTMLCanvasElement, a: AnatomyDocument, _s: string) { const v = new Viewer(c, a); v.resize(); return v; }
  get k() { return Math.min(this.c.clientWidth / 210, this.c.clientHeight / 230); }
  xy([x, y]: Point2): Point2 { return [this.c.clientWidth / 2 + x * this.k, this.c.clientHeight * 0.45 - y * this.k]; }
  show(s: Scene) { this.scene = s; this.draw(); }
  compare(b: Scene | null, share = 0.5) { this.before = b; this.share = share; this.draw(); }
  draw() {
    const g = this.c.getContext('2d')!; const r = devicePixelRatio; g.setTransform(r, 0, 0, r, 0, 0); g.clearRect(0, 0, 9999, 9999); g.fillStyle = '#d9b8a4';
    const [cx, cy] = this.xy([0, -10]); g.beginPath(); g.ellipse(cx, cy, 72 * this.k, 105 * this.k, 0, 0, 7); g.fill();
    for (const m of this.a.muscles) { if (!m.outline.length) continue; const f = this.scene?.force[m.name] ?? 1; g.beginPath(); m.outline.forEach((p, i) => { const q = this.xy(p); i ? g.lineTo(...q) : g.moveTo(...q); }); g.strokeStyle = 'rgba(0,0,0,.12)'; g.stroke(); if (this.scene?.overlay === 'muscles' && f < 0.99) { g.fillStyle = `rgba(0,70,140,${1 - f})`; g.fill(); } }
    for (const m of this.scene?.markers ?? []) { const q = this.xy(m.at); g.beginPath(); g.arc(...q, m.selected ? 7 : 5, 0, 7); g.fillStyle = m.fault ? '#D55E00' : '#0072B2'; g.fill(); g.strokeStyle = '#fff'; g.lineWidth = 2; g.stroke(); g.lineWidth = 1; }
    this.frames++;
  }
  inv(x: number, y: number): Point2 { const b = this.c.getBoundingClientRect(); return [(x - b.left - b.width / 2) / this.k, (b.height * 0.45 - (y - b.top)) / this.k]; }
  pick(x: number, y: number): Pick | null { const at = this.inv(x, y); const d = (at[0] / 72) ** 2 + ((at[1] + 10) / 105) ** 2; return d > 1 ? null : { at, skin: [...at, 0], inside: d < 0.9 }; }
  markerAt(x: number, y: number) { const at = this.inv(x, y); return this.scene?.markers.find((m) => Math.hypot(m.at[0] - at[0], m.at[1] - at[1]) < 4)?.id ?? null; }
  place(at: Point2) { const b = this.c.getBoundingClientRect(); const [x, y] = this.xy(at); return { x: b.left + x, y: b.top + y }; }
  turn(_: View) {} async snapshot() { return new Promise<Blob>((d) => this.c.toBlob((b) => d(b!))); }
  resize() { this.c.width = this.c.clientWidth * devicePixelRatio; this.c.height = this.c.clientHeight * devicePixelRatio; this.draw(); }
  dispose() {} pointerMode(_: string) {}
}
