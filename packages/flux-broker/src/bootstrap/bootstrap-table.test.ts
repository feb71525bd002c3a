import { describe, expect, it } from 'vitest';
import { fillEndpoint, parseBootstrap } from './bootstrap-table.ts';
import { parseCertificate, printCertificate } from './certificate.ts';
import { z85Encode } from './z85.ts';

const parse = (bootstrap: unknown, hostname = 'a0') => parseBootstrap({ bootstrap }, hostname);

describe('the [bootstrap] table', () => {
  it('fills templates and expands hostlists in rank order', () => {
    const table = parse({
      curve_cert: '/c',
      default_port: 8050,
      default_bind: 'tcp://eth0:%p',
      default_connect: 'tcp://%h.svc:%p',
      hosts: [{ host: 'a[0-1]' }, { host: 'a1', bind: 'tcp://10.0.0.1:1' }, { host: 'b', parent: 'a1' }],
    });
    expect(table?.hosts).toEqual([
      { host: 'a0', bind: 'tcp://eth0:8050', connect: 'tcp://a0.svc:8050' },
      { host: 'a1', bind: 'tcp://10.0.0.1:1', connect: 'tcp://a1.svc:8050' },
      { host: 'b', parent: 'a1', bind: 'tcp://eth0:8050', connect: 'tcp://b.svc:8050' },
    ]);
  });

  it('is a singleton without hosts, and absent without a table', () => {
    expect(parse({})?.hosts).toEqual([{ host: 'a0' }]);
    expect(parseBootstrap({}, 'a0')).toBeUndefined();
  });

  it.each([
    [{ hosts: [{ host: 'b' }] }, 'a0 not found in hosts'],
    [{ hosts: [{ host: 'a[0-1]' }] }, 'curve_cert must be defined for size > 1'],
    [{ default_port: 70_000 }, 'default_port must be in the range of 0-65535'],
    [{ nosuch: 1 }, "unknown key 'nosuch'"],
    [{ hosts: 'a0' }, 'hosts must be array type'],
    [{ hosts: [{ host: 'a0', bind: 'nonsense' }] }, 'invalid hosts[0]: bind key nonsense has no URI scheme'],
    [{ hosts: [{ host: 'a0', bind: 'tcp://x:*' }] }, 'contains 0MQ port wildcard'],
    [{ hosts: [{ host: 'a0', bind: 'udp://x:1' }] }, 'URI scheme must be tcp or ipc'],
    [{ hosts: [{ host: 'a0', parent: 'a0' }] }, 'parent key refers to self'],
    [{ hosts: [{ host: 'a0', parent: 'zz' }] }, 'parent key refers to unknown host'],
    [{ hosts: [{ host: 'a_0' }] }, "domain label contains invalid character '_' (0x5f)"],
  ])('refuses %j: %s', (bootstrap, text) => {
    expect(() => parse(bootstrap)).toThrow(text);
    expect(() => parse(bootstrap)).toThrow('Config file error [bootstrap]: ');
  });

  it('fills %h, %p and %% alone', () => {
    expect(fillEndpoint('%h:%p%%%x', 'host', 1)).toBe('host:1%%x');
  });
});

describe('certificates', () => {
  it('encodes Z85 as its specification shows', () => {
    expect(z85Encode(Uint8Array.of(0x86, 0x4f, 0xd2, 0x6f, 0xb5, 0x59, 0xf7, 0x5b))).toBe('HelloWorld');
  });

  it('prints what it reads', () => {
    const key = 'x'.repeat(40);
    const certificate = { metadata: { name: 'a', 'keygen.userid': '0' }, publicKey: key, secretKey: key };
    expect(parseCertificate(printCertificate(certificate))).toEqual(certificate);
    expect(() => parseCertificate('curve\n    public-key = "short"\n')).toThrow('public-key is missing or bad');
  });
});
