import { expect, test } from 'vitest';
import { errorText } from './error-text.ts';

test.each([
  [Object.assign(new Error('HTTP-Code: 404'), { body: '{"message":"pods \\"x\\" not found"}' }), 'pods "x" not found'],
  [Object.assign(new Error('HTTP'), { body: { message: 'forbidden' } }), 'forbidden'],
  [Object.assign(new Error('HTTP-Code: 502'), { body: '<html>' }), 'HTTP-Code: 502'],
  [
    Object.assign(new Error('connect 127.0.0.1:1'), { code: 'ECONNREFUSED' }),
    'the cluster does not answer: connect 127.0.0.1:1',
  ],
  [new Error('outer', { cause: new Error('inner') }), 'outer: inner'],
  ['text', 'text'],
  [{ type: 'error', message: 'Unexpected server response: 403' }, 'Unexpected server response: 403'],
  [undefined, 'undefined'],
])('%o reads %s', (error, text) => {
  expect(errorText(error)).toBe(text);
});
