// When a hand on mouse or keyboard is said to the server: seldom while all is well, at once when it waits for it.
import type { SeatView } from "../protocol/messages";

/** The server asks after 2 h; a sign every few minutes is plenty, and tells nothing of how busily one works. */
export const SIGN_SPACING_MS = 4 * 60 * 1000;

/** What a hand did: `press` is a key, a click or a touch, `move` only the pointer on its way. */
export type Hand = "press" | "move";

/**
 * Whether to say it now.
 *
 * @param lastMs When it was said last, ms since 1970; null: never on this page.
 */
export function signDue(seat: SeatView | null, hand: Hand, lastMs: number | null, nowMs: number): boolean {
  if (!seat?.on_duty) return false;
  // A question wants an answer, and a seat that fell silent a deed: the pointer may be moved by a passing sleeve.
  if (hand === "press" && (seat.asked_until !== null || seat.silent)) return true;
  return lastMs === null || nowMs - lastMs >= SIGN_SPACING_MS;
}
