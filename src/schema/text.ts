import type { Json } from '../diagnostics/diagnostic.js';

/** A scalar as text, and nothing for what is none: `String` asks an object for its `toString`, which a manifest may hold. */
export function plainText(value: Json | undefined): string {
  return typeof value === 'object' || value === undefined ? '' : `${value}`;
}
