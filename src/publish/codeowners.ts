/** Who is asked to review, by their names at the forge. */
export interface Owners {
  readonly users: readonly string[];
  /** `organisation/team`. */
  readonly teams: readonly string[];
}

/** Where GitHub looks for the file, in this order. */
export const codeownersPaths = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'] as const;

/**
 * The owners of these paths. As GitHub reads the file: the last line that matches a path decides, a line without owners
 * says that there are none, lines that it does not understand are skipped (`!`, `[...]`, an escaped `#`).
 */
export function ownersOf(codeowners: string, paths: readonly string[]): Owners {
  const rules = codeowners.split('\n').flatMap(ruleOf);
  const users = new Set<string>();
  const teams = new Set<string>();
  for (const path of paths)
    for (const owner of rules.findLast(({ pattern }) => pattern.test(path))?.owners ?? []) {
      const name = owner.slice(1);
      if (/^@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/u.test(owner)) users.add(name);
      else if (/^@[A-Za-z0-9-]+\/[\w.-]+$/u.test(owner)) teams.add(name);
    }
  return { users: [...users].sort(), teams: [...teams].sort() };
}

interface OwnerRule {
  readonly pattern: RegExp;
  readonly owners: readonly string[];
}

function ruleOf(line: string): OwnerRule[] {
  const words = line
    .replace(/(^|\s)#.*$/u, '')
    .trim()
    .split(/(?<!\\)\s+/u);
  const [glob = '', ...owners] = words;
  if (glob === '' || glob.startsWith('!') || glob.startsWith('\\#') || glob.includes('[')) return [];
  return [{ pattern: patternOf(glob.replaceAll('\\ ', ' ')), owners }];
}

/** The rules of gitignore(5): a slash within binds to the root, `*` stays in a folder, a folder owns what is below it. */
function patternOf(glob: string): RegExp {
  const bound = glob.replace(/\/$/u, '').includes('/');
  const body = glob.replace(/^\//u, '').replace(/\/$/u, '');
  let text = '';
  for (let at = 0; at < body.length; at += 1) {
    const rest = body.slice(at);
    if (rest.startsWith('**/')) {
      text += '(?:[^/]+/)*';
      at += 2;
    } else if (rest === '**') {
      text += '.*';
      at += 1;
    } else if (rest.startsWith('*')) {
      text += '[^/]*';
      while (body[at + 1] === '*') at += 1;
    } else if (rest.startsWith('?')) text += '[^/]';
    else text += (body[at] as string).replace(/[\\^$.*+?()[\]{}|/]/gu, '\\$&');
  }
  // `docs/*` owns the files of docs and not what lies deeper (GitHub's own example).
  const below = glob.endsWith('/') ? '/.*' : body.endsWith('/*') ? '' : '(?:/.*)?';
  return new RegExp(`^${bound ? '' : '(?:.*/)?'}${text}${below}$`, 'u');
}
