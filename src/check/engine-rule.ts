import { judgeServing, type ServingProblem, servingRule } from '../models/index.js';
import type { Repository } from '../repository/index.js';
import { type Finding, noParameters, onField, type Rule } from './rule.js';
import { type Engine, enginesOf, requestPointer } from './serving.js';

interface Judged {
  readonly engine: Engine;
  readonly problems: readonly ServingProblem[];
}

const judged = new WeakMap<Repository, readonly Judged[]>();

/** What all rules over engines say, worked out once. */
function judgedEngines(repository: Repository): readonly Judged[] {
  const known = judged.get(repository);
  if (known !== undefined) return known;
  const made = enginesOf(repository).map((engine) => ({ engine, problems: problemsOf(engine) }));
  judged.set(repository, made);
  return made;
}

const weight = { info: 0, warning: 1, error: 2 } as const;

/**
 * A Pod may land on several classes of card. What holds on all of them is as serious as on the mildest; what holds on some
 * is a warning that says where.
 */
function problemsOf(engine: Engine): readonly ServingProblem[] {
  const groups = new Map<string, ServingProblem[]>();
  for (const context of engine.contexts) {
    const seen = new Set<string>();
    for (const problem of judgeServing(context)) {
      const key = `${problem.ruleId}\n${problem.flag ?? ''}\n${problem.key ?? ''}`;
      if (seen.has(key)) continue;
      seen.add(key);
      groups.set(key, [...(groups.get(key) ?? []), problem]);
    }
  }
  return [...groups.values()].flatMap((group) => {
    const ordered = [...group].sort((a, b) => weight[b.severity] - weight[a.severity]);
    const [worst, mildest] = [ordered[0], ordered.at(-1)];
    if (worst === undefined || mildest === undefined) return [];
    if (group.length === engine.contexts.length) return [{ ...worst, severity: mildest.severity }];
    const severity = worst.severity === 'error' ? 'warning' : worst.severity;
    return [
      { ...worst, severity, hint: 'The Pod may land on other cards too: require one that serves by node affinity.' },
    ];
  });
}

/** The place of a problem: what states the flag, the devices that are asked for, or the list where the flag is missing. */
export function onEngine(
  engine: Engine,
  { ruleId: _, flag, source, message, hint, ...rest }: Omit<ServingProblem, 'ruleId'> & { readonly ruleId?: string },
): Finding {
  const { place, container } = engine;
  const common = {
    ...rest,
    message: sentence(message),
    ...(hint === undefined ? {} : { hint: sentence(hint) }),
    ...(engine.environment === undefined ? {} : { environment: engine.environment }),
    application: place.application,
    namespace: place.namespace,
  };
  if (source !== undefined) return onField(place.object, engine.pointerOf(source), common);
  if (flag === undefined) return onField(place.object, requestPointer(engine), common);
  const list = ['args', 'command'].find((name) => container.value[name] !== undefined);
  return onField(place.object, list === undefined ? container.pointer : `${container.pointer}/${list}`, {
    ...common,
    ...(list === undefined ? {} : { part: 'key' as const }),
  });
}

/** A capital where a word of the language begins it (not `bf16`, not the name of a model), and a full stop. */
function sentence(text: string): string {
  const opened = /^[a-z]+[ ,']/.test(text) ? `${text.slice(0, 1).toUpperCase()}${text.slice(1)}` : text;
  return /[.!?]$/.test(opened) ? opened : `${opened}.`;
}

/** A rule of the models room, over every engine of the repository. */
export function engineRule(id: string, summary: string): Rule {
  const rule = servingRule(id);
  if (rule === undefined) throw new Error(`There is no rule over engines called ${id}.`);
  return {
    id,
    group: 'serving',
    severity: rule.severity,
    summary,
    parameters: noParameters,
    check({ repository }, onFinding) {
      for (const { engine, problems } of judgedEngines(repository)) {
        for (const problem of problems) if (problem.ruleId === id) onFinding(onEngine(engine, problem));
      }
    },
  };
}
