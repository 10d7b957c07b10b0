// The skin: albedo, pores, furrows in real millimetres, overlays. Features are compile-time switches, since a software
// renderer pays for both sides of a branch.
import * as THREE from 'three';
import type { HeadData, LineMap } from './assets';
import type { Chart } from './chart';
import { VIRIDIS } from './scales';
import { clamp } from './surface';

/** Skin types I to VI, sRGB. Drawn by eye. */
const TONES = ['#f1d3c2', '#e6bfa4', '#cf9f7c', '#a97650', '#7b5036', '#543729'];

/** Grey value of the map of lines at height 0, and steps of grey for the deepest point. */
const FLAT = 180 / 255;
const DEEP = 170 / 255;

export function tone(fitzpatrick: number): THREE.Color {
  const at = Math.min(5, Math.max(0, fitzpatrick - 1));
  const below = Math.min(4, Math.floor(at));
  return new THREE.Color(TONES[below]).lerp(new THREE.Color(TONES[below + 1]), at - below);
}

export interface SkinUniforms {
  lines: { value: THREE.Texture };
  brows: { value: THREE.Texture };
  overlay: { value: THREE.Texture | null };
  field: { value: THREE.Texture | null };
  fieldBox: { value: THREE.Vector4 };
  skin: { value: THREE.Color };
  dark: { value: number };
  /** How far the overlay shines by itself. */
  shine: { value: number };
  age: { value: number };
  sex: { value: number };
}

export type Feature = 'PORES' | 'OVERLAY' | 'FIELD';

const box = (chart: Chart): string =>
  `vec4(${[...chart.low, chart.high[0] - chart.low[0], chart.high[1] - chart.low[1]].map((one) => one.toFixed(4)).join(',')})`;

const NOISE = /* glsl */ `
float scatter(vec3 p){ p=fract(p*vec3(.1031,.1030,.0973)); p+=dot(p,p.yxz+33.33); return fract((p.x+p.y)*p.z); }
float cloud(vec3 p){ vec3 i=floor(p), f=p-i; f*=f*(3.-2.*f);
  vec4 a=vec4(scatter(i),scatter(i+vec3(1,0,0)),scatter(i+vec3(0,1,0)),scatter(i+vec3(1,1,0)));
  i.z+=1.; vec4 b=vec4(scatter(i),scatter(i+vec3(1,0,0)),scatter(i+vec3(0,1,0)),scatter(i+vec3(1,1,0)));
  vec4 c=mix(a,b,f.z); vec2 d=mix(c.xz,c.yw,f.x); return mix(d.x,d.y,f.y); }`;

/** What is passed on: (x, u, v, sky), (lips, mouth, flush, lids), (tone, spots, beard, gloss), (depths, ears). */
const vertex = /* glsl */ `
attribute vec4 place; attribute vec4 mask; attribute vec4 paint; attribute vec3 depth; attribute float ears;
varying vec4 vPlace; varying vec4 vMask; varying vec4 vPaint; varying vec4 vDepth;
#ifdef PORES
attribute vec3 home; varying vec3 vHome;
#endif`;

const passed = /* glsl */ `#include <begin_vertex>
vPlace=place; vMask=mask; vPaint=paint; vDepth=vec4(depth,ears);
#ifdef PORES
vHome=home;
#endif`;

function fragment(map: LineMap, brows: Chart, overlay: Chart): string {
  const fold = (map.top - map.fold) * map.fine;
  const rows = Math.floor(fold + (map.fold - map.low) * map.coarse);
  return /* glsl */ `
varying vec4 vPlace; varying vec4 vMask; varying vec4 vPaint; varying vec4 vDepth;
uniform sampler2D lines, brows, overlay, field; uniform vec4 fieldBox; uniform vec3 skin; uniform float dark, age, sex, shine;
#ifdef PORES
varying vec3 vHome;
${NOISE}
#endif
vec2 into(vec2 c, vec4 box){ return vec2((c.x-box.x)/box.z, (c.y-box.y)/box.w); }
float furrow(vec2 c){
  float row = c.y>${map.fold.toFixed(1)} ? (${map.top.toFixed(1)}-c.y)*${map.fine.toFixed(3)} : ${fold.toFixed(1)}+(${map.fold.toFixed(1)}-c.y)*${map.coarse.toFixed(3)};
  vec3 grey=texture2D(lines, vec2((c.x+${map.u.toFixed(1)})/${(2 * map.u).toFixed(1)}, row/${rows.toFixed(1)})).rgb-${FLAT.toFixed(6)};
  return dot(grey,vDepth.xyz)*${(1 / DEEP).toFixed(6)}; }
vec3 tilt(vec3 at, vec3 n, vec2 rise){ vec3 sx=dFdx(at), sy=dFdy(at); vec3 a=cross(sy,n), b=cross(n,sx); float det=dot(sx,a);
  vec3 t=abs(det)*n-sign(det)*(rise.x*a+rise.y*b); float size=dot(t,t); return size>1e-12 ? t*inversesqrt(size) : n; }
vec3 uniformScale(float t){ t=clamp(t,0.,1.)*${(VIRIDIS.length - 1).toFixed(1)}; vec3 c=vec3(${VIRIDIS[0]!.map((part) => (part / 255).toFixed(4)).join(',')});
  ${VIRIDIS.slice(1).map((stop, k) => `c=mix(c,vec3(${stop.map((part) => (part / 255).toFixed(4)).join(',')}),clamp(t-${k.toFixed(1)},0.,1.));`).join('\n  ')}
  return pow(c,vec3(2.2)); }
const vec4 browBox=${box(brows)}, overlayBox=${box(overlay)};`;
}

const albedo = /* glsl */ `
vec2 c=vPlace.yz; float hair=texture2D(brows,into(c,browBox)).r;
float height=furrow(c);
vec3 warm=mix(vec3(1.05,.74,.68),vec3(1.02,.82,.78),dark);
float sky=vPlace.w; vec3 tint=skin*(.92+.18*vPaint.x);
tint=mix(tint,skin*warm,vMask.z*(.9-.45*dark));
tint=mix(tint,skin*vec3(.90,.78,.80),vMask.w);
float beard=smoothstep(.55,1.,sex)*vPaint.z*(1.-smoothstep(.1,.5,vMask.x));
tint*=mix(vec3(1.),vec3(.74,.76,.80),.5*beard);
tint*=1.-age*smoothstep(.62,.86,vPaint.y)*(1.-vMask.x)*vec3(.10,.16,.19);
float lip=smoothstep(.25,.75,vMask.x);
tint=mix(tint,mix(skin*vec3(.82,.47,.46),skin*vec3(.86,.62,.62)+vec3(.02,.0,.004),dark),lip*(.78-.2*age));
tint=mix(tint,skin*vec3(.30,.12,.11),smoothstep(.5,1.,vMask.y)*(1.-lip));
float hollow=clamp(-height,0.,1.6);
tint*=mix(vec3(1.),mix(vec3(.58,.40,.37),vec3(.50,.42,.40),dark),clamp(.62*hollow,0.,.8));
tint=mix(tint,mix(vec3(.052,.034,.023),vec3(.012,.009,.008),dark)*mix(1.,2.4,age*age),clamp(1.02*hair,0.,.9));
float covered=0.;
#ifdef OVERLAY
vec4 over=texture2D(overlay,into(c,overlayBox)); float bare=1.-smoothstep(.4,.7,vMask.y);
tint=mix(tint,over.rgb,over.a*bare); covered=over.a*bare;
#endif
#ifdef FIELD
vec2 at=(vPlace.xz-fieldBox.xy)*fieldBox.zw; float level=texture2D(field,at).r; float shown=1.+log(max(level,1e-6))/4.60517;
float step1=fwidth(shown)+1e-5;
float rings=min(min(abs(shown-.002),abs(shown-.2386)),min(abs(shown-.5),abs(shown-.7386)));
vec3 heat=mix(uniformScale(shown),vec3(1.),.85*(1.-smoothstep(.6*step1,1.4*step1,rings)));
covered=smoothstep(-.02,.04,shown)*.86; covered*=(1.-smoothstep(112.,120.,abs(c.x)))*step(0.,at.x)*step(at.x,1.)*step(0.,at.y)*step(at.y,1.)*(1.-smoothstep(.2,.4,vDepth.w)); tint=mix(tint,heat,covered);
#endif
float open=smoothstep(.02,.72,sky); tint*=mix(mix(vec3(.42,.28,.24),vec3(.30,.23,.21),dark),vec3(1.),open*(.62+.38*sky));
diffuseColor.rgb=tint;`;

const roughness = /* glsl */ `
roughnessFactor=mix(.56,.53,dark)+.05*(vPaint.x-.5); roughnessFactor-=vPaint.w;
roughnessFactor=mix(roughnessFactor,.40,lip); roughnessFactor=mix(roughnessFactor,.9,clamp(hair+covered*.6,0.,1.));`;

const bump = /* glsl */ `{
vec2 dx=dFdx(c), dy=dFdy(c); vec2 rise=vec2(furrow(c+dx)-height,furrow(c+dy)-height);
#ifdef PORES
float close=smoothstep(620.,240.,length(vViewPosition));
if(close>.01){ vec3 p=vHome*2.4, px=dFdx(p), py=dFdy(p); float here=cloud(p)+.5*cloud(p*2.3);
  rise+=(vec2(cloud(p+px)+.5*cloud((p+px)*2.3),cloud(p+py)+.5*cloud((p+py)*2.3))-here)*.03*close*(1.-.6*lip); }
#endif
rise*=1.-.75*clamp(1.3*hair,0.,1.); normal=tilt(-vViewPosition,normal,rise); }`;

const glow = /* glsl */ `
float facing=clamp(dot(normal,normalize(vViewPosition)),0.,1.); float lum=dot(outgoingLight,vec3(.3333));
outgoingLight+=skin*vec3(.075,.018,.012)*smoothstep(.42,.02,lum)*sky*(1.-clamp(1.5*hair+covered,0.,1.));
outgoingLight+=vec3(.030,.028,.032)*pow(1.-facing,3.)*sky;
#ifdef OVERLAY
outgoingLight=mix(outgoingLight,over.rgb*1.15,shine*covered);
#endif
diffuseColor.a*=smoothstep(-272.,-214.,vPlace.z-.5*max(0.,abs(vPlace.y)-78.));
#include <opaque_fragment>`;

/** The skin's material; share `uniforms` between figures only if they are to look alike. */
export function skinMaterial(uniforms: SkinUniforms, map: LineMap, brows: Chart, overlay: Chart): THREE.MeshStandardMaterial {
  const material = new THREE.MeshStandardMaterial({ metalness: 0, roughness: 0.5, transparent: true });
  const declared = fragment(map, brows, overlay);
  material.onBeforeCompile = (shader) => {
    Object.assign(shader.uniforms, uniforms);
    shader.vertexShader = shader.vertexShader
      .replace('#include <common>', `#include <common>\n${vertex}`)
      .replace('#include <begin_vertex>', passed);
    shader.fragmentShader = shader.fragmentShader
      .replace('#include <common>', `#include <common>\n${declared}`)
      .replace('#include <color_fragment>', albedo)
      .replace('#include <roughnessmap_fragment>', `#include <roughnessmap_fragment>\n${roughness}`)
      .replace('#include <normal_fragment_maps>', bump)
      .replace('#include <opaque_fragment>', glow);
  };
  material.customProgramCacheKey = () => 'skin';
  return material;
}

const smooth = (from: number, to: number, value: number): number => {
  const share = clamp((value - from) / (to - from));
  return share * share * (3 - 2 * share);
};

/** What changes slowly over the face, for each point as bytes: the last two masks and the four paints of the shader. */
export function paintPoints(head: HeadData, home: Float32Array): { mask: Uint8Array; paint: Uint8Array } {
  const count = head.cylinder.length;
  const mask = new Uint8Array(4 * count);
  const paint = new Uint8Array(4 * count);
  for (let i = 0; i < count; i++) {
    const [u, v] = [head.cylinder[i]!, head.place[2 * i + 1]!];
    const [lips, lids, ears, mouth] = head.masks.subarray(5 * i, 5 * i + 4);
    const spot = (x: number, y: number, wide: number, high: number): number =>
      Math.exp(-(((Math.abs(u) - x) / wide) ** 2) - ((v - y) / high) ** 2);
    const flush = 0.5 * spot(46, -33, 20, 17) + 0.55 * spot(0, -37, 15, 10) + 0.22 * spot(0, -97, 16, 10) + 0.3 * (ears! / 255);
    const shade = 0.55 * (lids! / 255) + 0.35 * spot(27, -10, 13, 5);
    const beard = smooth(-46, -54, v) * smooth(-128, -112, v) * smooth(96, 70, Math.abs(u) + 0.4 * Math.max(0, v + 80));
    const gloss = 0.08 * spot(0, -20, 12, 22) + 0.05 * spot(0, 50, 40, 18);
    const at = (scale: number, shift: number): number =>
      noise(home[3 * i]! * scale + shift, home[3 * i + 1]! * scale + shift, home[3 * i + 2]! * scale + shift);
    const fine = 0.6 * at(0.085, 0) + 0.4 * at(0.33, 0);
    mask.set([lips!, mouth!, 255 * clamp(flush), 255 * clamp(shade)], 4 * i);
    paint.set([255 * fine, 255 * at(0.21, 9), 255 * beard, 255 * gloss], 4 * i);
  }
  return { mask, paint };
}

function noise(x: number, y: number, z: number): number {
  const low = [x, y, z].map(Math.floor) as [number, number, number];
  const share = [x - low[0], y - low[1], z - low[2]].map((f) => f * f * (3 - 2 * f)) as [number, number, number];
  let sum = 0;
  for (let corner = 0; corner < 8; corner++) {
    const at = low.map((one, k) => one + ((corner >> k) & 1)) as [number, number, number];
    const weight = share.reduce((product, f, k) => product * ((corner >> k) & 1 ? f : 1 - f), 1);
    const mixed = Math.imul(at[0], 374761393) ^ Math.imul(at[1], 668265263) ^ Math.imul(at[2], 2147483647 - 61);
    const stirred = Math.imul(mixed ^ (mixed >>> 13), 1274126177);
    sum += (weight * ((stirred ^ (stirred >>> 16)) >>> 0)) / 4294967295;
  }
  return sum;
}

/** Switch a feature of the shader; compiles again only when it changes. */
export function feature(material: THREE.Material, name: Feature, on: boolean): void {
  const defines = (material.defines ??= {});
  if (name in defines === on) return;
  if (on) defines[name] = '';
  else delete defines[name];
  material.needsUpdate = true;
}
