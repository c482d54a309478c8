/** Folders of samples and tests, whose files are applied one at a time. */
export function isExample(dir: string): boolean {
  return /(^|[/_-])(examples?|samples?|tests?|testdata|fixtures)([/_-]|$)/i.test(dir);
}
