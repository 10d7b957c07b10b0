// Rings on the skin where the plan injects, with their doses.
import * as THREE from 'three';
import type { Marker } from './state';

const CALM = '#f4f7fa';
const CHOSEN = '#ffd166';
const FAULTY = '#ff6b3d';
const LIFT = 0.7;

interface Pin {
  ring: THREE.Mesh;
  label: THREE.Sprite;
}

/** A ring, a double ring when selected, a square one when faulty: the form tells it without colour. */
function ringGeometry({ selected, fault }: Marker): THREE.BufferGeometry {
  const corners = fault ? 4 : 40;
  const parts: [number, number][] = [[1.5, 2.3], [0, 0.55]];
  if (selected) parts.push([3.0, 3.6]);
  const positions: number[] = [];
  const index: number[] = [];
  for (const [inner, outer] of parts) {
    const first = positions.length / 3;
    for (let k = 0; k <= corners; k++) {
      const turn = (2 * Math.PI * k) / corners;
      for (const radius of [inner, outer]) positions.push(radius * Math.cos(turn), radius * Math.sin(turn), 0);
      if (k) index.push(first + 2 * k - 2, first + 2 * k - 1, first + 2 * k, first + 2 * k - 1, first + 2 * k + 1, first + 2 * k);
    }
  }
  const geometry = new THREE.BufferGeometry();
  geometry.setAttribute('position', new THREE.Float32BufferAttribute(positions, 3));
  geometry.setIndex(index);
  return geometry;
}

function colourOf({ selected, fault }: Marker): string {
  if (fault) return FAULTY;
  return selected ? CHOSEN : CALM;
}

function labelTexture(text: string, colour: string): THREE.CanvasTexture {
  const canvas = document.createElement('canvas');
  canvas.width = 128;
  canvas.height = 64;
  const draw = canvas.getContext('2d')!;
  draw.font = '600 40px system-ui, sans-serif';
  draw.textAlign = 'center';
  draw.textBaseline = 'middle';
  draw.lineWidth = 10;
  draw.lineJoin = 'round';
  draw.strokeStyle = 'rgb(10 14 18 / 0.85)';
  draw.strokeText(text, 64, 34);
  draw.fillStyle = colour;
  draw.fillText(text, 64, 34);
  const texture = new THREE.CanvasTexture(canvas);
  texture.colorSpace = THREE.SRGBColorSpace;
  return texture;
}

export class Markers {
  readonly group = new THREE.Group();
  private readonly pins = new Map<string, Pin & { look: string }>();

  /** Show these markers; `where` gives the skin and its normal at a place, or null where there is no skin. */
  show(markers: Marker[], where: (marker: Marker) => { at: THREE.Vector3; normal: THREE.Vector3 } | null): void {
    const gone = new Set(this.pins.keys());
    for (const marker of markers) {
      const spot = where(marker);
      if (!spot) continue;
      gone.delete(marker.id);
      const { ring, label } = this.pin(marker);
      ring.position.copy(spot.at).addScaledVector(spot.normal, LIFT);
      ring.quaternion.setFromUnitVectors(new THREE.Vector3(0, 0, 1), spot.normal);
      label.position.copy(spot.at).addScaledVector(spot.normal, 4);
      label.position.y += 4.4;
    }
    for (const id of gone) this.remove(id);
  }

  private pin(marker: Marker): Pin {
    const look = JSON.stringify([marker.dose, marker.selected, marker.fault !== null]);
    const known = this.pins.get(marker.id);
    if (known?.look === look) return known;
    this.remove(marker.id);
    const colour = colourOf(marker);
    const ring = new THREE.Mesh(
      ringGeometry(marker),
      new THREE.MeshBasicMaterial({ color: colour, side: THREE.DoubleSide, polygonOffset: true, polygonOffsetFactor: -4, polygonOffsetUnits: -4 }),
    );
    const text = (marker.fault ? '! ' : '') + Number(marker.dose.toPrecision(3));
    const label = new THREE.Sprite(new THREE.SpriteMaterial({ map: labelTexture(text, colour), depthWrite: false }));
    label.scale.set(11, 5.5, 1);
    label.renderOrder = 2;
    this.group.add(ring, label);
    const pin = { ring, label, look };
    this.pins.set(marker.id, pin);
    return pin;
  }

  private remove(id: string): void {
    const pin = this.pins.get(id);
    if (!pin) return;
    this.group.remove(pin.ring, pin.label);
    pin.ring.geometry.dispose();
    (pin.ring.material as THREE.Material).dispose();
    pin.label.material.map?.dispose();
    pin.label.material.dispose();
    this.pins.delete(id);
  }
}
