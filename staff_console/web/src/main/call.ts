// The call of this page: the path to the kiosk, the one to a colleague beside it, and what goes out on both.
import type { Outgoing } from "../media/peer";
import type { Silence } from "../media/silence";
import type { Link } from "../net/link";
import type { CallAnswer, CallCandidate, CallMedia, CallOffer, DeviceCondition } from "../protocol/messages";
import type { ConsoleState, DeviceState, EndMedia } from "../state/console";
import { createCallPath } from "./call_path";

export interface CallDeps {
  readonly state: ConsoleState;
  readonly link: Pick<Link, "send" | "probe">;
  readonly subtle: SubtleCrypto;
  /** Monotonic. */
  readonly nowS: () => number;
  /** Our tracks, whatever is wanted of them. */
  readonly tracks: () => Outgoing;
  /** What goes out while nothing of ours does. */
  readonly silence: Silence;
}

export interface CallRunner {
  /** After each change of the view; `fresh`: it was a whole one, and what was asked before may not have been heard. */
  viewChanged(fresh: boolean): void;
  offer(offer: CallOffer): void;
  answer(answer: CallAnswer): void;
  candidate(candidate: CallCandidate): void;
  /** This page accepts (true), so the visit that appears is its own; or was refused (false). */
  accepting(accepting: boolean): void;
  /** The server has said that this visit is this seat's; its view may come a moment later. */
  accepted(visitId: string): void;
  /** This machine has another way into the network, or was asleep. */
  moved(): void;
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
  let acceptedVisit = "";

  const common = {
    link,
    subtle: deps.subtle,
    nowS: deps.nowS,
    outgoing,
    soundRuns: () => wanted().audio !== null || deps.silence.running(),
    met: sayMedia,
  };
  const kiosk = createCallPath({
    ...common,
    call: state.call,
    stream: state.visitorStream,
    facts: state.path,
    kioskKey: () => (state.view.value?.visit ?? state.view.value?.offer)?.kiosk_key,
    theirPicture: () => pictureOf(state.kioskMedia.value),
    mayPause: true,
  });
  const colleague = createCallPath({
    ...common,
    call: state.colleagueCall,
    stream: state.colleagueStream,
    facts: state.colleaguePath,
    kioskKey: () => undefined, // nothing is signed between seats
    theirPicture: () => pictureOf(state.colleagueMedia.value),
    // What is said of our picture goes to everybody, so it is said of the path to the visitor alone.
    mayPause: false,
  });
  const paths = [kiosk, colleague];
  colleague.shrink(true);

  /** What leaves this page now. Sound always does: silence is how the other end knows that the path is alive. */
  function outgoing(): Outgoing {
    const { audio, video } = wanted();
    return { audio: audio ?? deps.silence.track(), video };
  }

  /** What of ours may leave this page now: nothing while held. */
  function wanted(): Outgoing {
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
    const { audio, video } = wanted();
    const media: CallMedia = {
      visit_id: visitId,
      camera_sending: video !== null,
      microphone_sending: audio !== null,
      camera: condition(state.camera.value),
      microphone: condition(state.microphone.value),
      loudspeaker: condition(state.loudspeaker.value),
      sender: state.view.value?.seat.id ?? "",
      picture_paused: kiosk.picturePaused(),
    };
    const key = JSON.stringify([generations, media]);
    if (key === said) return;
    said = key;
    link.send("call.media", media).catch(() => {
      said = "";
    });
  }

  /** Let the paths be as the view says. */
  function follow(): void {
    const visit = state.view.value?.visit ?? null;
    if (visit === null) {
      readyWhatRings();
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
    acceptedVisit = "";
    if (visit.generation >= 1) ours = false;
  }

  /** No visit here: let go of the last one, and make ready what rings. */
  function readyWhatRings(): void {
    const offer = state.view.value?.offer ?? null;
    // The acknowledgement was sooner than the view, which still shows the ring.
    if (acceptedVisit !== "" && offer?.visit_id === acceptedVisit) return;
    acceptedVisit = "";
    knownVisit = "";
    knownColleague = "";
    said = "";
    colleague.feed({ type: "no_visit" });
    if (!kiosk.now().ringing) kiosk.feed({ type: "no_visit" });
    if (offer !== null && offer.generation >= 1)
      kiosk.feed({ type: "ring", visitId: offer.visit_id, generation: offer.generation });
    else kiosk.feed({ type: "ring_over" });
  }

  return {
    viewChanged(fresh) {
      // What was asked of a server that was away is asked again, once the view has said what is so.
      const unheard = fresh ? paths.filter((path) => path.now().phase === "renewing") : [];
      follow();
      for (const path of unheard) if (path.now().phase === "renewing") path.feed({ type: "retry" });
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
    accepted(visitId) {
      if (state.view.value?.visit?.id === visitId) return; // the view was sooner
      acceptedVisit = visitId;
      kiosk.feed({ type: "accepted", visitId });
    },
    moved() {
      for (const path of paths) path.feed({ type: "moved" });
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

/** What an end says of its picture. */
function pictureOf(media: EndMedia): "none" | "moving" | "paused" {
  if (media === null || !media.camera_sending) return "none";
  return media.picture_paused ? "paused" : "moving";
}

/** What the wire calls it: blocked or silent is a device that failed, seen from the other end. */
function condition(device: DeviceState): DeviceCondition {
  return device.condition === "blocked" || device.condition === "silent" ? "failed" : device.condition;
}
