/** Pods that run, wait, fail, have ended or cannot be placed: what each command says of them. */
export const podsAndJobs = `
  apply -f objects/for-pods.yaml
  wait --for=jsonpath={.status.phase}=Bound pvc/claim --timeout=30s
  apply -f objects/pods.yaml
  apply -f objects/jobs.yaml
  apply -f objects/bad-job.yaml
  create -f objects/bad-job.yaml --validate=false
  wait --for=condition=Complete job/indexed --timeout=60s
  wait --for=condition=Failed job/failing --timeout=60s
  wait --for=condition=Ready pod/rich --timeout=60s
  wait --for=condition=Initialized=false pod/failedinit --timeout=30s
  wait --for=jsonpath={.status.phase}=Failed pod/failedinit pod/nocommand --timeout=30s
  wait --for=jsonpath={.status.initContainerStatuses[0].state.running.startedAt} pod/waitinit --timeout=30s
  wait --for=jsonpath={.status.containerStatuses[0].state.waiting.reason}=CreateContainerConfigError pod/waits --timeout=30s`;

/** These only look. */
export const podsAsTold = `
  describe pod rich
  describe pod unschedulable --show-events=false
  describe pod greedy --show-events=false
  describe pod gated
  describe pod waits --show-events=false
  get events --field-selector involvedObject.name=waits,reason=Failed -o jsonpath={.items[0].message}
  describe pod waitsvol --show-events=false
  describe pod completed
  describe pods -l app=done
  describe pod failedinit
  describe pod waitinit
  describe pod nocommand
  describe pod unready
  describe po rich --show-events=false
  describe po -f objects/pods.yaml --show-events=false
  get all -l app
  get pod -l app=rich -o wide
  get events --field-selector involvedObject.name=greedy -o jsonpath={.items[0].message}
  get events --field-selector involvedObject.name=unschedulable -o jsonpath={.items[0].message}
  get po rich --subresource=status -o name
  get po rich --subresource=log
  get job indexed --subresource=scale
  apply -f objects/pods.yaml --dry-run=server -l app=rich
  logs rich
  logs rich -c first
  logs rich extra
  logs rich -c side --timestamps
  logs rich --all-containers --prefix -c main
  logs -l app=indexed --prefix
  logs -l app=nothing
  logs job/suspended --pod-running-timeout=1s
  logs svc/web -c main
  logs svc/ext
  logs cm/cfg
  logs waits
  logs waitsvol
  logs waitinit
  logs waitinit -c first
  logs waitinit -c first -p
  logs unschedulable
  logs gated
  logs failedinit
  logs failedinit -c first
  logs completed --since-time=2001-01-01T00:00:00Z
  logs completed --since-time=2099-01-01T00:00:00Z
  logs completed --since=1s --since-time=2001-01-01T00:00:00Z
  logs completed --since=-1s
  logs completed --limit-bytes=0
  logs completed -f
  logs rich main extra
  exec rich -- true
  exec rich -c extra -- sh -c 'exit 3'
  exec rich -c first -- true
  exec rich -c main -- /nowhere/x
  exec rich -c main -- sh -c 'kill -9 $$'
  exec job/elastic -- echo hi
  exec job/suspended --pod-running-timeout=1s -- echo hi
  exec completed -- true
  exec waits -- true
  exec waitinit -- true
  exec waitinit -c first -- echo in
  exec unschedulable -- true
  attach completed
  attach unschedulable
  attach waits
  attach rich -c first
  cp rich:/etc/hostname /tmp/never -c none
  cp /etc/hostname rich:/nowhere/x/y -c main
  cp /etc/hostname completed:/tmp/x
  cp a b
  cp rich:/a rich:/b
  port-forward rich 70000
  port-forward completed :80
  port-forward unschedulable :80
  port-forward svc/web :99
  port-forward svc/ext :80
  port-forward rich :nope
  debug rich
  debug rich --image=ubuntu -c main -- true
  debug rich --image=ubuntu --profile=odd
  debug nobody --image=ubuntu
  events --for pod/completed
  events --for pod/failedinit --no-headers
  events --for pod/nocommand --types=Warning
  events --types=Odd
  events --for=nothing/x
  events --for pod/rich -o name
  get events -o wide --field-selector involvedObject.name=completed
  get events --field-selector reason=Scheduled,involvedObject.name=rich -o wide
  set image pod/rich none=x
  set env pod/rich A=b
  set resources pod rich --limits=cpu=1
  rollout status job/indexed
  rollout restart job/indexed
  rollout undo pod/rich
  autoscale pod rich --max=0
  expose job indexed --port=80`;

/** Looked at while it waits for ten seconds to run for the third time. */
export const crashLoop = `
  apply -f objects/crash-loop.yaml
  wait --for=jsonpath={.status.containerStatuses[0].state.waiting.reason}=CrashLoopBackOff pod/loops --timeout=30s
  describe pod loops
  get pod loops
  logs loops
  logs loops -p
  exec loops -- true
  delete pod loops --now`;
