import type { Rule } from '../../rule.js';

export const inventoryAge: Rule = {
  id: 'inventory-age',
  group: 'capacity',
  severity: 'warning',
  summary: 'An inventory was looked at so long ago that verdicts about capacity may speak of another cluster.',
  parameters: {
    type: 'object',
    additionalProperties: false,
    properties: {
      days: { description: 'Days after which an inventory is old.', type: 'integer', minimum: 1, default: 90 },
    },
  },
  check({ repository, parameters, today }, onFinding) {
    const now = dayOf(today);
    for (const { name, config, environments } of repository.inventory) {
      const seen = dayOf(config.value.spec.observedAt ?? '');
      const [environment] = environments;
      const limit = Number(parameters(environment)['days']);
      if (now === undefined || seen === undefined || now - seen <= limit) continue;
      onFinding({
        ...(environment === undefined ? {} : { environment }),
        message: `The inventory of cluster ${name} was looked at ${now - seen} days ago; what is said about its capacity is about that day.`,
        hint: 'Look again: kubectl get nodes -o json | gitops-gen inventory import, or correct observedAt.',
        at: config.place('/spec/observedAt'),
        key: name,
      });
    }
  },
};

/** Days since 1970-01-01 of an ISO date (civil calendar; Howard Hinnant, "chrono-compatible low-level date algorithms"). */
function dayOf(text: string): number | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})/.exec(text);
  if (match === null) return undefined;
  const [month, day] = [Number(match[2]), Number(match[3])];
  const year = Number(match[1]) - (month <= 2 ? 1 : 0);
  const era = Math.floor(year / 400);
  const yearOfEra = year - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return (
    era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
  );
}
