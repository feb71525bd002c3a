import { describe, expect, test } from 'vitest';
import { normal } from './normal-screen.ts';

const head = 'Events:\n  Type     Reason                 Age   From                           Message\n';
const line = '  ----     ------                 ----  ----                           -------\n';
const repair =
  '  Warning  ClusterIPNotAllocated  2s    ipallocator-repair-controller  Cluster IP [IPv4]: 10.0.0.9 is not allocated; repairing\n';
const other =
  '  Normal   Scheduled              3s    default-scheduler              Successfully assigned default/p\n';
const otherSeen = '  Normal  Scheduled  AGE  default-scheduler  Successfully assigned default/p\n';
const headSeen = 'Events:\n  Type  Reason  Age  From  Message\n  ----  ------  ----  ----  -------\n';

const conflict =
  '  Warning  FailedUpdateStatus  2s  horizontal-pod-autoscaler  Operation cannot be fulfilled on horizontalpodautoscalers.autoscaling "a": the object has been modified; please apply your changes to the latest version and try again\n';

const endpoints =
  '  Warning  FailedToUpdateEndpointSlices  2s  endpoint-slice-controller  Error updating Endpoint Slices for Service default/s: node "n" not found\n';

describe('events that tell of the moment do not stand on a screen', () => {
  test.each([
    ['a repair, alone in what is described', `Name: s\n${head}${line}${repair}`, 'Name: s\nEvents:  <none>\n'],
    ['endpoints', `${head}${line}${endpoints}`, 'Events:  <none>\n'],
    ['a conflict', `${head}${line}${conflict}`, 'Events:  <none>\n'],
    ['a repair before another object', `${head}${line}${repair}\n\nName: t\n`, 'Events:  <none>\n\n\nName: t\n'],
    ['a repair before another event', `${head}${line}${repair}${other}`, `${headSeen}${otherSeen}`],
    ['a repair after another event', `${head}${line}${other}${repair}`, `${headSeen}${otherSeen}`],
    [
      'a repair in a list of events',
      'LAST SEEN   TYPE      REASON   OBJECT   MESSAGE\n5s          Warning   PortNotAllocated   service/s   Port 30001 is not allocated; repairing\n',
      'LAST SEEN  TYPE  REASON  OBJECT  MESSAGE\n',
    ],
  ])('%s', (_, screen, seen) => {
    expect(normal(screen)).toBe(seen);
  });
  test.each([
    ['other warnings', '  Warning  FailedScheduling  AGE  default-scheduler  no room\n'],
    ['an empty list', 'Events:  <none>\n'],
    ['other events', `${headSeen}${otherSeen}`],
  ])('%s stand', (_, screen) => {
    expect(normal(screen)).toBe(screen);
  });
});
