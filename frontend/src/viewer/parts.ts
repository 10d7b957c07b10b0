// What is not skin: eyes, lashes, the cap, the backdrop.
import * as THREE from 'three';

/** A wet eye; the model's lid hides the upper part of the iris. */
export function eyeMaterial(green: { value: number }): THREE.MeshStandardMaterial {
  const material = new THREE.MeshStandardMaterial({ roughness: 0.1, metalness: 0 });
  material.onBeforeCompile = (shader) => {
    shader.uniforms['green'] = green;
    shader.vertexShader = shader.vertexShader
      .replace('#include <common>', '#include <common>\nvarying vec3 vAt;')
      .replace('#include <begin_vertex>', '#include <begin_vertex>\nvAt=position;');
    shader.fragmentShader = shader.fragmentShader
      .replace('#include <common>', '#include <common>\nvarying vec3 vAt; uniform float green;')
      .replace(
        '#include <color_fragment>',
        /* glsl */ `
        vec3 at=normalize(vAt);
        float off=acos(clamp(at.z,-1.,1.)), round=atan(at.y,at.x);
        float rays=.5+.5*sin(round*43.+5.*sin(round*7.)+3.*sin(round*3.)), ring=smoothstep(.14,.40,off);
        vec3 iris=mix(vec3(.075,.045,.022),mix(vec3(.11,.062,.03),vec3(.17,.13,.075),green),rays*.75*ring+.1); iris=mix(iris,vec3(.10,.16,.15),.5*green*ring);
        iris*=mix(1.25,.30,smoothstep(.34,.425,off));
        vec3 white=mix(vec3(.60,.565,.53),vec3(.56,.33,.29),smoothstep(.5,1.15,off));
        vec3 tint=mix(iris,white,smoothstep(.405,.445,off)); tint=mix(vec3(.006),tint,smoothstep(.130,.150,off));
        tint*=mix(1.,.36,smoothstep(-.02,.30,at.y))*mix(1.,.66,smoothstep(.35,.9,abs(at.x)));
        diffuseColor.rgb=tint;`,
      )
      .replace(
        '#include <opaque_fragment>',
        /* glsl */ `
        vec2 glint=(at.xy-vec2(-.13,.13))/vec2(.045,.055); outgoingLight+=vec3(.9)*exp(-dot(glint,glint)*1.6);
        #include <opaque_fragment>`,
      );
  };
  return material;
}

/** Lashes as strokes across a strip: its root is 0, its tip 1 in the third mask. */
export function lashMaterial(): THREE.MeshBasicMaterial {
  const material = new THREE.MeshBasicMaterial({ color: 0x0d0806, side: THREE.DoubleSide, transparent: true, depthWrite: false });
  material.onBeforeCompile = (shader) => {
    shader.vertexShader = shader.vertexShader
      .replace('#include <common>', '#include <common>\nattribute float ears; attribute vec3 home; varying vec3 vLash;')
      .replace('#include <begin_vertex>', '#include <begin_vertex>\nvLash=vec3(home.xy,ears);');
    shader.fragmentShader = shader.fragmentShader
      .replace('#include <common>', '#include <common>\nvarying vec3 vLash;')
      .replace(
        '#include <color_fragment>',
        /* glsl */ `
        float low=step(vLash.y,-1.5), along=abs(vLash.x)*mix(1.15,.8,low), lean=(abs(vLash.x)-27.)*.22;
        float at=along+vLash.z*lean+.22*sin(vLash.z*2.4+along), cell=floor(at);
        float chance=fract(sin(cell*127.1+low*31.7)*43758.55), reach=mix(.62,.95,chance)*mix(1.,.62,low);
        float off=abs(fract(at)-.5-.24*(chance-.5))*2., thick=.46*(1.-smoothstep(0.,reach,vLash.z));
        float ink=smoothstep(thick+.16,thick-.06,off)*step(vLash.z,reach)*smoothstep(-.01,.05,thick);
        ink=max(ink,(1.-low)*.8*smoothstep(.16,.02,vLash.z));
        ink=mix(ink,.30*smoothstep(.9,.1,vLash.z),smoothstep(.35,.9,fwidth(at)));
        diffuseColor.a*=ink*mix(.86,.30,low);`,
      );
  };
  return material;
}

export const teethMaterial = (): THREE.MeshBasicMaterial => new THREE.MeshBasicMaterial();

const IN_SHADE = new THREE.Color(0x1d1310);
const IN_LIGHT = new THREE.Color(0x8a7d6e);

/** Light falls on the teeth as far as the lips are open (0 to 1). */
export function lightTeeth(material: THREE.MeshBasicMaterial, open: number): void {
  material.color.copy(IN_SHADE).lerp(IN_LIGHT, open);
}

/** The dark of the mouth, seen from either side. */
export const liningMaterial = (): THREE.MeshBasicMaterial =>
  new THREE.MeshBasicMaterial({ color: 0x1c0b0a, side: THREE.DoubleSide });

/** The cap lies a few mm over the scalp, cut along its edge for each pixel. */
export function capMaterial(): THREE.MeshLambertMaterial {
  const material = new THREE.MeshLambertMaterial({ color: 0x6f93a6, side: THREE.DoubleSide });
  material.onBeforeCompile = (shader) => {
    shader.vertexShader = shader.vertexShader
      .replace('#include <common>', '#include <common>\nattribute float cap; attribute float ears; attribute vec3 home; varying float vEdge; varying float vEar; varying vec3 vHome;')
      .replace(
        '#include <begin_vertex>',
        'vEdge=(cap*255.-128.)*.5; vEar=ears; vHome=home; vec3 transformed=position+normalize(normal)*(1.2+3.6*smoothstep(0.,26.,vEdge)+.35*sin(home.x*.16+home.z*.11)*smoothstep(4.,20.,vEdge));',
      );
    shader.fragmentShader = shader.fragmentShader
      .replace('#include <common>', '#include <common>\nvarying float vEdge; varying float vEar; varying vec3 vHome;')
      .replace(
        '#include <color_fragment>',
        /* glsl */ `
        if(vEdge<0.||vEar>.25) discard;
        float seam=smoothstep(.9,.3,abs(vEdge-6.5))+smoothstep(.9,.3,abs(vEdge-1.1));
        float weave=.5+.5*sin(vHome.x*3.1)*sin(vHome.y*3.1);
        diffuseColor.rgb*=.90+.10*weave-.20*seam+.06*smoothstep(1.,4.,vEdge)*smoothstep(6.,4.,vEdge);`,
      );
  };
  return material;
}

/** A quiet studio backdrop behind everything. */
export function backdrop(): THREE.Mesh {
  const material = new THREE.ShaderMaterial({
    depthTest: false,
    depthWrite: false,
    vertexShader: 'varying vec2 at; void main(){ at=position.xy; gl_Position=vec4(position.xy,1.,1.); }',
    fragmentShader:
      'varying vec2 at; void main(){ float d=length((at-vec2(.0,.12))*vec2(.9,.75)); vec3 c=mix(vec3(.118,.140,.165),vec3(.030,.038,.050),smoothstep(.1,1.35,d)); gl_FragColor=vec4(c,1.); \n#include <colorspace_fragment>\n }',
  });
  const mesh = new THREE.Mesh(new THREE.PlaneGeometry(2, 2), material);
  mesh.frustumCulled = false;
  mesh.renderOrder = -1;
  return mesh;
}

/** Key from the subject's right and above, so that furrows of the forehead and of the glabella both show; `few` lights for a processor. */
export function studio(few: boolean): THREE.Object3D[] {
  const light = (colour: number, strength: number, x: number, y: number, z: number): THREE.DirectionalLight => {
    const one = new THREE.DirectionalLight(colour, strength);
    one.position.set(x, y, z);
    return one;
  };
  const main = [
    new THREE.HemisphereLight(0xdde6f2, 0x5d4a42, 0.95),
    light(0xfff1e2, 2.5, -360, 400, 380),
    light(0xd3e2ff, 0.6, 420, 40, 360),
  ];
  return few ? main : [...main, light(0xffffff, 1.2, 260, 240, -420), light(0xffffff, 0.7, -380, 120, -300)];
}
