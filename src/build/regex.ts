const cache = new Map<string, RegExp | undefined>();

/**
 * A Go regular expression as one of ours; undefined where it is not valid in both, or where matching could take for
 * ever here (Go's engine is linear, ours is not): a quantified group that holds a quantifier, back references, look-around.
 */
export function goRegex(pattern: string): RegExp | undefined {
  if (cache.has(pattern)) return cache.get(pattern);
  if (cache.size > 10_000) cache.clear();
  const compiled = compile(pattern);
  cache.set(pattern, compiled);
  return compiled;
}

function compile(pattern: string): RegExp | undefined {
  if (pattern.length > 1000 || /\(\?(?:[=!]|<[=!])|\\[1-9]|\\k/.test(pattern)) return undefined;
  if (/\((?:[^()\\]|\\.)*[*+{](?:[^()\\]|\\.)*\)(?:[*+]|\{)/.test(pattern)) return undefined;
  let source = pattern.replaceAll('(?P<', '(?<').replaceAll('\\A', '^').replaceAll('\\z', '$');
  let flags = '';
  const inline = /^(\^\(\?:|\^)?\(\?([imsU]+)\)/.exec(source);
  if (inline !== null) {
    flags = (inline[2] as string).replaceAll('U', '');
    source = (inline[1] ?? '') + source.slice(inline[0].length);
  }
  try {
    return new RegExp(source, flags);
  } catch {
    return undefined;
  }
}
