type Requirement = (labels: ReadonlyMap<string, string>) => boolean;

const keyPattern = /^\s*(!?)\s*([A-Za-z0-9](?:[A-Za-z0-9_./-]*[A-Za-z0-9])?)\s*/;

/**
 * A label selector in the notation of the Kubernetes API (`a=b,c!=d,e in (f,g),h notin (i),j,!k,l>3`).
 * Undefined where it cannot be read.
 */
export function parseLabelSelector(text: string): Requirement | undefined {
  const requirements: Requirement[] = [];
  let rest = text;
  for (;;) {
    const parsed = requirement(rest);
    if (parsed === undefined) return undefined;
    requirements.push(parsed.matches);
    rest = parsed.rest;
    if (rest === '') break;
    if (!rest.startsWith(',')) return undefined;
    rest = rest.slice(1);
  }
  return (labels) => requirements.every((matches) => matches(labels));
}

function requirement(text: string): { matches: Requirement; rest: string } | undefined {
  const head = keyPattern.exec(text);
  if (head === null) return undefined;
  const key = head[2] as string;
  const rest = text.slice(head[0].length);
  if (head[1] === '!') return end(rest) ? { matches: (labels) => !labels.has(key), rest } : undefined;
  if (end(rest)) return { matches: (labels) => labels.has(key), rest };
  const set = /^(in|notin)\s*\(([^()]*)\)\s*/.exec(rest);
  if (set !== null) {
    const values = new Set((set[2] as string).split(',').map((value) => value.trim()));
    const after = rest.slice(set[0].length);
    if (!end(after)) return undefined;
    if (set[1] === 'in')
      return { matches: (labels) => labels.has(key) && values.has(labels.get(key) as string), rest: after };
    return { matches: (labels) => !labels.has(key) || !values.has(labels.get(key) as string), rest: after };
  }
  const simple = /^(==|=|!=|>|<)\s*([A-Za-z0-9_./-]*)\s*/.exec(rest);
  if (simple === null) return undefined;
  const after = rest.slice(simple[0].length);
  if (!end(after)) return undefined;
  return comparison(key, simple[1] as string, simple[2] as string, after);
}

function comparison(
  key: string,
  operator: string,
  value: string,
  rest: string,
): { matches: Requirement; rest: string } | undefined {
  switch (operator) {
    case '!=':
      return { matches: (labels) => labels.get(key) !== value, rest };
    case '>':
    case '<': {
      if (!/^-?\d+$/.test(value)) return undefined;
      const limit = Number(value);
      const matches: Requirement = (labels) => {
        const own = labels.get(key);
        if (own === undefined || !/^-?\d+$/.test(own)) return false;
        return operator === '>' ? Number(own) > limit : Number(own) < limit;
      };
      return { matches, rest };
    }
    default:
      return { matches: (labels) => labels.get(key) === value, rest };
  }
}

function end(rest: string): boolean {
  return rest === '' || rest.startsWith(',');
}
