import { noParameters, type Rule } from '../../rule.js';
import { isHubId, nameOf, onServer, servers } from '../../workloads.js';

export const trustRemoteCode: Rule = {
  id: 'trust-remote-code',
  group: 'security',
  severity: 'warning',
  summary: 'An engine runs code from the repository of its model, whatever that repository holds next.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const engine of servers(repository)) {
      const { facts, place } = engine;
      const flag = facts.flags.get('trust-remote-code');
      if (flag === undefined || flag.value?.toLowerCase() === 'false' || !isHubId(facts.model)) continue;
      const pins = ['code-revision', 'revision'].map((name) => facts.flags.get(name));
      // A value that comes from elsewhere may well be a commit.
      if (pins.some((pin) => pin !== undefined && (pin.value === undefined || /^[0-9a-f]{40}$/.test(pin.value))))
        continue;
      onFinding(
        onServer(engine, engine.pointerOf(flag.source), {
          message: `${nameOf(place)} runs Python from ${facts.model} inside the cluster, at whatever commit its branch points to.`,
          hint: 'Leave --trust-remote-code out where vLLM knows the architecture, or pin --revision (and --code-revision) to a commit that was read.',
        }),
      );
    }
  },
};
