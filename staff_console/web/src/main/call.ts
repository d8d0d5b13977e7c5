// The call of this page: the path to the kiosk, the one to a colleague beside it, and what goes out on both.
import type { Outgoing } from "../media/peer";
import type { Link } from "../net/link";
import type { CallAnswer, CallCandidate, CallMedia, CallOffer, DeviceCondition } from "../protocol/messages";
import type { ConsoleState, DeviceState } from "../state/console";
import { createCallPath } from "./call_path";

export interface CallDeps {
  readonly state: ConsoleState;
  readonly link: Pick<Link, "send">;
  readonly subtle: SubtleCrypto;
  /** Our tracks, whatever is wanted of them. */
  readonly tracks: () => Outgoing;
}

export interface CallRunner {
  /** After each change of the view. */
  viewChanged(): void;
  offer(offer: CallOffer): void;
  answer(answer: CallAnswer): void;
  candidate(candidate: CallCandidate): void;
  /** This page accepts (true), so the visit that appears is its own; or was refused (false). */
  accepting(accepting: boolean): void;
  /** Devices, switches or hold have changed: send accordingly, and say so. */
  mediaChanged(): void;
  /** The other end may have missed what we said: say it again. */
  sayMediaAnew(): void;
  retry(): void;
}

export function createCallRunner(deps: CallDeps): CallRunner {
  const { state, link } = deps;
  let ours = false;
  let said = "";
  let knownVisit = "";
  let knownColleague = "";

  const common = { link, subtle: deps.subtle, outgoing, met: sayMedia };
  const kiosk = createCallPath({
    ...common,
    call: state.call,
    stream: state.visitorStream,
    kioskKey: () => state.view.value?.visit?.kiosk_key,
  });
  const colleague = createCallPath({
    ...common,
    call: state.colleagueCall,
    stream: state.colleagueStream,
    kioskKey: () => undefined, // nothing is signed between seats
  });
  const paths = [kiosk, colleague];
  colleague.shrink(true);

  /** What may leave this page now: nothing while held. */
  function outgoing(): Outgoing {
    const { audio, video } = deps.tracks();
    const held = state.held.value;
    return {
      audio: held || !state.microphoneWanted.value ? null : audio,
      video: held || !state.cameraWanted.value ? null : video,
    };
  }

  /** One message for everybody: the server passes it on to both. */
  function sayMedia(): void {
    const visitId = state.view.value?.visit?.id;
    const generations = paths.map((path) => path.speaking());
    if (visitId === undefined || generations.every((generation) => generation === 0)) return;
    const { audio, video } = outgoing();
    const media: CallMedia = {
      visit_id: visitId,
      camera_sending: video !== null,
      microphone_sending: audio !== null,
      camera: condition(state.camera.value),
      microphone: condition(state.microphone.value),
      loudspeaker: condition(state.loudspeaker.value),
      sender: state.view.value?.seat.id ?? "",
    };
    const key = JSON.stringify([generations, media]);
    if (key === said) return;
    said = key;
    link.send("call.media", media).catch(() => {
      said = "";
    });
  }

  return {
    viewChanged() {
      const visit = state.view.value?.visit ?? null;
      if (visit === null) {
        knownVisit = "";
        knownColleague = "";
        said = "";
        for (const path of paths) path.feed({ type: "no_visit" });
        return;
      }
      const { id: visitId, other } = visit;
      // The view has spoken: a path that was there when this page first saw the visit is one from before a reload.
      const begun = ours || visitId === knownVisit;
      kiosk.shrink(visit.guest);
      kiosk.feed({ type: "visit", visitId, generation: visit.generation, ours: begun, role: "checks" });
      // Nobody's last picture may stand under another's name.
      if ((other?.seat_id ?? "") !== knownColleague) colleague.feed({ type: "no_visit" });
      knownColleague = other?.seat_id ?? "";
      if (other !== null) {
        const role = other.offers ? "offers" : "answers";
        colleague.feed({ type: "visit", visitId, generation: other.generation, ours: begun, role });
      }
      knownVisit = visitId;
      if (visit.generation >= 1) ours = false;
    },
    // A kiosk signs its offer; between two seats nothing is signed.
    offer: (offer) => (offer.signature === "" ? colleague : kiosk).offer(offer),
    answer: colleague.answer,
    candidate(candidate) {
      for (const path of paths) path.candidate(candidate);
    },
    accepting(accepting) {
      ours = accepting;
    },
    mediaChanged() {
      for (const path of paths) path.attach();
      sayMedia();
    },
    sayMediaAnew() {
      said = "";
      sayMedia();
    },
    retry() {
      for (const path of paths) path.feed({ type: "retry" });
    },
  };
}

/** What the wire calls it: blocked or silent is a device that failed, seen from the other end. */
function condition(device: DeviceState): DeviceCondition {
  return device.condition === "blocked" || device.condition === "silent" ? "failed" : device.condition;
}
