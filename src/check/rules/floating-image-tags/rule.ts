import { listAt } from '../../../capacity/read.js';
import { imagesOf } from '../../../repository/pods.js';
import { onField, type Rule } from '../../rule.js';

export const floatingImageTags: Rule = {
  id: 'floating-image-tags',
  group: 'security',
  severity: 'warning',
  summary: 'An image is named by a tag that moves, so that the same commit deploys something else tomorrow.',
  parameters: {
    type: 'object',
    additionalProperties: false,
    properties: {
      tags: {
        description: 'Tags that are known to move.',
        type: 'array',
        items: { type: 'string' },
        default: [
          'latest',
          'main',
          'master',
          'stable',
          'edge',
          'nightly',
          'dev',
          'develop',
          'head',
          'canary',
          'rolling',
          'current',
          'lts',
        ],
      },
      requireDigest: {
        description: 'Whether a tag without a digest is a finding too.',
        type: 'boolean',
        default: false,
      },
    },
  },
  check({ repository, parameters }, onFinding) {
    const settings = parameters();
    const moving = new Set(listAt(settings, 'tags'));
    for (const object of repository.objects) {
      for (const { image, pointer } of imagesOf(object)) {
        // Placeholders are filled by another tool; what they will be is not known here.
        if (image === '' || /[{}$<>\s]/.test(image) || image.includes('@sha256:')) continue;
        const tag = tagOf(image);
        const fault =
          tag === undefined
            ? 'has no tag, which means latest'
            : moving.has(tag)
              ? `has the tag ${tag}, which moves`
              : settings['requireDigest'] === true
                ? 'has no digest'
                : undefined;
        if (fault === undefined) continue;
        onFinding(
          onField(object, pointer, {
            message: `Image ${image} ${fault}: the same commit may run something else after the next pull.`,
            hint: 'Pin it as name:tag@sha256:digest, and let a bot raise both in a pull request.',
            key: image,
          }),
        );
      }
    }
  },
};

/** The tag of an image reference without a digest; a colon before the last slash belongs to a registry's port. */
function tagOf(image: string): string | undefined {
  const name = image.slice(image.lastIndexOf('/') + 1);
  const colon = name.indexOf(':');
  return colon < 0 ? undefined : name.slice(colon + 1);
}
