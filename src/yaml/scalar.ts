/**
 * A plain scalar as the core schema of YAML 1.2.2 (section 10.3.2) reads it. What other parsers read differently is
 * named by `ambiguity`.
 */
export function resolvePlain(source: string): null | boolean | number | string {
  if (source.length > 64) return source;
  switch (source) {
    case '':
    case '~':
    case 'null':
    case 'Null':
    case 'NULL':
      return null;
    case 'true':
    case 'True':
    case 'TRUE':
      return true;
    case 'false':
    case 'False':
    case 'FALSE':
      return false;
    default:
  }
  const first = source.charCodeAt(0);
  if (first > 0x39 || first < 0x2b) return source;
  if (/^[-+]?[0-9]+$/.test(source)) return Number(source);
  if (/^0o[0-7]+$/.test(source)) return Number.parseInt(source.slice(2), 8);
  if (/^0x[0-9a-fA-F]+$/.test(source)) return Number.parseInt(source.slice(2), 16);
  if (/^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/.test(source)) return Number(source);
  if (/^[-+]?\.(?:inf|Inf|INF)$/.test(source)) return source.startsWith('-') ? -Infinity : Infinity;
  if (/^\.(?:nan|NaN|NAN)$/.test(source)) return Number.NaN;
  return source;
}

/** Why a plain scalar is read differently by different parsers, with what to write instead; undefined where it is not. */
export function ambiguity(source: string): { readonly why: string; readonly instead: string } | undefined {
  const first = source.charCodeAt(0);
  // Signs, the dot and digits: nothing else can start a number.
  if (first > 0x39 || first < 0x2b) return undefined;
  if (source.length > 64) {
    return /^[-+]?[0-9_]+$/.test(source)
      ? { why: `${source.slice(0, 20)}… is too large to be read exactly`, instead: 'Quote it.' }
      : undefined;
  }
  if (/^[-+]?0[0-9_]+$/.test(source)) {
    const octal = /^[-+]?0[0-7_]+$/.test(source);
    const digits = source.replaceAll('_', '');
    const decimal = Number(digits);
    const asOctal = octal ? Number.parseInt(digits, 8) : undefined;
    return {
      why: octal
        ? `${source} is an ambiguous number: YAML 1.2 reads ${decimal}, YAML 1.1 and Go read ${asOctal}`
        : `${source} is an ambiguous number: it has a leading zero`,
      instead: octal ? `Quote it, or write 0o${asOctal!.toString(8)} or ${decimal}.` : `Quote it, or write ${decimal}.`,
    };
  }
  if (/^[-+]?(?:0x[0-9a-fA-F_]+|0[ob]?[0-7_]+|[1-9][0-9_]*(?:\.[0-9_]*)?)$/.test(source) && source.includes('_')) {
    return {
      why: `${source} is an ambiguous number: YAML 1.1 drops the underscores, YAML 1.2 does not`,
      instead: 'Leave the underscores out, or quote it.',
    };
  }
  if (/^[-+]?0b[01]+$/.test(source)) {
    return {
      why: `${source} is an ambiguous number: only YAML 1.1 knows binary numbers`,
      instead: 'Write it in decimal, or quote it.',
    };
  }
  const value = resolvePlain(source);
  if (typeof value === 'number' && !Number.isFinite(value))
    return { why: `${source} is not a finite number`, instead: 'Write a finite number, or quote it.' };
  if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)) {
    return { why: `${source} is too large to be read exactly`, instead: 'Quote it.' };
  }
  return undefined;
}
