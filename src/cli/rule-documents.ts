import { readPackageFile } from '../io/package-data.js';
import { IoError } from '../publish/errors.js';

/** Where a rule's document stands: in the package beside the build, in a clone beside the rule. */
const places = [(id: string) => `dist/rules/${id}.md`, (id: string) => `src/check/rules/${id}/README.md`];

/** The document of a rule, or undefined where it has none. */
export function ruleDocument(id: string): string | undefined {
  for (const place of places) {
    try {
      return readPackageFile(place(id));
    } catch (error) {
      if (!(error instanceof IoError)) throw error;
    }
  }
  return undefined;
}

/** The address of a rule's document: below the package's homepage, or its path in the package while there is none. */
export function ruleAddress(id: string): string {
  homepageRead ??= readHomepage();
  return homepageRead.url === undefined ? `dist/rules/${id}.md` : `${homepageRead.url}/rules/${id}`;
}

let homepageRead: { readonly url: string | undefined } | undefined;

function readHomepage(): { readonly url: string | undefined } {
  const { homepage } = JSON.parse(readPackageFile('package.json')) as { homepage?: string };
  return { url: homepage?.replace(/#.*$/, '') };
}
