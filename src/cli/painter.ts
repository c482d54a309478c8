import { styleText } from 'node:util';
import type { Paint } from '../report/text.js';

/** Styles for a terminal, or none. */
export function painter(color: boolean): Paint {
  return color ? (style, text) => styleText(style, text, { validateStream: false }) : (_, text) => text;
}
