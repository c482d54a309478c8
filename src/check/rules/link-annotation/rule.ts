import { objectAt } from '../../../capacity/read.js';
import { shown } from '../../../diagnostics/show.js';
import { toPointer } from '../../../yaml/range.js';
import { noParameters, onField, type Rule } from '../../rule.js';

export const linkAnnotation: Rule = {
  id: 'link-annotation',
  group: 'security',
  severity: 'error',
  summary: 'A link that Argo CD shows in its interface does not lead to https.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const object of repository.objects) {
      for (const [name, value] of Object.entries(objectAt(object.value, 'metadata', 'annotations'))) {
        if (!/^link\.argocd\.argoproj\.io\//.test(name) || typeof value !== 'string') continue;
        // "title|address" gives the link a name.
        const address = value.slice(value.lastIndexOf('|') + 1).trim();
        if (/^https:\/\//i.test(address)) continue;
        onFinding(
          onField(object, toPointer(['metadata', 'annotations', name]), {
            ...(/^http:\/\//i.test(address) ? { severity: 'warning' as const } : {}),
            message: `The interface of Argo CD shows this as a link, and "${shown(address)}" is no https address: a link with javascript: runs with the rights of whoever clicks it.`,
            hint: 'Write an address that starts with https://.',
            key: name,
          }),
        );
      }
    }
  },
};
