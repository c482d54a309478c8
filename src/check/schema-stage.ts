import type { Problem } from '../diagnostics/diagnostic.js';
import type { Repository } from '../repository/index.js';
import type { Unchecked } from '../repository/model.js';
import { type CustomDefinition, readCrd } from '../schema/crd.js';
import type { SchemaStore } from '../schema/store.js';
import { validateResource } from '../schema/validate.js';

/** Makes the store that judges a repository, with the definitions that it brings along. */
export type MakeSchemaStore = (definitions: readonly CustomDefinition[], kubernetesVersion: string) => SchemaStore;

/** The definitions of custom kinds among the objects of a repository. */
export function definitionsOf(repository: Repository): readonly CustomDefinition[] {
  return repository.objects.flatMap((object) =>
    object.kind === 'CustomResourceDefinition' ? readCrd(object.value, object.resource.origin.file) : [],
  );
}

/** Holds every object against its schema. What has no whole schema is said among what was not checked. */
export function checkSchemas(
  repository: Repository,
  make: MakeSchemaStore,
): { readonly problems: readonly Problem[]; readonly unchecked: readonly Unchecked[] } {
  const store = make(definitionsOf(repository), repository.kubernetesVersion);
  const problems: Problem[] = [];
  const unchecked = new Map<string, Unchecked>();
  for (const object of repository.objects) {
    validateResource(object.resource, store, (problem) => {
      const isPartial = problem.ruleId === 'schema-partial';
      if (!isPartial && problem.ruleId !== 'schema-not-available') {
        problems.push(problem);
        return;
      }
      const what = `${object.kind} of ${object.apiVersion}`;
      const reason = isPartial ? 'only a part of its schema is known' : 'no schema is known for it';
      unchecked.set(what, unchecked.get(what) ?? { what, file: object.resource.origin.file, reason, minor: true });
    });
  }
  return { problems, unchecked: [...unchecked.values()] };
}
