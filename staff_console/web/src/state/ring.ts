// What a ring says of itself: a visitor, a number that waits to be called back, or a colleague who asks for company.
import type { OfferView } from "../protocol/messages";

export type RingLook = "visit" | "ticket" | "join";

export function ringLook(offer: OfferView): RingLook {
  if (offer.kind === "join") return "join";
  return offer.ticket === null ? "visit" : "ticket";
}

/** The sentence above the place, as the name of a sentence and its values. */
export function ringLead(offer: OfferView): { id: string; values: Record<string, string | number> } {
  const look = ringLook(offer);
  return {
    id: `ring-lead-${look}`,
    values: { ticket: offer.ticket ?? 0, name: offer.asked_by },
  };
}
