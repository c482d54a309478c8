import { objectAt } from '../../../capacity/read.js';
import type { Place } from '../../../diagnostics/diagnostic.js';
import { findSecrets } from '../../../diagnostics/secrets.js';
import { textAt } from '../../../files/file-map.js';
import { isWithin } from '../../../repository/discover.js';
import type { Repository } from '../../../repository/index.js';
import { kubeObject, resourcesOf } from '../../../repository/kube-object.js';
import { toPointer } from '../../../yaml/range.js';
import { readYaml } from '../../../yaml/read.js';
import type { OnFinding } from '../../rule.js';

/**
 * Tokens in manifests that only tests read. A password there is made up as a rule, and nobody can tell from its text; a token of an issuer's form is
 * refused by scanners wherever it stands, and is as readable as any other if it ever was one. One note a file.
 */
export function inTestData({ tree, dirs, discovery }: Repository, onFinding: OnFinding): void {
  for (const { what, file } of discovery.unchecked) {
    if (what !== 'test data' || !isWithin(file, dirs)) continue;
    const text = textAt(tree.files, file) ?? '';
    const found = [...plain(file, text), ...encoded(file, text)];
    const [first] = found;
    if (first === undefined) continue;
    const more = found.length === 1 ? '' : `, and ${found.length - 1} more of the kind`;
    onFinding({
      severity: 'info',
      message: `This data of a test holds ${first.what}${more}: nothing deploys it, but if it ever was a real one, whoever reads this repository has it.`,
      at: first.at,
      hint: 'Revoke it at its issuer if it is real; otherwise write one that says so, such as EXAMPLE within it.',
      key: first.what,
    });
  }
}

interface Token {
  readonly what: string;
  readonly at: Place;
}

function plain(file: string, text: string): Token[] {
  return realOnes(text).map(({ what, offset, length }) => ({ what, at: { file, offset, length } }));
}

/** What the data of Secrets holds in base64. */
function encoded(file: string, text: string): Token[] {
  if (!/\bkind["']?\s*:\s*["']?(Secret|List)\b/.test(text)) return [];
  return readYaml(file, text, () => {}).flatMap(({ index, value }) =>
    (resourcesOf(file, index, value) ?? [])
      .map(kubeObject)
      .filter(({ kind, group }) => kind === 'Secret' && group === '')
      .flatMap((object) => {
        const data = objectAt(object.value, 'data');
        return Object.entries(data).flatMap(([key, written]) => {
          if (typeof written !== 'string') return [];
          const { via: _, ...at } = object.sourceOf(toPointer(['data', key]));
          return realOnes(Buffer.from(written, 'base64').toString('latin1'))
            .slice(0, 1)
            .map(({ what }) => ({ what, at: { ...at, part: 'key' as const } }));
        });
      }),
  );
}

/** Tokens that do not say of themselves, or by what they repeat or count up, that they are made up. */
function realOnes(text: string) {
  return findSecrets(text).filter(({ what, offset, length }) => {
    // The header of a key is not the key.
    if (what === 'a private key') return /^[A-Za-z0-9+/=\s\\]{200}/.test(text.slice(offset + length));
    const token = text.slice(offset, offset + length);
    return !/example|fake|dummy|test|mock|sample|placeholder|(.)\1{4}|12345|abcde/i.test(token);
  });
}
