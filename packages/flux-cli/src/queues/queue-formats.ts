/** Formats and headings of `flux queue list`. */
import type { NamedFormat } from '../formats/named-formats.ts';

const state =
  '?:{queuem:<8.8} ?:{parent:<8.8} {color_enabled}{enabled:>2}{color_off} {color_started}{started:>2}{color_off}';

export const queueFormats: Readonly<Record<string, NamedFormat>> = {
  default: {
    description: 'Default flux-queue list format string',
    format: `${state} {defaults.timelimit!F:>8} {limits.timelimit!F:>8} {limits.range.effective.nnodes:>10} {limits.range.effective.ncores:>10} {limits.range.effective.ngpus:>10}`,
  },
  policy: {
    description: 'flux-queue list with policy limits only',
    format: `${state} {defaults.timelimit!F:>8} {limits.timelimit!F:>8} {limits.range.nnodes:>10} {limits.range.ncores:>10} {limits.range.ngpus:>10}`,
  },
  nodes: {
    description: 'Show queue status plus all/up/allocated/free nodes',
    format: `${state} {resources.all.nnodes:>6} {resources.up.nnodes:>10} {resources.down.nnodes:>10} {resources.allocated.nnodes:>11} {resources.free.nnodes:>10}`,
  },
};

const items = ['nnodes', 'ncores', 'ngpus'];

export const queueHeadings: Readonly<Record<string, string>> = {
  queue: 'QUEUE',
  queuem: 'QUEUE',
  parent: 'PARENT',
  submission: 'SUBMIT',
  scheduling: 'SCHED',
  enabled: 'EN',
  started: 'ST',
  'enabled.ascii': 'EN',
  'started.ascii': 'ST',
  color_enabled: '',
  color_started: '',
  color_off: '',
  'defaults.timelimit': 'TDEFAULT',
  'limits.timelimit': 'TLIMIT',
  ...Object.fromEntries(
    items.flatMap((item) => {
      const name = item.slice(1).toUpperCase();
      return [
        [`limits.range.${item}`, `N${name}`],
        [`limits.range.effective.${item}`, `N${name}`],
        [`limits.min.${item}`, `MIN${name}`],
        [`limits.max.${item}`, `MAX${name}`],
        [`resources.all.${item}`, name],
        ...['free', 'allocated', 'up', 'down'].map((part) => [
          `resources.${part}.${item}`,
          `${name}:${part.slice(0, 5).toUpperCase()}`,
        ]),
      ];
    }),
  ),
};
