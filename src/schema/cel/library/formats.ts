import { type CelFunc, CelScalar, celFunc, celList, celMethod } from '@bufbuild/cel';
import { keyFault, labelValueFault, nameFault } from '../../api-rules/syntax.js';
import { hasFormat } from '../../formats.js';
import { parseRequestUri } from '../../go-url.js';
import { unwrap, wrap } from '../opaque.js';

const { STRING, TYPE } = CelScalar;

/** What generateName may end in: the name that it begins is legal. */
const asPrefix = (text: string): string => (text.endsWith('-') ? `${text.slice(0, -1)}a` : text);
const unless = (holds: boolean, fault: string): string | undefined => (holds ? undefined : fault);

/** The formats of `library.Format` of the API server; each says what is wrong with a text. */
const formats: Readonly<Record<string, (text: string) => string | undefined>> = {
  dns1123Label: (text) => nameFault('label', text),
  dns1123Subdomain: (text) => nameFault('subdomain', text),
  dns1035Label: (text) => nameFault('service', text),
  qualifiedName: keyFault,
  dns1123LabelPrefix: (text) => nameFault('label', asPrefix(text)),
  dns1123SubdomainPrefix: (text) => nameFault('subdomain', asPrefix(text)),
  dns1035LabelPrefix: (text) => nameFault('service', asPrefix(text)),
  labelValue: labelValueFault,
  uri: (text) => {
    const url = parseRequestUri(text);
    return 'error' in url ? url.error : undefined;
  },
  uuid: (text) => unless(hasFormat('uuid', text), 'does not match the UUID format'),
  byte: (text) => unless(hasFormat('byte', text), 'invalid base64'),
  date: (text) => unless(hasFormat('date', text), 'invalid date'),
  datetime: (text) => unless(hasFormat('date-time', text), 'invalid datetime'),
};

/** Named formats (https://kubernetes.io/docs/reference/using-api/cel/#kubernetes-format-library). */
export const formatFunctions: readonly CelFunc[] = [
  ...Object.keys(formats).map((name) => celFunc(`format.${name}`, [], TYPE, () => wrap('format', name))),
  celFunc('format.named', [STRING], TYPE, (name) =>
    wrap('optional', Object.hasOwn(formats, name) ? wrap('format', name) : undefined),
  ),
  celMethod('validate', TYPE, [STRING], TYPE, function (text) {
    const fault = formats[unwrap('format', this)]!(text);
    return wrap('optional', fault === undefined ? undefined : celList([fault]));
  }),
];
