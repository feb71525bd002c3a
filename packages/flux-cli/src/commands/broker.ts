/** `flux broker`: one broker, in this process. */
export async function run(words: string[]): Promise<number> {
  const { runBroker } = await import('@ebb/flux-broker');
  return runBroker(words);
}
