import { stringAt } from '../capacity/read.js';
import type { Repository } from '../repository/index.js';
import { Permissions } from '../repository/permission.js';
import { extendProject } from '../repository/settings.js';

/** The projects of a repository, each extended and ready to be asked; made on demand and once. */
export class ExtendedProjects {
  private readonly made = new Map<string, Permissions | undefined>();
  private secrets: Repository['objects'] | undefined;

  constructor(private readonly repository: Repository) {}

  /** Undefined where the repository has no project of that name. */
  of(name: string): Permissions | undefined {
    if (!this.made.has(name)) this.made.set(name, this.make(name));
    return this.made.get(name);
  }

  private make(name: string): Permissions | undefined {
    const { projects, argocd, objects, argocdVersion } = this.repository;
    const project = projects.get(name);
    if (project === undefined) return undefined;
    this.secrets ??= objects.filter(
      (each) =>
        each.kind === 'Secret' &&
        stringAt(each.value, 'metadata', 'labels', 'argocd.argoproj.io/secret-type') !== undefined,
    );
    return new Permissions(extendProject(project, projects, argocd, this.secrets), argocdVersion);
  }
}
