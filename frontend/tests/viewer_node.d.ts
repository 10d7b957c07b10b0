// The one function of Node that the tests of the viewer need; types of Node are not among the page's packages.
declare module 'node:fs' {
  export function readFileSync(path: URL): Uint8Array<ArrayBuffer>;
  export function readFileSync(path: URL, encoding: 'utf8'): string;
}
