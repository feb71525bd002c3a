/**
 * A number of JSON as Go's fmt package prints it (`%v`): whole numbers that fit into 64 bits as they are, all others as
 * floats, which take an exponent below 0.0001 and from a million on.
 */
export function goNumber(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 2 ** 63) return String(value);
  const [digits = '', exponent = '0'] = value.toExponential().split('e');
  const power = Number(exponent);
  if (power >= -4 && power < 6) return String(value);
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}
