/** One question at a time: of those that come while it is answered, only the newest is asked. A slow backend has no queue. */

export function newest(ask: () => Promise<void>): () => void {
  let [asking, wanted] = [false, false];
  const answer = async (): Promise<void> => {
    asking = true;
    try {
      while (wanted) {
        wanted = false;
        await ask();
      }
    } finally {
      asking = false;
    }
  };
  return () => {
    wanted = true;
    if (!asking) void answer();
  };
}
