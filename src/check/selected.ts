import { objectAt } from '../capacity/read.js';
import type { Json, JsonObject } from '../diagnostics/diagnostic.js';
import type { Repository } from '../repository/index.js';
import type { Deployed } from '../repository/model.js';
import { selects } from '../repository/pods.js';
import { type Engine, type ServingTemplate, servingTemplates } from './serving.js';
import { servers } from './workloads.js';

type Labels = Readonly<Record<string, Json>>;

/** Things with labels, found by label: a fleet has as many selectors as workloads, and each looks for a few of them. */
class Labelled<T> {
  private readonly byPair = new Map<string, T[]>();

  constructor(
    private readonly all: readonly T[],
    private readonly labelsOf: (each: T) => Labels,
  ) {
    for (const each of all) {
      for (const [key, value] of Object.entries(labelsOf(each))) {
        const pair = `${key}=${String(value)}`;
        const list = this.byPair.get(pair);
        if (list === undefined) this.byPair.set(pair, [each]);
        else list.push(each);
      }
    }
  }

  /** What the selector (`matchLabels`, `matchExpressions`) matches, in the order given. */
  matching(selector: JsonObject): readonly T[] {
    let candidates = this.all;
    for (const [key, value] of Object.entries(objectAt(selector, 'matchLabels'))) {
      const here = this.byPair.get(`${key}=${String(value)}`) ?? [];
      if (here.length < candidates.length) candidates = here;
    }
    return candidates.filter((each) => selects(selector, this.labelsOf(each)));
  }
}

/** A Pod template and the object that has it. */
export interface PlacedTemplate {
  readonly place: Deployed;
  readonly template: ServingTemplate;
}

interface Lists {
  readonly templates: Labelled<PlacedTemplate>;
  readonly engines: Labelled<Engine>;
  readonly services: Labelled<Deployed>;
}

const lists = new WeakMap<Repository, Lists>();

function listsOf(repository: Repository): Lists {
  const known = lists.get(repository);
  if (known !== undefined) return known;
  const templates = repository.deployed.flatMap((place) =>
    servingTemplates(place.object).map((template) => ({ place, template })),
  );
  const made = {
    templates: new Labelled(templates, ({ template }) => template.labels),
    engines: new Labelled(servers(repository), ({ template }) => template.labels),
    services: new Labelled(repository.byKind.get('/Service') ?? [], ({ object }) =>
      objectAt(object.value, 'metadata', 'labels'),
    ),
  };
  lists.set(repository, made);
  return made;
}

/** The Pod templates that a label selector matches, wherever they stand; serving kinds of controllers included. */
export function templatesSelected(repository: Repository, selector: JsonObject): readonly PlacedTemplate[] {
  return listsOf(repository).templates.matching(selector);
}

/** The engines in Pods that a label selector matches, wherever they stand. */
export function serversSelected(repository: Repository, selector: JsonObject): readonly Engine[] {
  return listsOf(repository).engines.matching(selector);
}

/** The Services that a label selector matches, wherever they stand. */
export function servicesSelected(repository: Repository, selector: JsonObject): readonly Deployed[] {
  return listsOf(repository).services.matching(selector);
}
