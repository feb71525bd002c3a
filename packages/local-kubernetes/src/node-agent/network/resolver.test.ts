import { expect, test } from 'vitest';
import { resolverText } from './resolver.ts';

const machine = 'nameserver 10.0.0.1\nsearch home.arpa\noptions ndots:1 edns0\n';
const containers = [{ name: 'main', image: 'host' }];

test('a pod that says nothing has what its machine has', () => {
  expect(resolverText({ containers }, machine)).toBe(machine);
  expect(resolverText({ containers, dnsPolicy: 'ClusterFirst' }, machine)).toBe(machine);
});

test('what a pod says of its own is added, and its options take the place of others', () => {
  const options = [{ name: 'ndots', value: '5' }, { name: 'rotate' }];
  const dnsConfig = { nameservers: ['10.0.0.1', '10.0.0.2'], searches: ['a.b'], options };
  expect(resolverText({ containers, dnsConfig }, machine)).toBe(
    'search home.arpa a.b\nnameserver 10.0.0.1\nnameserver 10.0.0.2\noptions edns0 ndots:5 rotate\n',
  );
});

test('None leaves only what the pod says', () => {
  const dnsConfig = { nameservers: ['10.9.8.7'] };
  expect(resolverText({ containers, dnsPolicy: 'None', dnsConfig }, machine)).toBe('nameserver 10.9.8.7\n');
});
