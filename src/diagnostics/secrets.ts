/** A literal secret in a text. */
export interface SecretMatch {
  /** What it looks like, in words. */
  readonly what: string;
  readonly offset: number;
  readonly length: number;
}

/**
 * Prefixes that the issuers document for their tokens, so that scanners can find them: GitHub ("About authentication to
 * GitHub", token formats), Hugging Face (user access tokens), AWS (IAM unique identifiers), GitLab (token prefixes), Slack
 * (token types), OpenAI, npm, Google (API keys), and PEM (RFC 7468). Lengths are lower bounds, so that prose about a prefix is not a finding.
 */
const kinds: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['a GitHub token', /\b(?:gh[pousr]_[A-Za-z0-9]{20,255}|github_pat_[A-Za-z0-9_]{22,255})/g],
  ['a Hugging Face token', /\b(?:hf|api_org)_[A-Za-z0-9]{20,128}/g],
  ['an AWS access key id', /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g],
  ['a GitLab token', /\bgl(?:pat|dt|rt|cbt|ptt|ft|soat|agent)-[A-Za-z0-9_-]{20,128}/g],
  ['a Slack token', /\bxox[abeprs]-[A-Za-z0-9-]{10,255}/g],
  ['an OpenAI key', /\bsk-(?:proj-|svcacct-)?[A-Za-z0-9_-]{32,255}/g],
  ['an npm token', /\bnpm_[A-Za-z0-9]{36}\b/g],
  ['a Google API key', /\bAIza[A-Za-z0-9_-]{35}/g],
  ['a private key', /-----BEGIN [A-Z ]{0,32}PRIVATE KEY-----/g],
];

/** Rules whose findings point at a secret of any form: the line is named and not shown. */
export const secretRules: ReadonlySet<string> = new Set(['secrets-not-in-git', 'kustomize-plain-secret']);

/**
 * Whether the line that a finding points at may hold the secret itself. What stands in another revision is pointed at where that
 * revision is asked for, and the message ends with its file and revision: that line is no secret.
 */
export function hidesLine({ ruleId, message }: { readonly ruleId: string; readonly message: string }): boolean {
  return secretRules.has(ruleId) && !/ \(\S+ at revisions? [^()]+\)$/.test(message);
}

/** Literal secrets in a text, in order of place. */
export function findSecrets(text: string): SecretMatch[] {
  const found: SecretMatch[] = [];
  for (const [what, pattern] of kinds) {
    for (const match of text.matchAll(pattern)) found.push({ what, offset: match.index, length: match[0].length });
  }
  return found.sort((a, b) => a.offset - b.offset || b.length - a.length);
}

const keyBody = /(-----BEGIN [A-Z ]{0,32}PRIVATE KEY-----)[A-Za-z0-9+/=\s\\]*/g;

/** The text with every literal secret replaced, for whatever is printed. */
export function redactSecrets(text: string): string {
  let out = text.replace(keyBody, '$1');
  for (const [what, pattern] of kinds) out = out.replace(pattern, `[${what.replace(/^an? /, '')} removed]`);
  return out;
}
