// Carries out what state/call.ts decides for one path: its peer connection, its timer, its messages.
import type { Signal } from "@preact/signals";
import { createPeer, type Outgoing, type Peer } from "../media/peer";
import { verifyOffer } from "../media/verify";
import type { Link } from "../net/link";
import type { CallAnswer, CallCandidate, CallOffer, IceServers } from "../protocol/messages";
import { type CallEffect, type CallEvent, type CallPhase, type CallState, stepCall } from "../state/call";

export interface CallPathDeps {
  readonly link: Pick<Link, "send">;
  readonly subtle: SubtleCrypto;
  /** Where this path stands; read by the screen. */
  readonly call: Signal<CallState>;
  /** What comes on it; read by the screen. */
  readonly stream: Signal<MediaStream | null>;
  /** The key of the kiosk at the other end. */
  readonly kioskKey: () => string | undefined;
  /** What may leave this page now. */
  readonly outgoing: () => Outgoing;
  /** The other end has taken part: it can use what is said of our devices. */
  readonly met: () => void;
}

export interface CallPath {
  feed(event: CallEvent): void;
  offer(offer: CallOffer): void;
  answer(answer: CallAnswer): void;
  candidate(candidate: CallCandidate): void;
  /** Let the peer send what is wanted now. */
  attach(): void;
  /** The other end shows us at a third (true), or as the one who is met (false). */
  shrink(small: boolean): void;
  /** The generation whose other end can use what we say of our devices; 0: none. */
  speaking(): number;
}

/** Candidates that came before their path; more than any path has. */
const EARLY_MAX = 100;
/** Phases in which the other end can use what we say of our devices. */
const SPEAKING: ReadonlySet<CallPhase> = new Set(["connecting", "connected", "shaky"]);

export function createCallPath(deps: CallPathDeps): CallPath {
  const { link, call } = deps;
  let peer: Peer | null = null;
  let offer: CallOffer | null = null;
  let trustedSdp = "";
  let ice: Promise<IceServers> | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let early: CallCandidate[] = [];
  let attached: Outgoing = { audio: null, video: null };
  let small = false;

  function feed(event: CallEvent): void {
    const [next, effects] = stepCall(call.value, event);
    call.value = next;
    for (const effect of effects) carryOut(effect);
  }

  function carryOut(effect: CallEffect): void {
    switch (effect.do) {
      case "prepare":
        ice = link.send("call.ice", { visit_id: effect.visitId });
        // Looked at when it is needed, in open(); until then nobody waits for it.
        ice.catch(() => {});
        return;
      case "verify":
        void verify(effect.generation);
        return;
      case "connect":
        void connect(effect.visitId, effect.generation);
        return;
      case "offer":
        void makeOffer(effect.visitId, effect.generation);
        return;
      case "close":
        peer?.close();
        peer = null;
        // Between two generations the last picture stays; when the path is over nothing does.
        if (call.value.phase === "none") {
          offer = null;
          early = [];
          deps.stream.value = null;
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
    const kioskKey = deps.kioskKey();
    if (offer === null || offer.generation !== generation || kioskKey === undefined) return;
    const verdict = await verifyOffer(offer, kioskKey, deps.subtle);
    if (verdict.ok) {
      trustedSdp = verdict.sdp;
      feed({ type: "trusted", generation });
    } else {
      feed({ type: "distrusted", generation, why: verdict.why });
    }
  }

  /** Answer the offer that is here: a kiosk's as it was verified, a colleague's as the server passed it on. */
  async function connect(visitId: string, generation: number): Promise<void> {
    const sdp = call.value.role === "checks" ? trustedSdp : (offer?.sdp ?? "");
    await open(visitId, generation, async (made) => {
      const answer = await made.answer(sdp, attached);
      return () => link.send("call.answer", { visit_id: visitId, generation, sdp: answer });
    });
  }

  async function makeOffer(visitId: string, generation: number): Promise<void> {
    await open(visitId, generation, async (made) => {
      const sdp = await made.offer(attached);
      const unsigned = { fingerprint: "", signature: "" };
      return () => link.send("call.offer", { visit_id: visitId, generation, sdp, ...unsigned });
    });
  }

  /** Make the peer of this generation and let it describe itself; any failure counts as a path that died. */
  async function open(
    visitId: string,
    generation: number,
    describe: (made: Peer) => Promise<() => Promise<unknown>>,
  ): Promise<void> {
    const current = () => call.value.visitId === visitId && call.value.generation === generation;
    try {
      const servers = (await ice) ?? { servers: [], relay_only: false };
      if (!current()) return;
      const arriving = new MediaStream();
      const made = createPeer(servers, {
        state: (path) => feed({ type: "path", generation, path }),
        candidate: (one) => {
          void link.send("call.candidate", { visit_id: visitId, generation, ...one }).catch(() => {});
        },
        track: (track) => {
          arriving.addTrack(track);
          deps.stream.value = arriving;
        },
      });
      peer = made;
      made.shrink(small);
      attached = deps.outgoing();
      const send = await describe(made);
      if (!current()) return;
      attach();
      await send();
      const mine = early.filter((one) => one.visit_id === visitId && one.generation === generation);
      early = early.filter((one) => one.generation > generation);
      for (const candidate of mine) await made.addCandidate(candidate);
      deps.met();
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

  function attach(): void {
    const next = deps.outgoing();
    if (peer === null || (next.audio === attached.audio && next.video === attached.video)) return;
    attached = next;
    // A closed connection takes no track; its end is noticed elsewhere.
    void peer.send(next).catch(() => {});
  }

  return {
    feed,
    offer(received) {
      if (offer !== null && offer.visit_id === received.visit_id && received.generation < offer.generation)
        return;
      offer = received;
      feed({ type: "offer", visitId: received.visit_id, generation: received.generation });
    },
    answer(answer) {
      const { visitId, generation } = call.value;
      if (peer === null || answer.visit_id !== visitId || answer.generation !== generation) return;
      peer.accept(answer.sdp).catch(() => feed({ type: "path", generation, path: "failed" }));
    },
    candidate(candidate) {
      const { visitId, generation } = call.value;
      if (candidate.visit_id !== visitId && visitId !== "") return;
      if (candidate.generation < generation) return;
      if (peer === null || candidate.generation > generation) early = [...early, candidate].slice(-EARLY_MAX);
      else void peer.addCandidate(candidate).catch(() => {});
    },
    attach,
    shrink(wanted) {
      small = wanted;
      peer?.shrink(wanted);
    },
    speaking: () => (peer !== null && SPEAKING.has(call.value.phase) ? call.value.generation : 0),
  };
}
