// Whether visitors can reach this seat, and if not, the one thing that mends it. What was asked (the switch) and
// what is so (the server's word) are two values.
import type { SeatView } from "../protocol/messages";

/** What this page can prove right now. */
export interface Proof {
  readonly sound: boolean;
  readonly microphone: boolean;
  readonly camera: boolean;
}

export type DutyState =
  | { readonly kind: "off" }
  /** Visitors see green. */
  | { readonly kind: "green" }
  /** On duty, but something is unproven; the first of them in `missing` is mended first. */
  | { readonly kind: "broken"; readonly missing: readonly (keyof Proof)[] }
  /** Everything is proven here and the server has not said yes yet. */
  | { readonly kind: "pending" }
  /** No word from the server: it may see us as away. */
  | { readonly kind: "unknown" };

/** The order in which things are mended: one click often mends sound, devices want a hand. */
const ORDER = ["sound", "microphone", "camera"] as const;

export function dutyState(seat: SeatView | null, proof: Proof, linkUp: boolean): DutyState {
  if (!seat?.on_duty) return { kind: "off" };
  if (!linkUp) return { kind: "unknown" };
  const missing = ORDER.filter((part) => !proof[part]);
  if (missing.length > 0) return { kind: "broken", missing };
  return seat.answerable ? { kind: "green" } : { kind: "pending" };
}

/** Whether the server has yet to hear what is proven. */
export function proofDiffers(seat: SeatView, proof: Proof): boolean {
  return ORDER.some((part) => seat[part] !== proof[part]);
}
