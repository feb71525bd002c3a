import type { CorpusRequest } from '../corpus-request.ts';
import { differences } from '../differences.ts';
import type { RecordedAnswer } from '../run-corpus.ts';

interface Reason {
  readonly why: string;
  covers(request: CorpusRequest, real: RecordedAnswer, own: RecordedAnswer): boolean;
}

const isTo = ({ path }: CorpusRequest, resource: string) => new RegExp(`/${resource}(/|\\?|$)`).test(path);
const says = ({ body }: RecordedAnswer, pattern: RegExp) => pattern.test((body as { message?: string }).message ?? '');
const differsOnlyAt = (pattern: RegExp, real: RecordedAnswer, own: RecordedAnswer) =>
  differences(real, own).every((line) => pattern.test(line));

const withoutEmpty = ({ body }: RecordedAnswer) => JSON.stringify(body).replace(/\[\]|\{\}/g, 'null');
const withoutName = ({ body }: RecordedAnswer) => {
  const name = (body as { details?: { name?: string } }).details?.name;
  return name ? JSON.stringify(body).replaceAll(JSON.stringify(name).slice(1, -1), '<name>') : undefined;
};
const sameWords = (one: readonly string[] = [], other: readonly string[] = []) =>
  JSON.stringify(one.join(', ').split(', ').sort()) === JSON.stringify(other.join(', ').split(', ').sort());

/** Why answers may differ, each as narrow as it can be told. Only ever shorter. */
const reasons: readonly Reason[] = [
  {
    why: 'the real server breaks off, where the embedded one refuses or goes on',
    covers: (_, real, own) => real.code === 0 && own.code !== 0,
  },
  {
    why: 'the parser of YAML words what is wrong with a text its own way',
    covers: (_, real, own) =>
      real.code === own.code && [real, own].every((each) => says(each, /converting YAML to JSON/)),
  },
  {
    why: 'a number too large for its field is refused, where a real server cuts it',
    covers: (_request, _real, own) =>
      (own.code === 422 || own.code === 500) &&
      says(own, /cannot (unmarshal number \S+ into .* of type|convert float64 to) int(32|64)$/s),
  },
  {
    why: 'nothing but metadata of Endpoints is looked at closely: nothing here acts on them',
    covers: (request, real) => isTo(request, 'endpoints') && (real.code === 422 || real.code === 201),
  },
  {
    why: 'what is unknown in the outcome of a patch is warned of in another order',
    covers: ({ method }, real, own) =>
      method === 'PATCH' && differsOnlyAt(/^warnings/, real, own) && sameWords(real.warnings, own.warnings),
  },
  {
    why: 'a field whose name has a line break is warned of, where a real server cannot',
    covers: ({ method }, real, own) =>
      method === 'PATCH' &&
      differsOnlyAt(/^warnings/, real, own) &&
      /unknown field .*\\\\n/.test((own.warnings ?? []).join()),
  },
  {
    why: 'the end of a name that the server makes is made by chance',
    covers: ({ body }, real, own) =>
      /"generateName":"[^"]/.test(JSON.stringify(body)) && withoutName(real) === withoutName(own),
  },
  {
    why: 'a list or a map that a refused change empties is shown as null',
    covers: (_, real, own) => real.code === 422 && own.code === 422 && withoutEmpty(real) === withoutEmpty(own),
  },
  {
    why: 'of a custom resource of another kind nothing else is told',
    covers: (_, real, own) =>
      real.code === 422 &&
      own.code === 422 &&
      says(own, /is invalid: kind: Invalid value: \S+: must be \w+$/) &&
      says(real, /must be/),
  },
];

export function reasonFor(request: CorpusRequest, real: RecordedAnswer, own: RecordedAnswer): string | undefined {
  return reasons.find(({ covers }) => covers(request, real, own))?.why;
}
