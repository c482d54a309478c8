export { buildKustomization } from './build.js';
export { emitStream } from './built-resource.js';
export type { Build, BuildOptions, BuildResult, FieldSource, Resource } from './resource.js';
