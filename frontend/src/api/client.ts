// Calls to the server that serves this page. Every failure comes back as faults in words.
import type { RisksDocument } from './risks';
import type { AnatomyDocument, CaseDocument, CourseDocument, Fault, Refusal } from './types';
import type { YearsDocument, YearsRequest } from './years';

export interface EvidenceEntry {
  key: string;
  meaning?: string;
  value: number;
  unit: string;
  low?: number | null;
  high?: number | null;
  source: string | string[];
  /** The sources spelled out. */
  citations?: string[];
  grade: string;
}

export interface LibraryEntry {
  name: string;
  title: string;
  modified: string;
}

/** The server was asked and said no, or could not be asked. */
export class Refused extends Error {
  constructor(
    readonly faults: Fault[],
    readonly status: number,
  ) {
    super(faults[0]?.message ?? 'refused');
  }
}

export function fault(message: string, remedy: string | null = null, key: string | null = null): Fault {
  return { message, file: null, line: null, key, remedy };
}

const WORDS: Record<number, [message: string, remedy: string]> = {
  404: ['the server does not know this', 'it may have been removed; reload the list'],
  413: ['the case is too large for the server', 'remove sessions or injections'],
  429: ['the server is busy with other simulations', 'wait a moment; the page asks again'],
  503: ['the server is starting or stopping', 'wait a moment; the page asks again'],
};

async function refusal(answer: Response): Promise<Refused> {
  const [message, remedy] = WORDS[answer.status] ?? [`the server failed (${answer.status})`, 'see its log in the terminal'];
  try {
    const body = (await answer.json()) as Partial<Refusal>;
    if (Array.isArray(body.faults) && body.faults.length) return new Refused(body.faults, answer.status);
  } catch {
    // The body says nothing more than the status.
  }
  return new Refused([fault(message, remedy)], answer.status);
}

async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(new URL(`api/${path}`, document.baseURI), init);
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new Refused([fault('the server does not answer', 'see that `endplate serve` still runs')], 0);
  }
  if (!answer.ok) throw await refusal(answer);
  return answer;
}

function post(path: string, body: unknown, signal?: AbortSignal): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  return ask(path, { method: 'POST', headers, body: JSON.stringify(body), ...(signal ? { signal } : {}) });
}

const text = async (answer: Promise<Response>): Promise<string> => (await answer).text();
const json = async <T>(answer: Promise<Response>): Promise<T> => (await (await answer).json()) as T;
const entry = (name: string): string => `library/${encodeURIComponent(name)}`;
const TOML = { 'content-type': 'text/plain; charset=utf-8' };

/** A case of other offers alone has no session; the page edits an empty one. */
function withSession(document: CaseDocument): CaseDocument {
  return document.plan.session?.length ? document : { ...document, plan: { ...document.plan, session: [{ at: '0 days' }] } };
}

export const api = {
  anatomy: () => json<AnatomyDocument>(ask('anatomy')),
  evidence: () => json<EvidenceEntry[]>(ask('evidence')),
  /** The course; bands over patients take the server several times longer. */
  course: (document: CaseDocument, signal: AbortSignal, bands: boolean) =>
    json<CourseDocument>(post(bands ? 'course' : 'course?bands=false', { case: document }, signal)),
  check: async (document: CaseDocument, signal: AbortSignal) => (await json<Refusal>(post('check', { case: document }, signal))).faults,
  /** Adverse events; a new plan takes the server up to a minute. */
  risks: (document: CaseDocument, signal: AbortSignal) => json<RisksDocument>(post('risks', { case: document }, signal)),
  report: async (document: CaseDocument) => (await post('report', { case: document })).blob(),
  read: async (toml: string) => withSession((await json<{ case: CaseDocument }>(ask('case/read', { method: 'POST', headers: TOML, body: toml }))).case),
  /** A life with the plan's first session again and again, and its untreated twin. */
  years: (asked: YearsRequest, signal: AbortSignal) => json<YearsDocument>(post('years', { case: asked }, signal)),
  write: (document: CaseDocument) => text(post('case/write', { case: document })),
  library: () => json<LibraryEntry[]>(ask('library')),
  open: (name: string) => text(ask(entry(name))),
  keep: (name: string, toml: string) => text(ask(entry(name), { method: 'PUT', headers: TOML, body: toml })),
  remove: (name: string) => text(ask(entry(name), { method: 'DELETE' })),
};
export type Api = typeof api;

export function faultsOf(error: unknown): Fault[] {
  return error instanceof Refused ? error.faults : [fault(error instanceof Error ? error.message : String(error))];
}
