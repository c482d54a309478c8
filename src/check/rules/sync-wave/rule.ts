import { at } from '../../../capacity/read.js';
import { describeValue, shown } from '../../../diagnostics/show.js';
import { parseWave, waveAnnotation } from '../../../repository/waves.js';
import { noParameters, onField, type Rule } from '../../rule.js';

const pointer = '/metadata/annotations/argocd.argoproj.io~1sync-wave';

export const syncWave: Rule = {
  id: 'sync-wave',
  group: 'order',
  severity: 'error',
  summary: 'A sync wave is no integer, and Argo CD silently takes it for 0.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const object of repository.objects) {
      const wave = at(object.value, 'metadata', 'annotations', waveAnnotation);
      if (wave === undefined || wave === null) continue;
      if (typeof wave !== 'string') {
        const fixed = typeof wave === 'number' && Number.isInteger(wave) ? { fix: `"${wave}"` } : {};
        onFinding(
          onField(object, pointer, {
            message: `The sync wave is ${describeValue(wave)}; annotations are strings, and the API server refuses the object.`,
            hint: `Quote it: "${String(wave)}".`,
            ...fixed,
          }),
        );
      } else if (parseWave(wave) === undefined) {
        onFinding(
          onField(object, pointer, {
            message: `The sync wave "${shown(wave)}" is no integer; Argo CD says nothing and puts the object in wave 0.`,
            hint: 'Write a whole number in quotes, such as "10" or "-5", without spaces.',
          }),
        );
      }
    }
  },
};
