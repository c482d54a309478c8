import { objectsAt, stringAt } from '../../../capacity/read.js';
import { noParameters, onField, placeOf, type Rule } from '../../rule.js';

export const destinationServiceAccount: Rule = {
  id: 'destination-service-account',
  group: 'security',
  severity: 'warning',
  summary: 'An entry of destinationServiceAccounts is refused or can never be chosen.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const { object, spec } of repository.projects.values()) {
      const entries = objectsAt(spec, 'destinationServiceAccounts');
      for (const [index, entry] of entries.entries()) {
        const pointer = `/spec/destinationServiceAccounts/${index}`;
        const account = stringAt(entry, 'defaultServiceAccount') ?? '';
        if (account === '' || /[!*[\]{}\\/]/.test(account)) {
          onFinding(
            onField(object, `${pointer}/defaultServiceAccount`, {
              severity: 'error',
              message:
                account === ''
                  ? 'The entry names no service account.'
                  : `The service account "${account}" has characters of a pattern; it is a name, or namespace:name.`,
              key: `${index}`,
            }),
          );
        }
        for (const key of ['server', 'namespace']) {
          if (!(stringAt(entry, key) ?? '').startsWith('!')) continue;
          onFinding(
            onField(object, `${pointer}/${key}`, {
              severity: 'error',
              message: `There is no negation in this list, and Argo CD refuses ${String(entry[key])}.`,
              key: `${index} ${key}`,
            }),
          );
        }
        const earlier = entries.findIndex(
          (each, i) =>
            i < index &&
            covers(stringAt(each, 'server'), stringAt(entry, 'server')) &&
            covers(stringAt(each, 'namespace'), stringAt(entry, 'namespace')),
        );
        if (earlier >= 0) {
          onFinding(
            onField(object, pointer, {
              message:
                'The first entry that matches is taken, and an earlier one matches everything that this one does: it is never chosen.',
              hint: 'Put the narrower entry first.',
              related: [
                { message: 'the earlier entry', at: placeOf(object, `/spec/destinationServiceAccounts/${earlier}`) },
              ],
              key: `${index} shadowed`,
            }),
          );
        }
      }
    }
  },
};

function covers(wider: string | undefined, narrower: string | undefined): boolean {
  return wider === '*' || (wider ?? '') === (narrower ?? '');
}
