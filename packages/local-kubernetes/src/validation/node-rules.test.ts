import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../schema/schema.ts';
import { create, update } from './through-strategy.fixture.ts';

describe('nodes', () => {
  it('have a taint once', () => {
    const taints = [
      { key: 'a', effect: 'NoExecute' },
      { key: 'a', effect: 'NoExecute', value: 'x' },
    ];
    expect(create('Node', { spec: { taints } }).errors).toEqual([
      'metadata.taints[1]: Duplicate value: {"Key":"a","Value":"x","Effect":"NoExecute","TimeAdded":null}: taints must be unique by key and effect pair',
    ]);
  });

  it('have a block of addresses of each family', () => {
    expect(create('Node', { spec: { podCIDRs: ['10.0.0.0/24', '10.0.1.0/24'] } }).errors).toEqual([
      'spec.podCIDRs: Invalid value: ["10.0.0.0/24","10.0.1.0/24"]: may specify no more than one CIDR for each IP family',
    ]);
    expect(create('Node', { spec: { podCIDRs: ['10.0.0.0/24', 'x'] } }).errors).toEqual([
      'spec.podCIDRs[1]: Invalid value: "x": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
      'spec.podCIDRs: Internal error: invalid PodCIDRs. failed to check with dual stack with error:invalid CIDR[1]: <nil> (invalid CIDR address: x)',
      'spec.podCIDRs: Invalid value: ["10.0.0.0/24","x"]: may specify no more than one CIDR for each IP family',
    ]);
    const { object, errors } = create('Node', { spec: { podCIDRs: ['10.0.0.0/24', 'fd00::/64'] } });
    expect(errors).toEqual([]);
    // The older field has the first.
    expect(object).toMatchObject({ spec: { podCIDR: '10.0.0.0/24' } });
  });

  it('keep the name their provider has for them', () => {
    const { object } = create('Node', { spec: {} });
    const called = (name: string) => (next: JsonObject) =>
      Object.assign(next['spec'] as JsonObject, { providerID: name });
    expect(update('Node', object, called('a'))).toEqual([]);
    const known = { ...object, spec: { providerID: 'a' } };
    expect(update('Node', known, called('b'))).toEqual([
      'spec.providerID: Forbidden: node updates may not change providerID except from "" to valid',
    ]);
  });
});
