// Carries out what state/call.ts decides: peer connections, timers, messages.
import { createPeer, type Outgoing, type Peer } from "../media/peer";
import { verifyOffer } from "../media/verify";
import type { Link } from "../net/link";
import type { CallCandidate, CallMedia, CallOffer, DeviceCondition, IceServers } from "../protocol/messages";
import { type CallEffect, type CallEvent, type CallPhase, stepCall } from "../state/call";
import type { ConsoleState, DeviceState } from "../state/console";

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
  let peer: Peer | null = null;
  let offer: CallOffer | null = null;
  let verifiedSdp = "";
  let ice: Promise<IceServers> | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let early: CallCandidate[] = [];
  let ours = false;
  let said = "";
  let attached: Outgoing = { audio: null, video: null };

  function feed(event: CallEvent): void {
    const [next, effects] = stepCall(state.call.value, event);
    state.call.value = next;
    for (const effect of effects) carryOut(effect);
  }

  function carryOut(effect: CallEffect): void {
    switch (effect.do) {
      case "prepare":
        ice = link.send("call.ice", { visit_id: effect.visitId });
        // Looked at when it is needed, in connect(); until then nobody waits for it.
        ice.catch(() => {});
        return;
      case "verify":
        void verify(effect.generation);
        return;
      case "connect":
        void connect(effect.visitId, effect.generation);
        return;
      case "close":
        peer?.close();
        peer = null;
        said = "";
        // Between two generations the last picture stays; when the visit is over nothing does.
        if (state.call.value.phase === "none") {
          offer = null;
          early = [];
          state.visitorStream.value = null;
        }
        return;
      case "say_connected":
        void tell("call.connected", effect);
        return;
      case "ask_again":
        void tell("call.again", effect);
        return;
      case "wait":
        clearTimeout(timer);
        timer = setTimeout(
          () => feed({ type: "patience_over", generation: effect.generation }),
          effect.seconds * 1000,
        );
        return;
      case "stop_waiting":
        clearTimeout(timer);
        return;
    }
  }

  async function verify(generation: number): Promise<void> {
    const kioskKey = state.view.value?.visit?.kiosk_key;
    if (offer === null || offer.generation !== generation || kioskKey === undefined) return;
    const verdict = await verifyOffer(offer, kioskKey, deps.subtle);
    if (verdict.ok) {
      verifiedSdp = verdict.sdp;
      feed({ type: "trusted", generation });
    } else {
      feed({ type: "distrusted", generation, why: verdict.why });
    }
  }

  async function connect(visitId: string, generation: number): Promise<void> {
    const current = () => state.call.value.visitId === visitId && state.call.value.generation === generation;
    try {
      const servers = (await ice) ?? { servers: [], relay_only: false };
      if (!current()) return;
      const visitor = new MediaStream();
      const made = createPeer(servers, {
        state: (path) => feed({ type: "path", generation, path }),
        candidate: (one) => {
          void link.send("call.candidate", { visit_id: visitId, generation, ...one }).catch(() => {});
        },
        track: (track) => {
          visitor.addTrack(track);
          state.visitorStream.value = visitor;
        },
      });
      peer = made;
      attached = outgoing();
      const sdp = await made.answer(verifiedSdp, attached);
      if (!current()) return;
      attach();
      await link.send("call.answer", { visit_id: visitId, generation, sdp });
      const mine = early.filter((one) => one.visit_id === visitId && one.generation === generation);
      early = early.filter((one) => one.generation > generation);
      for (const candidate of mine) await made.addCandidate(candidate);
      sayMedia();
    } catch {
      // Whatever it was, this path will not carry: the next generation is the remedy, and it is counted there.
      if (current()) feed({ type: "path", generation, path: "failed" });
    }
  }

  async function tell(
    name: "call.connected" | "call.again",
    { visitId, generation }: { visitId: string; generation: number },
  ): Promise<void> {
    // Refused as stale: the view is about to say so. No answer: the snapshot after the next connect will.
    await link.send(name, { visit_id: visitId, generation }).catch(() => {});
  }

  /** What may leave this page now: nothing while held. */
  function outgoing(): Outgoing {
    const { audio, video } = deps.tracks();
    const held = state.held.value;
    return {
      audio: held || !state.microphoneWanted.value ? null : audio,
      video: held || !state.cameraWanted.value ? null : video,
    };
  }

  /** Let the peer send what is wanted now. */
  function attach(): void {
    const next = outgoing();
    if (peer === null || (next.audio === attached.audio && next.video === attached.video)) return;
    attached = next;
    // A closed connection takes no track; its end is noticed elsewhere.
    void peer.send(next).catch(() => {});
  }

  function sayMedia(): void {
    const { visitId, generation } = state.call.value;
    if (visitId === "" || peer === null || !SPEAKING.has(state.call.value.phase)) return;
    const { audio, video } = outgoing();
    const media: CallMedia = {
      visit_id: visitId,
      camera_sending: video !== null,
      microphone_sending: audio !== null,
      camera: condition(state.camera.value),
      microphone: condition(state.microphone.value),
      loudspeaker: condition(state.loudspeaker.value),
    };
    const key = JSON.stringify([generation, media]);
    if (key === said) return;
    said = key;
    link.send("call.media", media).catch(() => {
      said = "";
    });
  }

  return {
    viewChanged() {
      const visit = state.view.value?.visit ?? null;
      if (visit === null) feed({ type: "no_visit" });
      else feed({ type: "visit", visitId: visit.id, generation: visit.generation, ours });
      // The view has spoken: from now on a visit that this page does not know is one from before a reload.
      if (visit !== null && visit.generation >= 1) ours = false;
    },
    offer(received) {
      if (offer !== null && offer.visit_id === received.visit_id && received.generation < offer.generation)
        return;
      offer = received;
      feed({ type: "offer", visitId: received.visit_id, generation: received.generation });
    },
    candidate(candidate) {
      const { visitId, generation } = state.call.value;
      if (candidate.visit_id !== visitId && visitId !== "") return;
      if (candidate.generation < generation) return;
      if (peer === null || candidate.generation > generation) early.push(candidate);
      else void peer.addCandidate(candidate).catch(() => {});
    },
    accepting(accepting) {
      ours = accepting;
    },
    mediaChanged() {
      attach();
      sayMedia();
    },
    sayMediaAnew() {
      said = "";
      sayMedia();
    },
    retry: () => feed({ type: "retry" }),
  };
}

/** Phases in which the other end can use what we say of our devices. */
const SPEAKING: ReadonlySet<CallPhase> = new Set(["connecting", "connected", "shaky"]);

/** What the wire calls it: blocked or silent is a device that failed, seen from the other end. */
function condition(device: DeviceState): DeviceCondition {
  return device.condition === "blocked" || device.condition === "silent" ? "failed" : device.condition;
}
