import { describe, expect, it } from 'vitest';
import type { Pod } from '../pod-types.ts';
import { hostnameOf, kernelNameOf } from './hostnames.ts';

const pod = (spec: object, name = 'web-0') => ({ metadata: { name, namespace: 'shop' }, spec }) as unknown as Pod;
const full = { setHostnameAsFQDN: true, subdomain: 'web' };

describe('the name of a pod', () => {
  it.each([
    ['its own', {}, 'web-0', 'web-0'],
    ['its hostname', { hostname: 'first' }, 'first', 'first'],
    ['that of its node', { hostNetwork: true, nodeName: 'node-0', ...full }, 'node-0', 'node-0'],
    ['the whole domain name for the kernel', full, 'web-0', 'web-0.web.shop.svc.cluster.local'],
    ['without a subdomain no whole one', { setHostnameAsFQDN: true }, 'web-0', 'web-0'],
    [
      'what stands over all',
      { hostname: 'first', hostnameOverride: 'over.all', subdomain: 'web' },
      'over.all',
      'over.all',
    ],
  ])('is %s', (_, spec, hostname, kernel) => {
    expect([hostnameOf(pod(spec)), kernelNameOf(pod(spec))]).toEqual([hostname, kernel]);
  });

  it('is cut where it is too long, and does not end in a hyphen', () => {
    expect(hostnameOf(pod({}, `${'a'.repeat(62)}-b`))).toBe('a'.repeat(62));
  });

  it('is refused where the whole one is too long', () => {
    expect(() => kernelNameOf(pod(full, 'a'.repeat(40)))).toThrow(
      `FQDN ${'a'.repeat(40)}.web.shop.svc.cluster.local is too long (64 characters is the max, 67 characters requested)`,
    );
  });
});
