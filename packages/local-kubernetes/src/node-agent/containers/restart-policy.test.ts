import { describe, expect, it } from 'vitest';
import type { Container, Pod } from '../pod-types.ts';
import { runsAgain } from './restart-policy.ts';

const rule = (operator: string, ...values: number[]) => [{ action: 'Restart', exitCodes: { operator, values } }];

describe('a container that ended', () => {
  it.each([
    ['Always', {}, [true, true]],
    ['OnFailure', {}, [false, true]],
    ['Never', {}, [false, false]],
    ['Never', { restartPolicy: 'Always' }, [true, true]],
    ['Always', { restartPolicy: 'Never' }, [false, false]],
    ['Always', { restartPolicy: 'OnFailure' }, [false, true]],
    ['Never', { restartPolicy: 'Never', restartPolicyRules: rule('In', 3, 4) }, [false, true]],
    ['Never', { restartPolicy: 'Never', restartPolicyRules: rule('In', 4) }, [false, false]],
    ['Never', { restartPolicy: 'Never', restartPolicyRules: rule('NotIn', 3) }, [true, false]],
    ['Never', { restartPolicy: 'OnFailure', restartPolicyRules: rule('In', 0) }, [true, true]],
  ])('of a pod with %s and %j runs again after 0, after 3: %j', (restartPolicy, more, expected) => {
    const container = { name: 'main', image: 'host', ...more } as Container;
    const pod = { metadata: {}, spec: { restartPolicy, containers: [container] } } as unknown as Pod;
    expect([0, 3].map((code) => runsAgain(pod, container, code))).toEqual(expected);
  });

  it('of those that come first does not run again when it ended well', () => {
    const container: Container = { name: 'first', image: 'host' };
    const pod = { metadata: {}, spec: { containers: [], initContainers: [container] } } as unknown as Pod;
    expect([0, 3].map((code) => runsAgain(pod, container, code))).toEqual([false, true]);
  });
});
