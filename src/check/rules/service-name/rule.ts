import { noParameters, onField, type Rule } from '../../rule.js';

/** DNS-1035 label: what the API server demands of a Service's name (k8s.io/apimachinery validation.IsDNS1035Label). */
const dns1035 = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/;

export const serviceName: Rule = {
  id: 'service-name',
  group: 'kubernetes',
  severity: 'error',
  summary: 'A Service has a name that the API server refuses.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const object of repository.objects) {
      if (object.kind !== 'Service' || object.group !== '' || object.name === '' || dns1035.test(object.name)) continue;
      onFinding(
        onField(object, '/metadata/name', {
          message: `The API server refuses the Service name "${object.name}": ${fault(object.name)}.`,
          hint: `For example ${suggestion(object.name)}; what refers to the Service has to follow.`,
          key: object.name,
        }),
      );
    }
  },
};

function fault(name: string): string {
  if (name.length > 63) return `it has ${name.length} characters, and a DNS label holds 63`;
  if (name.includes('.')) return 'a Service name is one DNS label, and has no dots';
  if (/^[0-9]/.test(name)) return 'it has to start with a letter';
  if (/[A-Z]/.test(name)) return 'it may have no capital letters';
  return 'it may have lower-case letters, digits and dashes only, starts with a letter and ends with a letter or digit';
}

function suggestion(name: string): string {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, 63)
    .replace(/-+$/, '');
  return plain === '' ? 'service' : plain;
}
