// Connections that are closed and still counted.
//
// What it is for: a browser counts a closed connection until its garbage is collected, and Chromium refuses the 501st: a
// page that makes little else can no longer be called until it is reloaded (a test does so). In a day of calls other
// garbage mostly brings a collection about in time; this makes sure of it. A page cannot ask for one, but memory that is
// asked for and dropped at once does; nothing is written to it, so it costs nothing.

/** A tenth of what Chromium allows, so that there is room for some that are still open. */
const TIDIED_EVERY = 50;
/** Chromium collects when so much has come since the last time. */
const ENOUGH_BYTES = 64 * 2 ** 20;

let closed = 0;

/** Say that a connection was closed. */
export function connectionClosed(
  allocate: (bytes: number) => void = (bytes) => void new ArrayBuffer(bytes),
): void {
  closed += 1;
  if (closed < TIDIED_EVERY) return;
  closed = 0;
  try {
    allocate(ENOUGH_BYTES);
  } catch {
    // So little memory is left that the browser has collected just now.
  }
}
