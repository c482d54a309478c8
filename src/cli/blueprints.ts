import type { OnProblem } from '../diagnostics/diagnostic.js';
import type { FileContent, FileMap } from '../files/file-map.js';
import { readPackageDir } from '../io/package-data.js';
import { type Blueprint, loadBlueprints, mergeBlueprints } from '../render/blueprint.js';

const folder = 'blueprints';

/** The blueprints of the package and of the repository. Problems of the repository's go to `onProblem`. */
export function blueprintsOf(files: FileMap, onProblem: OnProblem): ReadonlyMap<string, Blueprint> {
  const { packaged, bundled } = bundledOnes(onProblem);
  // What the bundled ones share (the GPU check, the gate) is there for those of the repository too.
  const shared = [...packaged].filter(([path]) => path.startsWith('shared/'));
  const own = loadBlueprints(new Map([...shared, ...below(files)]), folder, onProblem);
  return mergeBlueprints(bundled, own, onProblem);
}

let loaded: { readonly packaged: FileMap; readonly bundled: ReadonlyMap<string, Blueprint> } | undefined;

/** Those of the package do not change while a process runs, and a command asks for them several times. */
function bundledOnes(onProblem: OnProblem): NonNullable<typeof loaded> {
  if (loaded === undefined) {
    const packaged = readPackageDir(folder);
    loaded = { packaged, bundled: loadBlueprints(packaged, folder, onProblem) };
  }
  return loaded;
}

function below(files: FileMap): FileMap {
  const found = new Map<string, FileContent>();
  for (const [path, content] of files)
    if (path.startsWith(`${folder}/`)) found.set(path.slice(folder.length + 1), content);
  return found;
}
