import { describe, expect, it } from 'vitest';
import { lockedOptions, parseMounts } from '../host/mount-table.ts';
import { type Entry, rootLayout } from './root-layout.ts';

const folder = (name: string, isReadable = true): Entry => ({
  name,
  kind: 'folder',
  mode: 0o755,
  owner: [0, 0],
  isReadable,
});
const link = (name: string, target: string): Entry => ({ ...folder(name), kind: 'link', target });
const file = (name: string): Entry => ({ ...folder(name), kind: 'file' });

const machine: Record<string, Entry[]> = {
  '/': [
    link('bin', 'usr/bin'),
    folder('dev'),
    folder('home'),
    folder('proc'),
    folder('root', false),
    folder('run'),
    file('swapfile'),
    folder('sys'),
    folder('tmp'),
    folder('usr'),
    folder('var'),
  ],
  '/home': [folder('alice'), folder('bob')],
  '/var': [folder('lib'), folder('log'), file('note')],
  '/var/lib': [folder('images'), folder('other')],
};
const list = (path: string): Entry[] => machine[path] ?? [];
const system = ['/', '/proc', '/sys', '/sys/fs/cgroup', '/dev', '/dev/pts', '/run', '/run/user/1000'];
const layout = (mounts: string[], isConfined: boolean, opened: string[] = []) =>
  rootLayout([...system, ...mounts], isConfined, opened, list).map(({ kind, path }) => `${kind} ${path}`);

describe('the root of a container', () => {
  it('is one overlay of the machine, where root makes it and nothing else is mounted', () => {
    expect(layout([], false)).toEqual([]);
    expect(layout(['/var/lib/images/1/merged'], false)).toEqual([]);
  });

  it('shows what is mounted in the machine: a home of its own file system', () => {
    expect(layout(['/home'], false)).toEqual([
      'link /bin',
      'overlay /home',
      'folder /root',
      'file /swapfile',
      'overlay /tmp',
      'overlay /usr',
      'overlay /var',
    ]);
  });

  it('is made of parts for who may not look behind mounts', () => {
    const parts = ['link /bin', 'overlay /home', 'folder /root', 'file /swapfile', 'overlay /tmp', 'overlay /usr'];
    expect(layout([], true)).toEqual([...parts, 'overlay /var']);
    const inVar = ['folder /var', 'tree /var/lib', 'overlay /var/log', 'file /var/note'];
    expect(layout(['/var/lib/images/1/merged'], true)).toEqual([...parts, ...inVar]);
  });

  it('takes apart what something is to be made in', () => {
    expect(layout(['/var/lib/images/1/merged'], true, ['/var/lib/flux'])).toEqual(
      expect.arrayContaining(['folder /var/lib', 'tree /var/lib/images', 'overlay /var/lib/other']),
    );
  });

  it('shows of /tmp only what is its own, where others have mounted there', () => {
    const others = Array.from({ length: 101 }, (_, index): Entry => ({ ...folder(`t${index}`), owner: [1000, 1000] }));
    machine['/tmp'] = [...others, folder('mine'), folder('too')];
    const parts = layout(['/tmp/t1/mount', '/tmp/mine/mount'], true).filter((part) => part.includes('/tmp'));
    expect(parts).toEqual(['folder /tmp', 'tree /tmp/mine', 'overlay /tmp/too']);
  });
});

describe('the table of mounts', () => {
  const table = parseMounts(
    [
      '22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw',
      '40 22 0:35 / /home rw,nosuid,nodev,relatime shared:2 - btrfs /dev/sdb rw',
      '41 22 0:36 / /mnt/with\\040blank rw - tmpfs tmpfs rw',
    ].join('\n'),
  );

  it('is read with what was escaped in it', () => {
    expect(table.map(({ place }) => place)).toEqual(['/', '/home', '/mnt/with blank']);
  });

  it('tells which options a mount made from another has to keep', () => {
    expect(lockedOptions(table, '/home/alice/work')).toEqual(['nosuid', 'nodev', 'relatime']);
    expect(lockedOptions(table, '/homes')).toEqual(['relatime']);
  });
});
