import { at, integerAt } from '../../../capacity/read.js';
import { noParameters, type Rule } from '../../rule.js';
import { mountAt, mountsOf, nameOf, onServer, servers, takesMoreVariables, variable } from '../../workloads.js';

export const writableCachesWithHardening: Rule = {
  id: 'writable-caches-with-hardening',
  group: 'serving',
  severity: 'error',
  summary: 'The engine cannot write its caches in a hardened container.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const engine of servers(repository)) {
      const { container, template, place } = engine;
      if (at(container.value, 'securityContext', 'readOnlyRootFilesystem') !== true) continue;
      const mounts = mountsOf(place.object, template, container);
      const home = variable(container.value, 'HOME');
      const user =
        integerAt(container.value, 'securityContext', 'runAsUser') ??
        integerAt(template.spec, 'securityContext', 'runAsUser');
      // Where the image decides on the user, its home is not known.
      const base = home || (user === undefined || user === 0 ? '/root' : '');
      const cache =
        variable(container.value, 'VLLM_CACHE_ROOT') ||
        (base === '' ? '' : `${variable(container.value, 'XDG_CACHE_HOME') || `${base}/.cache`}/vllm`);
      const missing = [
        ...(mountAt(mounts, '/tmp') === undefined && !variable(container.value, 'TMPDIR') ? ['/tmp'] : []),
        ...(cache !== '' && mountAt(mounts, cache) === undefined ? [cache] : []),
      ];
      if (missing.length === 0 || (takesMoreVariables(container.value) && !missing.includes('/tmp'))) continue;
      onFinding(
        onServer(engine, `${container.pointer}/securityContext/readOnlyRootFilesystem`, {
          message: `${nameOf(place)} has a read-only root file system and no volume at ${missing.join(' and ')}: the engine cannot write its temporary files and compiled graphs, and does not start.`,
          hint: 'Mount an emptyDir there; HOME, HF_HOME and VLLM_CACHE_ROOT can point into one volume.',
        }),
      );
    }
  },
};
