// What follows from each change of the view and of the equipment, whoever caused it.
import type { Link } from "../net/link";
import type { ConsoleState } from "../state/console";
import { type Proof, proofDiffers } from "../state/duty";
import type { CallRunner } from "./call";
import type { Equipment } from "./equipment";
import type { SeatMemory } from "./seat";
import type { Typing } from "./typing";

export interface Watch {
  /** `fresh`: it was a whole view, the first of a connection. */
  viewChanged(fresh: boolean): void;
  equipmentChanged(): void;
}

export interface WatchDeps {
  readonly state: ConsoleState;
  readonly link: Pick<Link, "send">;
  readonly seat: SeatMemory;
  readonly call: CallRunner;
  readonly typing: Typing;
  readonly equipment: () => Equipment;
}

export function createWatch({ state, link, seat, call, typing, equipment }: WatchDeps): Watch {
  let kioskWasConnected = false;
  let wasOnDuty = false;
  /** The proof that is on its way, so that it is not said twice while the view has yet to show it. */
  let proofSaid: Proof | null = null;

  function sayProof(): void {
    const own = state.view.value?.seat;
    const proof = state.proof.value;
    if (state.link.value !== "up" || !own || !proofDiffers(own, proof) || proofSaid === proof) return;
    proofSaid = proof;
    link
      .send("seat.proof", proof)
      .catch(() => {}) // the next snapshot shows that it is still to be said
      .finally(() => {
        if (proofSaid === proof) proofSaid = null;
      });
  }

  return {
    viewChanged(fresh) {
      const view = state.view.value;
      if (view === null) return;
      const kioskConnected = view.visit?.kiosk_connected === true;
      // Either end was away: what was said meanwhile may not have arrived.
      const reunited = kioskConnected && (fresh || !kioskWasConnected);
      kioskWasConnected = kioskConnected;
      seat.keep(view.seat.id);
      // Whoever ended it: nobody can call now, so the camera's light goes out.
      if (wasOnDuty && !view.seat.on_duty && view.visit === null) equipment().close();
      wasOnDuty = view.seat.on_duty;
      call.viewChanged(fresh);
      // On duty or in a call before a reload: the devices were allowed then, so they open without a question.
      if (fresh && (view.seat.on_duty || view.visit !== null)) void equipment().check();
      sayProof();
      if (reunited) {
        call.sayMediaAnew();
        typing.resend();
      }
      call.mediaChanged();
    },
    equipmentChanged() {
      sayProof();
      call.mediaChanged();
    },
  };
}
