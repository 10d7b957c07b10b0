// Development page of the viewer: draws scenes for pictures. Not shipped.
import type { AnatomyDocument } from '../api/types';
import type { Scene } from './state';
import { Viewer } from './viewer';

const canvas = document.querySelector('canvas')!;
const anatomy = (await fetch('./demo/anatomy.json').then((answer) => answer.json())) as AnatomyDocument;
const viewer = await Viewer.create(canvas, anatomy, './head/', location.search.includes('full'));
const scene: Scene = {
  identity: { age: 45, sex: 0, ancestry: [0.1, 0.1, 0.8], fitzpatrick: 2 },
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
viewer.show(scene);
addEventListener('resize', () => viewer.resize());
Object.assign(window, { viewer, scene, anatomy });
document.body.dataset['ready'] = '1';
