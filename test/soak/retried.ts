/** An object of an earlier life may be in the way while it is being deleted. */
export async function retried(act: () => Promise<void>): Promise<void> {
  for (let left = 100; ; left -= 1) {
    try {
      return await act();
    } catch (error) {
      if (left === 0) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}
