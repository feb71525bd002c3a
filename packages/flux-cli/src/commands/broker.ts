/** `flux broker`: one broker, in this process. */
export async function run(words: string[]): Promise<number> {
  const { runBroker } = await import('@ebb/flux-broker');
  const status = await runBroker(words);
  // A broker that has ended has ended: nothing that is still open, a peer's socket or a terminal, keeps its pod waiting.
  process.exit(status);
}
