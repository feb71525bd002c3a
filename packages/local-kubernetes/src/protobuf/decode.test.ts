import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { builtInKinds } from '../kinds/built-in.ts';
import { strategyFor } from '../validation/strategies.ts';
import { decodeProtobuf } from './decode.ts';
import { ProtobufError } from './wire.ts';

// What kubectl 1.35.2 sent for `kubectl create ...`, byte for byte.
const sent = {
  namespace: 'azhzAAoPCgJ2MRIJTmFtZXNwYWNlEhsKEwoDZm9vEgAaACIAKgAyADgAQgASABoCCgAaACIA',
  job: 'azhzAAoPCghiYXRjaC92MRIDSm9iEoIBChEKAWoSABoAIgAqADIAOABCABJjMmEKEAoAEgAaACIAKgAyADgAQgASTRIqCgFqEgdidXN5Ym94GgVzbGVlcBoBMSoAQgBqAHIAgAEAiAEAkAEAogEAGgVOZXZlcjIAQgBKAFIAWABgAGgAggEAigEAmgEAwgEAGgggACgAMAA6ABoAIgA=',
  configMap: 'azhzAAoPCgJ2MRIJQ29uZmlnTWFwEhsKEQoBYxIAGgAiACoAMgA4AEIAEgYKAWsSAXYaACIA',
  deployment:
    'azhzAAoVCgdhcHBzL3YxEgpEZXBsb3ltZW50EqcBChsKAWQSABoAIgAqADIAOABCAFoICgNhcHASAWQSeggDEgoKCAoDYXBwEgFkGmIKGgoAEgAaACIAKgAyADgAQgBaCAoDYXBwEgFkEkQSJgoBaRIBaSoAMgoKABAAGFAiACoAQgBqAHIAgAEAiAEAkAEAogEAGgAyAEIASgBSAFgAYABoAIIBAIoBAJoBAMIBACICCgAoADgAGgwIABAAGAAgACgAOAAaACIA',
  quota:
    'azhzAAoTCgJ2MRINUmVzb3VyY2VRdW90YRI0ChEKAXESABoAIgAqADIAOABCABIdCg4KA2NwdRIHCgUxNTAwbQoLCgRwb2RzEgMKATMaABoAIgA=',
  priorityClass:
    'azhzAAolChRzY2hlZHVsaW5nLms4cy5pby92MRINUHJpb3JpdHlDbGFzcxI7ChEKAXASABoAIgAqADIAOABCABD7//////////8BGAAiA2xvdyoUUHJlZW1wdExvd2VyUHJpb3JpdHkaACIA',
  budget:
    'azhzAAogCglwb2xpY3kvdjESE1BvZERpc3J1cHRpb25CdWRnZXQSNgoRCgFiEgAaACIAKgAyADgAQgASFQoJCAEQABoDNTAlEggKBgoBYRIBYhoKCAAYACAAKAAwABoAIgA=',
};
const decode = (name: keyof typeof sent) => decodeProtobuf(Buffer.from(sent[name], 'base64'));

function normal(name: keyof typeof sent) {
  const { object, apiVersion, kind } = decode(name);
  const found = builtInKinds.find((each) => each.kind === kind && apiVersion.endsWith(each.version))!;
  return strategyFor(found).decode(object).object;
}

describe('bodies kubectl sends', () => {
  it('a namespace', () =>
    expect(normal('namespace')).toMatchObject({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'foo' } }));
  it('a job', () =>
    expect(normal('job')).toEqual({
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'j' },
      spec: {
        template: {
          metadata: {},
          spec: {
            containers: [{ name: 'j', image: 'busybox', command: ['sleep', '1'], resources: {} }],
            restartPolicy: 'Never',
          },
        },
      },
      status: {},
    }));
  it('a config map', () => expect(normal('configMap')).toMatchObject({ metadata: { name: 'c' }, data: { k: 'v' } }));
  it('a deployment', () =>
    expect(decode('deployment')).toMatchObject({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      object: { spec: { replicas: 3, selector: { matchLabels: { app: 'd' } } } },
    }));
  it('a quota', () => expect(normal('quota')).toMatchObject({ spec: { hard: { cpu: '1500m', pods: '3' } } }));
  it('a negative number', () => expect(normal('priorityClass')).toMatchObject({ value: -5, description: 'low' }));
  it('a percentage', () => expect(normal('budget')).toMatchObject({ spec: { minAvailable: '50%' } }));
});

describe('bodies nobody should send', () => {
  it.each([
    ['no prefix', Buffer.from('{}')],
    ['an unknown kind', Buffer.from('k8s\0\n\x07\n\x01x\x12\x02Xy', 'latin1')],
    ['an end within a field', Buffer.from(sent.job, 'base64').subarray(0, 30)],
  ])('%s', (_name, bytes) => expect(() => decodeProtobuf(bytes)).toThrow(ProtobufError));

  it('throws nothing but its own refusal for any bytes', () => {
    const seeds = Object.values(sent).map((text) => Buffer.from(text, 'base64'));
    const mutation = fc.tuple(
      fc.constantFrom(...seeds),
      fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { maxLength: 8 }),
    );
    fc.assert(
      fc.property(mutation, ([seed, changes]) => {
        const bytes = Uint8Array.from(seed);
        for (const [at, value] of changes) bytes[4 + (at % (bytes.length - 4))] = value;
        try {
          decodeProtobuf(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(ProtobufError);
        }
      }),
      { numRuns: 20_000 },
    );
  });
});
