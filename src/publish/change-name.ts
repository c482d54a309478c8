import { sha256 } from './digest.js';

/** Where branches of this tool live. */
export const branchPrefix = 'gitops-gen/';

/** The trailer by which a commit says which change it belongs to. */
export const changeTrailer = 'Gitops-Gen-Change';

/**
 * The branch of a change: one change, one branch, one pull request. Only letters, digits and dashes of the key are used; where
 * others were in it, or it is long, a hash keeps two keys apart.
 */
export function branchOf(key: string): string {
  const slug = key
    .toLowerCase()
    .replace(/[^a-z0-9]+/gu, '-')
    .replace(/^-+|-+$/gu, '');
  const plain = key.replaceAll(/[/. ]/gu, '-');
  const short = slug.slice(0, 60).replace(/-+$/u, '');
  return `${branchPrefix}${short === plain && short !== '' ? short : [short, sha256(key).slice(0, 8)].filter((each) => each !== '').join('-')}`;
}

/** The message of a commit that belongs to a change. */
export function changeMessage(title: string, words: readonly string[], key: string): string {
  const body = words.length === 0 ? [] : [words.map((word) => `- ${oneLine(word)}`).join('\n')];
  return [oneLine(title), ...body, `${changeTrailer}: ${oneLine(key)}`].join('\n\n');
}

function oneLine(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f]+/gu, ' ').trim();
}
