import { Document, visit } from 'yaml';
import type { Json } from '../diagnostics/diagnostic.js';

const options = { version: '1.2', compat: 'yaml-1.1', aliasDuplicateObjects: false } as const;
const style = { lineWidth: 0, indentSeq: true, singleQuote: false } as const;

export interface WriteOptions {
  /** Small mappings and lists inside the value stand on one line, as people write specs. Default false. */
  readonly compact?: boolean;
}

/**
 * The one writer: keys in the order given, fixed style, no folding, no anchors. Text that YAML 1.1, YAML 1.2 or Go read as
 * something else is quoted (`yes`, `on`, `0644`, `12:30:45`, `1_000`).
 */
export function writeYaml(value: Json, { compact = false }: WriteOptions = {}): string {
  const document = new Document(value, options);
  visit(document, {
    Scalar(key, node) {
      if (typeof node.value !== 'string') return;
      // A block scalar that is the whole document is read differently by parsers: quotes are not.
      const isWhole = key === null && node.value.includes('\n');
      if (isWhole || needsQuotes(node.value)) node.type = 'QUOTE_DOUBLE';
    },
    Collection(key, node) {
      if (compact && key !== null && isSmall(node.toJSON() as Json)) node.flow = true;
    },
  });
  return document.toString(style);
}

/** Numbers and dates of YAML 1.1, of Go's parser and of Kubernetes' JSON conversion that the library leaves bare. */
function needsQuotes(text: string): boolean {
  return (
    /^[-+]?(?:0[0-9_]+|0[xob][0-9a-fA-F_]+|[0-9][0-9_]*(?:\.[0-9_]*)?(?:[eE][-+]?[0-9_]+)?|\.[0-9_]+(?:[eE][-+]?[0-9]+)?|\.(?:inf|nan))$/i.test(
      text,
    ) ||
    /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/.test(text) ||
    /^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt \t].*)?$/.test(text) ||
    /^(?:y|n|yes|no|on|off|true|false|null|~|=|<<)$/i.test(text) ||
    // Characters that other parsers refuse or fold when they stand bare.
    /[\u0080-\u009f\u2028\u2029\ufeff]/.test(text)
  );
}

function isSmall(value: Json): boolean {
  return typeof value === 'object' && value !== null && flowYaml(value).length <= 80;
}

/** A value on one line, as people write small mappings: `{ min: 5, max: 20 }`, `[a, b]`. */
export function flowYaml(value: Json): string {
  if (Array.isArray(value)) return `[${value.map((item) => flowYaml(item as Json)).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).map(([key, item]) => `${flowYaml(key)}: ${flowYaml(item as Json)}`);
    return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
  }
  if (typeof value === 'string') {
    const bare = writeYaml(value).trimEnd();
    return bare === value && !/[,[\]{}\n]|: |^[-?:]/.test(value) ? value : JSON.stringify(value);
  }
  return writeYaml(value).trimEnd();
}
