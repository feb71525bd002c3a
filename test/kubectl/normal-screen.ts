/** A screen without what no two clusters have in common: times, addresses, made-up names, widths that follow them. */
export function normal(text: string): string {
  return (
    text
      // What the embedded one says of kinds that it keeps without acting on them.
      .replaceAll(/^Warning: local Kubernetes: .*\n/gm, '')
      // kubectl's own word where its time is up within a second of its watch.
      .replaceAll(/^[IW]\d{4} .*"very short watch: .*\n/gm, '')
      // The head of a line of kubectl's log: time and process.
      .replaceAll(/^([IWE])\d{4} [\d:.]+ +\d+ (?=\w+\.go:)/gm, '$1 ')
      .replaceAll(/\bebb:\/\/[0-9a-f]{64}\b/g, 'CONTAINER')
      .replaceAll(/(?<=[\w-]\.)[0-9a-f]{16}\b/g, 'EVENT')
      .replaceAll(/(?<=LIVE-|MERGED-|kubectl-edit-)\d+/g, 'RANDOM')
      .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'UID')
      .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+ \+0000( UTC)?/g, 'TIME')
      .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, 'TIME')
      .replaceAll(/(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000/g, 'TIME')
      .replaceAll(/(Mon|Tue|Wed|Thu|Fri|Sat|Sun) \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}/g, 'TIME')
      .replaceAll(/\b(e2e-)?node-\d\b/g, 'NODE')
      .replaceAll(/\b(\d+\.){3}\d+(:\d+)?\b/g, 'ADDRESS')
      .replaceAll(/(Resource Version: +)\d+/g, '$1N')
      .replaceAll(/(resourceVersion\\*"?: ?\\*"?)\d+/g, '$1N')
      .replaceAll(/(?<![\w.-])(\d+m)?\d+(\.\d+)?m?s\b|<invalid>/g, 'AGE')
      .replaceAll(/(?<![\w.:-]|: +)\d+m(?= {2}|\)|$)/gm, 'AGE')
      .replaceAll(/\b3[0-2]\d{3}(?=\/TCP)/g, 'PORT')
      .replaceAll(/(?<=\b\w+-)[bcdfghjklmnpqrstvwxz2456789]{5}\b/g, 'RANDOM')
      .replaceAll(/[^\S\n]{2,}/g, '  ')
      .replaceAll(/[^\S\n]+$/gm, '')
      // A real API server repairs what it gave itself, and says so: where the cache of that loop is a moment behind, it takes the
      // address of a Service that was just made for one that nobody allocated (pkg/registry/core/service).
      .replaceAll(/^.* Warning {2}(ClusterIP|IPAddress|Port)(NotAllocated|AlreadyAllocated|WrongReference) .*\n/gm, '')
      // A controller's write that met another one, and a Service's endpoints that are tried again.
      .replaceAll(/^.* Warning {2}.* Operation cannot be fulfilled on .*: the object has been modified; .*\n/gm, '')
      .replaceAll(/^.* Warning {2}FailedTo(Create|Update)Endpoint(Slices)? .*\n/gm, '')
      // The head of describe's table of events when no row is left.
      .replaceAll(/^Events:\n {2}Type {2}Reason {2}.*\n {2}---- {2}------ {2}.*\n(?! {2})/gm, 'Events:  <none>\n')
  );
}
