// Whether visitors can reach this seat, and if not, the one thing that mends it. What was asked (the switch) and
// what is so (the server's word) are two values.
import type { Pause, SeatView, StaffView } from "../protocol/messages";

/** What this page can prove right now. */
export interface Proof {
  readonly sound: boolean;
  readonly microphone: boolean;
  readonly camera: boolean;
}

/** What must hold before a seat counts; `silent`: the server has heard nothing of this page for too long. */
export type ProofPart = keyof Proof | "silent";

export type DutyState =
  | { readonly kind: "off"; readonly missing: readonly [] }
  /** Visitors see green. */
  | { readonly kind: "green"; readonly missing: readonly [] }
  /** On duty, and not rung by one's own wish or because a ring was not taken. */
  | { readonly kind: "paused"; readonly missing: readonly ProofPart[]; readonly pause: Pause }
  /** On duty, but something is unproven; the first of them in `missing` is mended first. */
  | { readonly kind: "broken"; readonly missing: readonly ProofPart[] }
  /** Everything is proven here and the server has not said yes yet. */
  | { readonly kind: "pending"; readonly missing: readonly [] }
  /** No word from the server: it may see us as away. */
  | { readonly kind: "unknown"; readonly missing: readonly [] };

/** The order in which things are mended: one click often mends sound, devices want a hand. */
const ORDER = ["sound", "microphone", "camera"] as const;

export function dutyState(seat: SeatView | null, proof: Proof, linkUp: boolean): DutyState {
  if (!seat?.on_duty) return { kind: "off", missing: [] };
  if (!linkUp) return { kind: "unknown", missing: [] };
  const missing: ProofPart[] = ORDER.filter((part) => !proof[part]);
  if (seat.silent) missing.unshift("silent");
  if (seat.pause !== null) return { kind: "paused", missing, pause: seat.pause };
  if (missing.length > 0) return { kind: "broken", missing };
  return { kind: seat.answerable ? "green" : "pending", missing: [] };
}

/** Whether duty was lost on the way from one view to the next of another connection, by no click and no question. */
export function dutyLostBetween(before: SeatView | undefined, after: SeatView): boolean {
  return (
    before?.on_duty === true && !after.on_duty && before.id !== after.id && after.off_duty_cause === null
  );
}

/** Whether somebody counts on this page: a visitor in a call, or all who see green because of it. */
export function isAwaited(view: Pick<StaffView, "seat" | "visit"> | null): boolean {
  return view !== null && (view.seat.on_duty || view.visit !== null);
}

/** Whether the server has yet to hear what is proven. */
export function proofDiffers(seat: SeatView, proof: Proof): boolean {
  return ORDER.some((part) => seat[part] !== proof[part]);
}

/** Pauses with an end, in minutes; beside them one without. */
export const PAUSE_MINUTES = [15, 30, 60] as const;
