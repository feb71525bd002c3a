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

describe('what a real API server says of its own repairs does not stand on a screen', () => {
  test.each([
    ['alone in what is described', `Name: s\n${head}${line}${repair}`, 'Name: s\nEvents:  <none>\n'],
    ['before another object', `${head}${line}${repair}\n\nName: t\n`, 'Events:  <none>\n\n\nName: t\n'],
    ['before another event', `${head}${line}${repair}${other}`, `${headSeen}${otherSeen}`],
    ['after another event', `${head}${line}${other}${repair}`, `${headSeen}${otherSeen}`],
    [
      'in a list of events',
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
