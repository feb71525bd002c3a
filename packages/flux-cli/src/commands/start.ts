/** `flux start`: an instance of one or more brokers, with an initial program. */
export async function run(words: string[]): Promise<number> {
  const { runStart } = await import('@ebb/flux-broker');
  return runStart(words);
}
