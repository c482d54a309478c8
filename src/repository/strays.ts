import { isObject } from '../capacity/read.js';
import type { Json, Place, Problem } from '../diagnostics/diagnostic.js';
import { toPointer } from '../yaml/pointer.js';

/**
 * Documents that stand among Kubernetes objects and are none: kubectl refuses the file for one, and Argo CD the
 * Application (`splitYAML` in `util/kube` gives an error wherever a file has both). Empty documents are nothing.
 */
export function strayProblems(file: string, document: number, value: Json): readonly Problem[] {
  const place = (pointer: string, part?: 'value'): Place => ({ file, document, pointer, ...(part && { part }) });
  const items = isObject(value) && String(value['kind']).endsWith('List') ? value['items'] : undefined;
  if (Array.isArray(items) && isNamed(value))
    return (items as readonly Json[]).flatMap((item, i) => faults(item, toPointer(['items', i]), place));
  return value === null ? [] : faults(value, '', place);
}

const names = ['apiVersion', 'kind'] as const;

function isNamed(value: Json): boolean {
  return isObject(value) && names.every((name) => typeof value[name] === 'string' && value[name] !== '');
}

function faults(value: Json, pointer: string, place: (pointer: string, part?: 'value') => Place): readonly Problem[] {
  if (isNamed(value)) return [];
  if (!isObject(value)) {
    return [
      {
        ruleId: 'schema-wrong-type',
        severity: 'error',
        message: 'This document is no Kubernetes object: expected a mapping with apiVersion and kind.',
        at: place(pointer, 'value'),
        key: `document ${pointer}`,
      },
    ];
  }
  const wrong = names.filter((name) => typeof value[name] !== 'string' || value[name] === '');
  return wrong.map((name) => {
    const isAbsent = value[name] === undefined || value[name] === null || value[name] === '';
    return {
      ruleId: 'schema-missing-required',
      severity: 'error',
      message: isAbsent
        ? `${name}: required field \`${name}\` is missing, so this is no Kubernetes object.`
        : `${name}: expected string, so this is no Kubernetes object.`,
      at: place(value[name] === undefined ? pointer : `${pointer}/${name}`),
      key: `${pointer} ${name}`,
    };
  });
}
