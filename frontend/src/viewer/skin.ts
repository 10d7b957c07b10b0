// The skin: albedo, pores, furrows in real millimetres, overlays. Features are compile-time switches, since a software
// renderer pays for both sides of a branch.
import * as THREE from 'three';
import type { LineMap } from './assets';
import type { Chart } from './chart';
import { VIRIDIS } from './scales';

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

const vertex = /* glsl */ `
attribute vec3 place; attribute vec4 mask; attribute float sky; attribute vec3 depth; attribute vec3 home;
varying vec3 vPlace; varying vec4 vMask; varying float vSky; varying vec3 vDepth; varying vec3 vHome; varying vec3 vCloud;
${NOISE}`;

function fragment(map: LineMap, brows: Chart, overlay: Chart): string {
  const fold = (map.top - map.fold) * map.fine;
  const rows = Math.floor(fold + (map.fold - map.low) * map.coarse);
  return /* glsl */ `
varying vec3 vPlace; varying vec4 vMask; varying float vSky; varying vec3 vDepth; varying vec3 vHome; varying vec3 vCloud;
uniform sampler2D lines, brows, overlay, field; uniform vec4 fieldBox; uniform vec3 skin; uniform float dark, age, sex, shine;
${NOISE}
vec2 into(vec2 c, vec4 box){ return vec2((c.x-box.x)/box.z, (c.y-box.y)/box.w); }
float furrow(vec2 c){
  float row = c.y>${map.fold.toFixed(1)} ? (${map.top.toFixed(1)}-c.y)*${map.fine.toFixed(3)} : ${fold.toFixed(1)}+(${map.fold.toFixed(1)}-c.y)*${map.coarse.toFixed(3)};
  vec3 grey=texture2D(lines, vec2((c.x+${map.u.toFixed(1)})/${(2 * map.u).toFixed(1)}, row/${rows.toFixed(1)})).rgb-${FLAT.toFixed(6)};
  return dot(grey,vDepth)*${(1 / DEEP).toFixed(6)}; }
vec3 tilt(vec3 at, vec3 n, vec2 rise){ vec3 sx=dFdx(at), sy=dFdy(at); vec3 a=cross(sy,n), b=cross(n,sx); float det=dot(sx,a);
  return normalize(abs(det)*n-sign(det)*(rise.x*a+rise.y*b)); }
vec3 uniformScale(float t){ t=clamp(t,0.,1.)*${(VIRIDIS.length - 1).toFixed(1)}; vec3 c=vec3(${VIRIDIS[0]!.map((part) => (part / 255).toFixed(4)).join(',')});
  ${VIRIDIS.slice(1).map((stop, k) => `c=mix(c,vec3(${stop.map((part) => (part / 255).toFixed(4)).join(',')}),clamp(t-${k.toFixed(1)},0.,1.));`).join('\n  ')}
  return pow(c,vec3(2.2)); }
const vec4 browBox=${box(brows)}, overlayBox=${box(overlay)};
float spot(vec2 c, vec2 at, vec2 reach){ vec2 d=(vec2(abs(c.x),c.y)-at)/reach; return exp(-dot(d,d)); }`;
}

const albedo = /* glsl */ `
vec2 c=vPlace.yz; float hair=texture2D(brows,into(c,browBox)).r;
float height=furrow(c);
vec3 warm=mix(vec3(1.05,.74,.68),vec3(1.02,.82,.78),dark);
vec3 tint=skin*(.92+.11*vCloud.x+.07*vCloud.y);
float flush=.5*spot(c,vec2(46.,-33.),vec2(20.,17.))+.55*spot(c,vec2(0.,-37.),vec2(15.,10.))+.22*spot(c,vec2(0.,-97.),vec2(16.,10.))+.3*vMask.z;
tint=mix(tint,skin*warm,clamp(flush,0.,1.)*(.9-.45*dark));
tint=mix(tint,skin*vec3(.90,.78,.80),.55*vMask.y+.35*spot(c,vec2(27.,-10.),vec2(13.,5.)));
float beard=smoothstep(.55,1.,sex)*smoothstep(-46.,-54.,c.y)*smoothstep(-128.,-112.,c.y)*smoothstep(96.,70.,abs(c.x)+.4*max(0.,c.y+80.))*(1.-smoothstep(.1,.5,vMask.x));
tint*=mix(vec3(1.),vec3(.74,.76,.80),.5*beard);
tint*=1.-age*smoothstep(.62,.86,vCloud.z)*(1.-vMask.x)*vec3(.10,.16,.19);
float lip=smoothstep(.25,.75,vMask.x);
tint=mix(tint,mix(skin*vec3(.82,.47,.46),skin*vec3(.86,.62,.62)+vec3(.02,.0,.004),dark),lip*(.78-.2*age));
tint=mix(tint,skin*vec3(.30,.12,.11),smoothstep(.5,1.,vMask.w)*(1.-lip));
float hollow=clamp(-height,0.,1.6);
tint*=mix(vec3(1.),mix(vec3(.58,.40,.37),vec3(.50,.42,.40),dark),clamp(.62*hollow,0.,.8));
tint=mix(tint,mix(vec3(.052,.034,.023),vec3(.012,.009,.008),dark)*mix(1.,2.4,age*age),clamp(1.02*hair,0.,.9));
float covered=0.;
#ifdef OVERLAY
vec4 over=texture2D(overlay,into(c,overlayBox)); float bare=1.-smoothstep(.4,.7,vMask.w);
tint=mix(tint,over.rgb,over.a*bare); covered=over.a*bare;
#endif
#ifdef FIELD
vec2 at=(vPlace.xz-fieldBox.xy)*fieldBox.zw; float level=texture2D(field,at).r; float shown=1.+log(max(level,1e-6))/4.60517;
float step1=fwidth(shown)+1e-5;
float rings=min(min(abs(shown-.002),abs(shown-.2386)),min(abs(shown-.5),abs(shown-.7386)));
vec3 heat=mix(uniformScale(shown),vec3(1.),.85*(1.-smoothstep(.6*step1,1.4*step1,rings)));
covered=smoothstep(-.02,.04,shown)*.86; covered*=step(0.,at.x)*step(at.x,1.)*step(0.,at.y)*step(at.y,1.)*(1.-smoothstep(.2,.4,vMask.z)); tint=mix(tint,heat,covered);
#endif
float open=smoothstep(.02,.72,vSky); tint*=mix(mix(vec3(.42,.28,.24),vec3(.30,.23,.21),dark),vec3(1.),open*(.62+.38*vSky));
diffuseColor.rgb=tint;`;

const roughness = /* glsl */ `
roughnessFactor=mix(.56,.53,dark)+.05*(vCloud.y-.5); roughnessFactor-=.08*spot(c,vec2(0.,-20.),vec2(12.,22.))+.05*spot(c,vec2(0.,50.),vec2(40.,18.));
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
outgoingLight+=skin*vec3(.075,.018,.012)*smoothstep(.42,.02,lum)*vSky*(1.-clamp(1.5*hair+covered,0.,1.));
outgoingLight+=vec3(.030,.028,.032)*pow(1.-facing,3.)*vSky;
#ifdef OVERLAY
outgoingLight=mix(outgoingLight,over.rgb*1.15,shine*covered);
#endif
diffuseColor.a*=smoothstep(-212.,-172.,vHome.y-.30*max(0.,abs(vHome.x)-55.));
#include <opaque_fragment>`;

/** The skin's material; share `uniforms` between figures only if they are to look alike. */
export function skinMaterial(uniforms: SkinUniforms, map: LineMap, brows: Chart, overlay: Chart): THREE.MeshStandardMaterial {
  const material = new THREE.MeshStandardMaterial({ metalness: 0, roughness: 0.5, transparent: true });
  const declared = fragment(map, brows, overlay);
  material.onBeforeCompile = (shader) => {
    Object.assign(shader.uniforms, uniforms);
    shader.vertexShader = shader.vertexShader
      .replace('#include <common>', `#include <common>\n${vertex}`)
      .replace(
        '#include <begin_vertex>',
        `#include <begin_vertex>\nvPlace=place; vMask=mask; vSky=sky; vDepth=depth; vHome=home; vCloud=vec3(cloud(home*.085),cloud(home*.33),cloud(home*.21+9.));`,
      );
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

/** Switch a feature of the shader; compiles again only when it changes. */
export function feature(material: THREE.Material, name: Feature, on: boolean): void {
  const defines = (material.defines ??= {});
  if (name in defines === on) return;
  if (on) defines[name] = '';
  else delete defines[name];
  material.needsUpdate = true;
}
