// A link that carries the case in its fragment: nothing of it is sent to a server. Form: #case=1.<deflated JSON, base64url>
import type { CaseDocument } from '../api/types';

const VERSION = '1';
const NAME = 'case=';
const LONGEST_LINK = 32_000; // characters
const LARGEST_CASE = 512_000; // bytes once inflated
const DAMAGED = 'This link is damaged: it was cut short or changed on its way. Ask for it again, or open the case file instead.';
const TOO_LARGE = 'This case is too large for a link. Save the case file and send that instead.';

export type Carried = { case: CaseDocument; day?: number; expression?: string };
export type Read = { carried: Carried } | { refused: string } | null;

export async function written(carried: Carried): Promise<{ fragment: string } | { refused: string }> {
  const bytes = new TextEncoder().encode(JSON.stringify(carried));
  const packed = await piped(bytes, new CompressionStream('deflate-raw'), LARGEST_CASE);
  const fragment = packed && `#${NAME}${VERSION}.${base64url(packed)}`;
  return fragment && fragment.length <= LONGEST_LINK && bytes.length <= LARGEST_CASE ? { fragment } : { refused: TOO_LARGE };
}

/** What a fragment carries; null where it carries no case. */
export async function read(fragment: string): Promise<Read> {
  const body = fragment.replace(/^#/, '');
  if (!body.startsWith(NAME)) return null;
  if (body.length > LONGEST_LINK) return { refused: TOO_LARGE };
  const [version, packed, ...rest] = body.slice(NAME.length).split('.');
  if (version !== VERSION) {
    const newer = /^\d+$/.test(version ?? '') && Number(version) > Number(VERSION);
    return { refused: newer ? 'This link was made by a newer endplate. Update endplate, then open the link again.' : DAMAGED };
  }
  if (!packed || rest.length) return { refused: DAMAGED };
  try {
    const bytes = await piped(bytesOf(packed), new DecompressionStream('deflate-raw'), LARGEST_CASE);
    if (!bytes) return { refused: TOO_LARGE };
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return isCarried(value) ? { carried: value } : { refused: DAMAGED };
  } catch {
    return { refused: DAMAGED };
  }
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether the value has the shape of a case; what its values mean is for the server to check. */
export function isCase(value: unknown): value is CaseDocument {
  if (!isTable(value) || !isTable(value['plan'])) return false;
  const { product, session } = value['plan'];
  const tables = (list: unknown): boolean => list === undefined || (Array.isArray(list) && list.every(isTable));
  const sound = (one: unknown): boolean => isTable(one) && 'at' in one && tables(one['injection']);
  const rest = ['patient', 'simulation', 'antitoxin'].every((key) => value[key] === undefined || isTable(value[key]));
  return rest && typeof product === 'string' && Array.isArray(session) && session.length > 0 && session.every(sound);
}

function isCarried(value: unknown): value is Carried {
  return isTable(value) && isCase(value['case']) && (value['day'] === undefined || Number.isFinite(value['day']));
}

/** All bytes that come out of a transform; null once they exceed `most`. */
async function piped(bytes: Uint8Array<ArrayBuffer>, through: CompressionStream | DecompressionStream, most: number): Promise<Uint8Array<ArrayBuffer> | null> {
  const writer = through.writable.getWriter();
  const fed = writer.write(bytes).then(() => writer.close());
  fed.catch(() => undefined);
  const reader = (through.readable as ReadableStream<Uint8Array>).getReader();
  const parts: Uint8Array[] = [];
  let size = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    size += part.value.length;
    if (size > most) {
      await reader.cancel().catch(() => undefined);
      return null;
    }
    parts.push(part.value);
  }
  const whole = new Uint8Array(size);
  parts.reduce((at, part) => (whole.set(part, at), at + part.length), 0);
  return whole;
}

function base64url(bytes: Uint8Array): string {
  const text = Array.from(bytes, (one) => String.fromCharCode(one)).join('');
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  if (!/^[\w-]*$/.test(text)) throw new Error('not base64url');
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (one) => one.charCodeAt(0));
}
