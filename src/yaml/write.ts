import { Document, visit } from 'yaml';
import type { Json } from '../diagnostics/diagnostic.js';

const options = { version: '1.2', compat: 'yaml-1.1', aliasDuplicateObjects: false } as const;
const style = { lineWidth: 0, indentSeq: true, singleQuote: false } as const;

/** The one writer: fixed style, no folding, no anchors, words that YAML 1.1 reads differently are quoted. */
export function writeYaml(value: Json): string {
  const document = new Document(value, options);
  visit(document, { Alias: () => visit.BREAK });
  return document.toString(style);
}
