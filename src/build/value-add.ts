import { fail } from './failure.js';
import { listItems, member } from './kustomization.js';
import { isList, isMap, type Node, type NodeMap, textOf } from './node.js';
import { splitFieldPath } from './replacements.js';
import { select } from './selector.js';
import { placeAt, type Run, selectorOf, sourceAt } from './steps.js';
import { perWrite } from './work.js';

/** The built-in `ValueAddTransformer`: writes one value into fields of selected objects. */
export function setValue(run: Run, root: NodeMap, base: string): void {
  const value = textOf(member(root, 'value'));
  if (value === '') fail('kustomize-plugin', 'A ValueAddTransformer needs a value.', placeAt(run, base));
  for (const { value: target, pointer } of listItems(member(root, 'targets'), `${base}/targets`)) {
    if (!isMap(target)) continue;
    const position = member(target, 'filePathPosition');
    if (position !== undefined && position !== 0) {
      fail('kustomize-plugin', 'filePathPosition is not known here.', placeAt(run, `${pointer}/filePathPosition`));
    }
    const path = splitFieldPath(textOf(member(target, 'fieldPath')).replaceAll('/', '.'));
    const selector = member(target, 'selector');
    const chosen = isMap(selector) ? select(run.state.entries, selectorOf(selector)) : run.state.entries.list;
    run.state.entries.spend(perWrite * chosen.length);
    for (const entry of chosen) {
      if (!leads(entry.root, path.slice(0, -1))) continue;
      entry.set(path, value, sourceAt(run, `${base}/value`, 'transformers'));
    }
  }
  run.state.entries.changed();
}

function leads(root: Node, path: readonly string[]): boolean {
  let node: Node | undefined = root;
  for (const part of path) {
    if (isMap(node)) node = node[part];
    else if (isList(node)) node = node[Number(part)];
    else return node === undefined;
  }
  return true;
}
