import { allRules } from '../check/registry.js';
import type { FileMap } from '../files/file-map.js';
import { findGpu, findModel, gpuOfProduct, listGpus, listModels } from '../models/index.js';
import type { Known } from '../spec/references.js';
import { knownNames } from '../spec/references.js';
import { blueprintsOf } from './blueprints.js';

/** The catalogs that specs may name: models, GPUs, blueprints (those of the repository too) and rules. */
export function knownTo(files: FileMap): Known {
  return {
    models: {
      has: (id) => findModel(id) !== undefined,
      names: () => listModels().flatMap(({ id, aliases }) => [id, ...(aliases ?? [])]),
    },
    gpus: {
      // A class, or the product that a node announces.
      has: (id) => findGpu(id) !== undefined || gpuOfProduct(id) !== undefined,
      names: () => listGpus().flatMap(({ id, aliases }) => [id, ...(aliases ?? [])]),
    },
    // What is wrong with a blueprint is said where it is loaded to be used.
    blueprints: knownNames(blueprintsOf(files, () => {}).keys()),
    rules: knownNames(allRules.map(({ id }) => id)),
  };
}
