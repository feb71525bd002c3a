import fc from 'fast-check';
import { expect, it } from 'vitest';
import { toCoreEvent, toNewEvent } from './event-versions.ts';

const text = fc.string({ maxLength: 5 });
const coreEvents = fc.record(
  {
    apiVersion: fc.constant('v1'),
    kind: fc.constant('Event'),
    metadata: fc.record({ name: text }),
    involvedObject: fc.record({ kind: text, name: text }),
    reason: text,
    message: text,
    source: fc.record({ component: text }),
    firstTimestamp: text,
    lastTimestamp: text,
    count: fc.integer(),
    reportingComponent: text,
    reportingInstance: text,
  },
  { requiredKeys: ['apiVersion', 'kind', 'metadata', 'reportingComponent', 'reportingInstance'] },
);

it('nothing of an event is lost on the way to its newer names and back', () => {
  fc.assert(
    fc.property(coreEvents, (event) => {
      expect(toCoreEvent(toNewEvent(event))).toEqual(event);
    }),
  );
});

it('has the names of events.k8s.io there, and says of reporters only who there are', () => {
  const event = { apiVersion: 'v1', message: 'm', count: 2, reportingComponent: '', reportingInstance: 'i' };
  expect(toNewEvent(event)).toEqual({
    apiVersion: 'events.k8s.io/v1',
    note: 'm',
    deprecatedCount: 2,
    reportingInstance: 'i',
  });
});
