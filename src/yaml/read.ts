import jsYaml from 'js-yaml';
import type { Json, OnProblem } from '../diagnostics/diagnostic.js';

/** One document of a YAML file. */
export interface YamlDocument {
  /** 0-based among the documents of the file, empty ones counted. */
  readonly index: number;
  readonly value: Json;
}

/**
 * Reads all documents of a text in bulk (fast, without positions). Syntax errors and duplicate keys become problems and
 * give no document. Positions are asked of `rangeOf` later, for the few places that are shown.
 */
export function readYaml(file: string, text: string, onProblem: OnProblem): readonly YamlDocument[] {
  const values: Json[] = [];
  try {
    jsYaml.loadAll(text, (value) => values.push((value ?? null) as Json), { schema: jsYaml.CORE_SCHEMA });
  } catch (error) {
    if (!(error instanceof jsYaml.YAMLException)) throw error;
    onProblem({
      ruleId: 'yaml-syntax',
      severity: 'error',
      message: error.reason,
      at: { file, offset: error.mark?.position ?? 0, length: 1 },
    });
    return [];
  }
  return values.map((value, index) => ({ index, value }));
}
