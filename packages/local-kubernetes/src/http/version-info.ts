/** The version of Kubernetes whose API this is. It is its own build: gitCommit says so. */
export const versionInfo = {
  major: '1',
  minor: '35',
  gitVersion: 'v1.35.0+local',
  gitCommit: 'local-kubernetes',
  gitTreeState: 'clean',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: 'none',
  compiler: `node ${process.version}`,
  platform: `${process.platform}/${process.arch === 'x64' ? 'amd64' : process.arch}`,
} as const;
