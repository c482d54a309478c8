import { describe, expect, it } from 'vitest';
import { packageVersion, readPackageDir, readPackageFile } from './package-data.js';

describe('files of the package', () => {
  it('are found from the sources', () => {
    expect(JSON.parse(readPackageFile('package.json'))).toMatchObject({
      name: 'gitops-gen',
      version: packageVersion(),
    });
    expect([...readPackageDir('scripts').keys()]).toContain('lint/no-math-random.grit');
  });

  it('that are not there are an error with a name, and a folder that is not there is empty', () => {
    expect(() => readPackageFile('schemas/none.json')).toThrow(/holds no schemas\/none\.json/);
    expect(readPackageDir('none').size).toBe(0);
  });

  it('are never those of somebody else', () => {
    expect(() => readPackageFile('../package.json')).toThrow(/holds no|leaves the package/);
    expect(() => readPackageDir('schemas/../../x')).toThrow(/leaves the package/);
  });
});
