/** A kubeconfig whose requests share their connections: the official client opens one, and shakes hands, for each. */
import * as k8s from '@kubernetes/client-node';

export class KeptConnection extends k8s.KubeConfig {
  #kept: { readonly of: string; readonly dispatcher: Dispatcher } | undefined;

  override async applySecurityAuthentication(context: k8s.RequestContext): Promise<void> {
    await super.applySecurityAuthentication(context);
    const dispatcher = context.getDispatcher();
    const user = this.getCurrentUser();
    // A program that is asked for credentials may give another certificate each time.
    if (!dispatcher || user?.exec || user?.authProvider) return;
    const of = `${this.getCurrentCluster()?.server} ${user?.name}`;
    if (this.#kept?.of !== of) this.#kept = { of, dispatcher };
    context.setDispatcher(this.#kept.dispatcher);
  }
}

type Dispatcher = NonNullable<ReturnType<k8s.RequestContext['getDispatcher']>>;
