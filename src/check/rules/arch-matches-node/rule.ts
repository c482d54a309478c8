import { stringAt } from '../../../capacity/read.js';
import { requiredLabels } from '../../placement.js';
import { noParameters, type Rule } from '../../rule.js';
import { nameOf, onServer, servers } from '../../workloads.js';

export const archMatchesNode: Rule = {
  id: 'arch-matches-node',
  group: 'capacity',
  severity: 'error',
  summary: 'An engine for one processor architecture is bound to cards that stand beside another.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const engine of servers(repository)) {
      const { cards, template, container, place } = engine;
      if (cards.length === 0 || !cards.every(({ gpu }) => grace.test(gpu.id))) continue;
      const classes = [...new Set(cards.map(({ gpu }) => gpu.id))].join(' and ');
      const label = requiredLabels(template).find(
        ({ key, values }) => key === 'kubernetes.io/arch' && !values.includes('arm64'),
      );
      const image = stringAt(container.value, 'image') ?? '';
      const isAmd = /[-_.:](amd64|x86_64)(?=$|[-_.@])/.test(image);
      if (label === undefined && !isAmd) continue;
      onFinding(
        onServer(engine, label?.pointer ?? `${container.pointer}/image`, {
          message:
            label === undefined
              ? `${nameOf(place)} runs an image for amd64 on ${classes}, whose processors are arm64: it ends with "exec format error".`
              : `${nameOf(place)} requires ${label.key} ${label.values.join(' or ')} and lands on ${classes} only, whose processors are arm64: its Pods stay Pending.`,
          hint: label === undefined ? 'Take an image for several architectures.' : 'Require arm64, or another card.',
        }),
      );
    }
  },
};

/** Classes on boards with Grace processors. */
const grace = /^(gh200|gb200|gb300|gb10)(-|$)/;
