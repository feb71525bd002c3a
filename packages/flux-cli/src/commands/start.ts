/** `flux start`: an instance of one or more brokers, with an initial program. */
export async function run(words: string[]): Promise<number> {
  const { runStart } = await import('@ebb/flux-broker');
  const status = await runStart(words);
  // Alone, it is the broker itself, which ends as `flux broker` does: whatever is still open in it.
  process.exit(status);
}
