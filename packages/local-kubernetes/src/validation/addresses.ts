/** Addresses and blocks of them, with the sentences in which the real server refuses others. */
import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net';
import { type FieldError, invalid } from '../schema/field-error.ts';

export function validateAddress(address: unknown, path: string): FieldError[] {
  if (isIP(String(address ?? '')) !== 0) return [];
  return [invalid(path, address ?? '', 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)')];
}

export function isBlock(text: string): boolean {
  const [address = '', bits = '', ...rest] = text.split('/');
  if (rest.length > 0 || !/^(0|[1-9]\d{0,2})$/.test(bits)) return false;
  return (isIPv4(address) && Number(bits) <= 32) || (isIPv6(address) && Number(bits) <= 128);
}

export function validateBlock(text: string, path: string): FieldError[] {
  if (isBlock(text)) return [];
  return [invalid(path, text, 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)')];
}

/** Whether a block lies within another, and is smaller. */
export function isStrictlyWithin(inner: string, outer: string): boolean {
  const [innerAddress = '', innerBits = ''] = inner.split('/');
  const [outerAddress = '', outerBits = ''] = outer.split('/');
  if (isIP(innerAddress) !== isIP(outerAddress) || Number(innerBits) <= Number(outerBits)) return false;
  const family = isIPv6(outerAddress) ? 'ipv6' : 'ipv4';
  const list = new BlockList();
  list.addSubnet(outerAddress, Number(outerBits), family);
  return list.check(innerAddress, family);
}

const ranges: readonly (readonly [detail: string, blocks: readonly (readonly [string, number])[]])[] = [
  [
    'may not be in the loopback range (127.0.0.0/8, ::1/128)',
    [
      ['127.0.0.0', 8],
      ['::1', 128],
    ],
  ],
  [
    'may not be in the link-local range (169.254.0.0/16, fe80::/10)',
    [
      ['169.254.0.0', 16],
      ['fe80::', 10],
    ],
  ],
  [
    'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)',
    [
      ['224.0.0.0', 24],
      ['ff02::', 16],
    ],
  ],
];

/** Of an endpoint, and of a service from outside: one that can be reached from other machines. */
export function validateReachable(address: string, path: string): FieldError[] {
  const family = isIPv6(address) ? 'ipv6' : 'ipv4';
  const isIn = (block: string, bits: number) => {
    if (isIP(block) !== isIP(address)) return false;
    const list = new BlockList();
    list.addSubnet(block, bits, family);
    return list.check(address, family);
  };
  const isUnspecified = isIn('0.0.0.0', 32) || isIn('::', 128);
  return [
    ...(isUnspecified ? [invalid(path, address, `may not be unspecified (${address})`)] : []),
    ...ranges
      .filter(([, blocks]) => blocks.some(([block, bits]) => isIn(block, bits)))
      .map(([detail]) => invalid(path, address, detail)),
  ];
}
