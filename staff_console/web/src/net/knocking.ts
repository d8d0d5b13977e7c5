// When and how a server that is away is tried again: the tries grow further apart, and chance spreads those of many
// consoles. Source: M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.

export const FIRST_MS = 300;
export const MAX_MS = 2_000;
/**
 * While somebody counts on this page: messages, hold and end of a call are to work 5 s after the server's return at the
 * latest, and a connection takes its part of that.
 */
export const MAX_AWAITED_MS = 1_000;
/** From here on the step is the longest anyway; a server may be away for days, and a number ends at 2 ** 1024. */
const STEPS = 10;
/** A server that does not even refuse, because the way to it is gone. */
const ANSWER_TIMEOUT_MS = 4_000;
/** From here on HTTP says that whoever answers has nobody behind it: a proxy, or a server without its database. */
const NOBODY_BEHIND = 500;

/**
 * Milliseconds before another try, between half and all of the step.
 *
 * `failed`: how many tries have failed in a row, from 1; one that was let in and shown nothing has failed, too.
 * `chance`: in [0, 1).
 */
export function retryDelayMs(failed: number, chance: number, awaited: boolean): number {
  const stepMs = Math.min(awaited ? MAX_AWAITED_MS : MAX_MS, FIRST_MS * 2 ** Math.min(failed - 1, STEPS));
  return stepMs * (0.5 + 0.5 * chance);
}

/**
 * Whether the server answers at all. A page asks this by plain HTTP before it opens a socket for the second time:
 * Chromium lets a page whose last dozen of WebSockets have failed wait 1 to 5 s before the next one (measured; nothing
 * of the kind was with 20 requests), and the server would long be back.
 */
export async function answers(get: typeof fetch): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
    return (await get("/healthz", { cache: "no-store", signal })).status < NOBODY_BEHIND;
  } catch {
    return false;
  }
}
