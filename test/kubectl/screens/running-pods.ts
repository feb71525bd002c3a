/** What is asked of pods that run, and of such as are not there. */
export const runningPods = `
  logs talker
  logs talker --tail=1
  logs talker --since=1h
  logs talker --since-time=nonsense
  logs talker -c nobody
  logs talker --previous
  logs nobody
  logs -l app=talker --prefix
  logs job/nobody
  exec idle -- sh -c 'echo out; echo err >&2; exit 7'
  exec idle -- nothing-of-the-kind
  exec idle -c nobody -- true
  exec nobody -- true
  exec idle
  attach nobody
  cp /nowhere idle:/tmp/x
  cp /etc/hostname nobody:/tmp/x
  port-forward pod/nobody 8080
  port-forward pod/idle notaport
  top pods
  top nodes
  wait --for=condition=Ready pod/idle --timeout=10s
  wait --for=jsonpath={.status.phase}=Running pod/idle --timeout=10s
  wait --for=jsonpath={.status.phase}=Failed pod/idle --timeout=1s
  wait --for=condition=Nothing pod/idle --timeout=1s
  wait --for=condition=Ready pod/nobody --timeout=1s
  wait --for=nonsense pod/idle
  wait --for=delete pod/nobody --timeout=1s
  events --for pod/nobody`;
