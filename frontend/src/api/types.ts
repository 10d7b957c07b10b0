// The documents the server sends. All lengths in mm, times in days, doses in the product's own units.
// Coordinates are the simulator's head frame: x to the subject's left, y up, z forward, origin between the eyes.

export type Point3 = [number, number, number];
export type Point2 = [number, number];
export type Side = 'left' | 'right';

/** One thing that is wrong with a case; the same object that the command line prints. */
export interface Fault {
  message: string;
  file: string | null;
  line: number | null;
  /** Dotted key in the case document, such as `plan.session[0].injection[2].dose`. */
  key: string | null;
  remedy: string | null;
  /** A finding is to be told, but the case can be simulated; without this key it cannot. */
  severity?: 'fault' | 'finding';
  /** Of a finding: what it says of the plan, its rule, what it rests on, and the reason for which it is overridden. */
  verdict?: 'stop' | 'refer' | 'caution' | 'note';
  rule?: string;
  title?: string;
  source?: string;
  overridden?: string | null;
}

/** What every refusal carries (422, 413, 429, …). */
export interface Refusal {
  faults: Fault[];
}

// --- the case: the same tree as the TOML file -------------------------------------------------------------------

export interface InjectionTable {
  site?: string;
  at_mm?: number[];
  frame?: string;
  depth?: number | string;
  dose: number | string;
  volume: number | string;
  [key: string]: unknown;
}

export interface SessionTable {
  at: number | string;
  pattern?: string;
  injection?: InjectionTable[];
  [key: string]: unknown;
}

export interface CaseDocument {
  title?: string;
  patient?: Record<string, unknown>;
  plan: { product: string; session: SessionTable[] };
  simulation?: { days?: number | string; seed?: number; [key: string]: unknown };
  antitoxin?: { at: number | string };
  /** What else is done: creams, filler, laser and the like. */
  offers?: Record<string, unknown>[];
}

// --- GET api/anatomy -----------------------------------------------------------------------------------------------

export interface MuscleShape {
  name: string;
  stem: string;
  side: Side | 'midline';
  frame: string;
  function: string;
  action_units: string[];
  lines_caused: string[];
  antagonists: string[];
  /** Centre line of the fibres, from origin to insertion. */
  path: Point3[];
  closed: boolean;
  width: number;
  thickness: number;
  /** Outline of the sheet in the frontal plane, as the report draws it; empty outside the head frame. */
  outline: Point2[];
}

export interface SiteShape {
  name: string;
  frame: string;
  /** Needle tip. */
  tip: Point3;
  /** Where the needle enters the skin. */
  skin: Point2;
  depth: number;
}

export interface PatternShape {
  name: string;
  title: string;
  product: string;
  source: string;
  injections: { site: string; dose: number; volume: number }[];
  /** `label`, or what else it is, such as `off label`. */
  status?: string;
  total: number;
}

export interface ProductShape {
  code: string;
  name: string;
  serotype: string;
  unit: string;
}

export interface AnatomyDocument {
  disclaimer: string;
  muscles: MuscleShape[];
  sites: SiteShape[];
  patterns: PatternShape[];
  products: ProductShape[];
  /** The order of every region axis. */
  regions: string[];
  /** Rim of the left orbit in the frontal plane; the right one is its mirror image. */
  rim: Point2[];
  /** Skin points (left side) through which the simulator's skin surface runs. */
  skin: Point3[];
  /** Upright axis to which a needle points: x and z. */
  axis: Point2;
  /** What a case can tell of a candidate: names by list, with what they mean. */
  health: Record<string, Record<string, string>>;
}

// --- POST api/course -------------------------------------------------------------------------------------------------

export type Curve = number[];

/** Middle and a band over virtual patients like this one. */
export interface Band {
  low: Curve;
  middle: Curve;
  high: Curve;
}

export interface InjectionPlace {
  /** Index of the session and of the injection in it, after patterns are written out. */
  session: number;
  injection: number;
  site: string | null;
  tip: Point3;
  /** Entry point in the frontal plane. */
  skin: Point2;
  frame: string;
  dose: number;
  volume: number;
  day: number;
  rim_distance: number | null;
  levator_distance: number | null;
  /** Where the injection stands in the case. */
  key?: string;
}

/** Captured toxin on a grid in the frontal plane. */
export interface FieldDocument {
  session: number;
  frame: string;
  x0: number;
  y0: number;
  step: number;
  width: number;
  height: number;
  unit: string;
  /** Rows from low to high y; base64 of little-endian float32. */
  captured: string;
}

export interface RegionCourse {
  strain: Curve;
  depth_effort: Curve;
  depth_rest: Curve;
  grade_probability: Record<'rest' | 'maximum', Record<'investigator' | 'subject', number[][]>>;
}

/** Dose per muscle of one session, beside the label pattern nearest to it. */
export interface SessionDoses {
  day: number | null;
  total: number;
  by_muscle: Record<string, number>;
  label: { pattern: string; total: number; by_muscle: Record<string, number> } | null;
}

export interface CourseDocument {
  /** Who is shown in a notebook, as in a case; the page has the case itself. */
  patient?: Record<string, unknown>;
  title: string;
  disclaimer: string;
  product: string;
  sessions: number[];
  evidence_hash: string;
  /** What a reader must know of the case before its course, such as a dose beyond every label. */
  notes?: { kind: string; message: string; source: string | null }[];
  /** How far the course can be trusted, in sentences; the report has the same. */
  limits?: string[];
  /** What else is done, with its evidence, in sentences. */
  offers?: string[];
  status: string;
  summary: Record<string, unknown>;
  days: Curve;
  muscles: Record<string, { force: Curve; transmission: Curve }>;
  regions: Record<string, RegionCourse>;
  /** Height of the upper lid over the pupil's centre (MRD1). */
  lid: Record<Side, Curve>;
  /** Change of brow height. */
  brow: Record<Side, Record<'medial' | 'central' | 'lateral', Curve>>;
  bands?: {
    patients: number;
    level: number;
    muscles: Record<string, Band>;
    regions: Record<string, { depth_effort: Band; depth_rest: Band }>;
  };
  places: InjectionPlace[];
  /** Dose per muscle (of its sites' intended muscle) and in total, beside the label pattern of the same product. */
  doses: {
    unit: string;
    total: number;
    by_muscle: Record<string, number>;
    label: { pattern: string; total: number; by_muscle: Record<string, number> } | null;
    /** The same of every session. */
    sessions?: SessionDoses[];
  };
  fields: FieldDocument[];
}
