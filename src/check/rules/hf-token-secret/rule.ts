import { noParameters, type Rule } from '../../rule.js';
import { isHubId, nameOf, onServer, servers, takesMoreVariables, variable, weightsOf } from '../../workloads.js';

export const hfTokenSecret: Rule = {
  id: 'hf-token-secret',
  group: 'serving',
  severity: 'error',
  summary: 'A gated model is fetched from the hub without a token.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const engine of servers(repository)) {
      const { model, facts, container, place } = engine;
      if (model?.license.gated !== true || !isHubId(facts.model) || takesMoreVariables(container.value)) continue;
      // Fetched by its very id: a mirror, an ungated copy or a path needs none.
      if (!model.checkpoints.some((each) => each.id.toLowerCase() === facts.model?.toLowerCase())) continue;
      if (!gatedOwners.test(facts.model) || facts.flags.has('hf-token')) continue;
      if (substitutes.some((name) => variable(container.value, name) !== undefined)) continue;
      const weights = weightsOf(repository, engine);
      if (weights === undefined || weights.prepared || weights.storage === 'object-stream') continue;
      const kept = weights.storage !== 'ephemeral';
      onFinding(
        onServer(engine, container.pointer, {
          ...(kept ? { severity: 'warning' as const } : {}),
          message: `${nameOf(place)} fetches ${facts.model}, which is gated, and has no HF_TOKEN${kept ? ': unless the files are in its volume already, the hub answers 401' : ': the hub answers 401, and the engine starts again and again'}.`,
          hint: 'Set HF_TOKEN from a Secret (valueFrom.secretKeyRef).',
        }),
      );
    }
  },
};

/** Owners on the hub whose repositories ask for consent. Copies by others are open. */
const gatedOwners = /^(meta-llama|google|mistralai)\//i;

/** A token under another name or in a file, another hub, or none at all. */
const substitutes = [
  'HF_TOKEN',
  'HUGGING_FACE_HUB_TOKEN',
  'HUGGINGFACE_HUB_TOKEN',
  'HF_TOKEN_PATH',
  'HF_ENDPOINT',
  'HF_HUB_OFFLINE',
  'TRANSFORMERS_OFFLINE',
  'VLLM_USE_MODELSCOPE',
];
