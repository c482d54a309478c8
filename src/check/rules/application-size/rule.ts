import { noParameters, onField, type Rule } from '../../rule.js';

export const applicationSize: Rule = {
  id: 'application-size',
  group: 'argocd',
  severity: 'warning',
  summary: 'An Application is so large that Argo CD has trouble with it or refuses it.',
  parameters: {
    ...noParameters,
    properties: {
      objects: {
        description: 'Objects above which an Application is called large.',
        type: 'integer',
        minimum: 1,
        default: 5000,
      },
      directoryBytes: {
        description: 'Sum of the manifests of a directory source (reposerver.max.combined.directory.manifests.size).',
        type: 'integer',
        minimum: 1,
        default: 10_000_000,
      },
    },
  },
  check({ repository, parameters }, onFinding) {
    const { objects, directoryBytes } = parameters() as { readonly objects: number; readonly directoryBytes: number };
    const encoder = new TextEncoder();
    for (const application of repository.applications) {
      if (application.deployed.length > objects) {
        onFinding(
          onField(application.object, '/metadata/name', {
            message: `Application ${application.name} deploys ${application.deployed.length} objects; above ${objects} its comparison and its page get slow.`,
            hint: 'Split it by folder.',
            key: 'objects',
          }),
        );
      }
      for (const { unit, pointer } of application.sources) {
        if (unit?.kind !== 'manifests' || unit.revision !== '') continue;
        const files = new Set(unit.objects.map((each) => each.resource.origin.file));
        let bytes = 0;
        for (const file of files) {
          const content = repository.tree.files.get(file);
          bytes += typeof content === 'string' ? encoder.encode(content).length : (content?.length ?? 0);
        }
        if (bytes <= directoryBytes) continue;
        onFinding(
          onField(application.object, `${pointer}/path`, {
            severity: 'error',
            message: `The manifests of ${unit.dir} have ${bytes} bytes together; the repo server reads ${directoryBytes} of a directory and refuses the rest.`,
            hint: 'Split the folder into several Applications, or deploy it as a kustomization, which has no such limit.',
            key: 'bytes',
          }),
        );
      }
    }
  },
};
