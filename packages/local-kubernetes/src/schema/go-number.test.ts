import { expect, it } from 'vitest';
import { fieldErrorText, invalid } from './field-error.ts';
import { goNumber } from './go-number.ts';

it.each([
  [0, '0'],
  [-12, '-12'],
  [10_000_000, '10000000'],
  [1.5, '1.5'],
  [123456.5, '123456.5'],
  [1234567.5, '1.2345675e+06'],
  [0.0001, '0.0001'],
  [0.00001, '1e-05'],
  [1e19, '1e+19'],
  [-1.25e100, '-1.25e+100'],
])('prints %d', (value, text) => expect(goNumber(value)).toBe(text));

it('stands so in errors', () => {
  expect(fieldErrorText(invalid('size', 1e19, 'too large'))).toBe('size: Invalid value: 1e+19: too large');
});
