import type { Random } from '../../soak/random.ts';

const long = 'x'.repeat(129);
/** Options of a write, beside `dryRun=All`. */
const writeOptions: readonly (readonly [number, string])[] = [
  [20, ''],
  [5, 'fieldValidation=Strict'],
  [2, 'fieldValidation=Warn'],
  [2, 'fieldValidation=Ignore'],
  [1, 'fieldValidation=odd'],
  [2, 'fieldManager=someone'],
  [1, `fieldManager=${long}`],
  [1, 'fieldManager=a%01b'],
  [1, 'pretty=odd'],
  [1, 'odd=1'],
];
const dryRuns: readonly (readonly [number, string])[] = [
  [40, 'dryRun=All'],
  [1, 'dryRun=All&dryRun=All'],
  [1, 'dryRun=odd'],
];
const listOptions = [
  'limit=1',
  'limit=x',
  'limit=-1',
  'labelSelector=app%3Dx',
  'labelSelector=app%20in%20(x%2Cy)',
  'labelSelector=%21app',
  'labelSelector=app%3D%3D%3Dx',
  'labelSelector=a%20b',
  'labelSelector=app%20in%20()',
  `labelSelector=app%3D${long}`,
  'fieldSelector=metadata.name%3Dpod',
  'fieldSelector=metadata.name%21%3Dpod',
  'fieldSelector=spec.odd%3Dx',
  'fieldSelector=x',
  'fieldSelector=status.phase%3DPending',
  'resourceVersion=odd',
  'resourceVersion=0&resourceVersionMatch=Exact',
  'resourceVersionMatch=NotOlderThan',
  'resourceVersion=0&resourceVersionMatch=odd',
  'continue=odd',
  'timeoutSeconds=x',
  'watch=true&timeoutSeconds=0&resourceVersion=odd',
  'sendInitialEvents=true',
  'allowWatchBookmarks=odd',
];

/** A write that leaves nothing behind. */
export function dryRunQuery(random: Random, more = ''): string {
  return `?${[random.weighted(dryRuns), random.weighted(writeOptions), more].filter(Boolean).join('&')}`;
}

export function listQuery(random: Random): string {
  return `?${[random.pick(listOptions), ...(random.between(1, 3) === 1 ? [random.pick(listOptions)] : [])].join('&')}`;
}
