/** The part of strftime(3) that output formats use, in local time and English. */
const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

export function strftime(format: string, time: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const parts: Record<string, () => string> = {
    a: () => days[time.getDay()]!.slice(0, 3),
    A: () => days[time.getDay()]!,
    b: () => months[time.getMonth()]!.slice(0, 3),
    B: () => months[time.getMonth()]!,
    d: () => two(time.getDate()),
    e: () => String(time.getDate()).padStart(2),
    f: () => `${String(time.getMilliseconds()).padStart(3, '0')}000`,
    F: () => strftime('%Y-%m-%d', time),
    H: () => two(time.getHours()),
    I: () => two(time.getHours() % 12 || 12),
    m: () => two(time.getMonth() + 1),
    M: () => two(time.getMinutes()),
    p: () => (time.getHours() < 12 ? 'AM' : 'PM'),
    R: () => strftime('%H:%M', time),
    s: () => String(Math.floor(time.getTime() / 1000)),
    S: () => two(time.getSeconds()),
    T: () => strftime('%H:%M:%S', time),
    y: () => two(time.getFullYear() % 100),
    Y: () => String(time.getFullYear()),
    '%': () => '%',
  };
  return format.replaceAll(/%([a-zA-Z%])/g, (whole, letter: string) => parts[letter]?.() ?? whole);
}
