// Carries out what state/call.ts decides for one path: its connections, its timers, its messages.
//
// A path has one connection of now; beside it, while the next generation is being built, the one before, which goes on
// sending and playing until the new one delivers. Only one of them is ever played.
import type { Signal } from "@preact/signals";
import type { Outgoing } from "../media/peer";
import { verifyOffer } from "../media/verify";
import type { Link } from "../net/link";
import {
  type CallAnswer,
  type CallCandidate,
  type CallOffer,
  DEFAULT_AUDIO_KBPS,
  DEFAULT_VIDEO_KBPS,
  DEFAULT_VIDEO_START_KBPS,
  type IceServers,
} from "../protocol/messages";
import {
  type CallEffect,
  type CallEvent,
  type CallPhase,
  type CallState,
  NO_CALL,
  stepCall,
} from "../state/call";
import { figuresOf, type PathFacts } from "../state/path";
import { asksAgain } from "../state/path_watch";
import { type Connection, createConnection } from "./connection";

export interface CallPathDeps {
  readonly link: Pick<Link, "send" | "probe">;
  readonly subtle: SubtleCrypto;
  /** Monotonic. */
  readonly nowS: () => number;
  /** Where this path stands; read by the screen. */
  readonly call: Signal<CallState>;
  /** What comes on it; read by the screen. */
  readonly stream: Signal<MediaStream | null>;
  /** What it is like; read by the screen. */
  readonly facts: Signal<PathFacts | null>;
  /** The key of the kiosk at the other end. */
  readonly kioskKey: () => string | undefined;
  /** What may leave this page now; asked only when it may. */
  readonly outgoing: () => Outgoing;
  /** Sound really leaves this page: what does not leave here, a new path would not mend. */
  readonly soundRuns: () => boolean;
  /** What the other end says of its picture. */
  readonly theirPicture: () => "none" | "moving" | "paused";
  /** Our picture may be given up for the sound on this path. */
  readonly mayPause: boolean;
  /** What is said of our devices and picture may have to be said anew. */
  readonly met: () => void;
}

export interface CallPath {
  feed(event: CallEvent): void;
  offer(offer: CallOffer): void;
  answer(answer: CallAnswer): void;
  candidate(candidate: CallCandidate): void;
  /** Let what is wanted now be sent. */
  attach(): void;
  /** The other end shows us at a third (true), or as the one who is met (false). */
  shrink(small: boolean): void;
  /** The generation whose other end can use what we say of our devices; 0: none. */
  speaking(): number;
  picturePaused(): boolean;
  /** Where it stands, whether the screen shows it or not. */
  now(): CallState;
}

/** Candidates that came before their path; more than any path has. */
const EARLY_MAX = 100;
/** Phases in which the other end can use what we say of our devices. */
const SPEAKING: ReadonlySet<CallPhase> = new Set(["connecting", "connected", "shaky", "renewing"]);
/** How long a connection may outlive its generation. */
const FORMER_MAX_MS = 15_000;
/** A path that is there and shows nothing takes over after so long: sound counts more than the last picture. */
const SWITCH_AFTER_S = 1.5;
/** So long without a sound, the link to the server is looked at too: what cuts one mostly cuts both. */
const SUSPECT_AFTER_S = 1;
/** What was given for a call is good for the next generation as well. */
const ICE_GOOD_FOR_S = 60;
/** Figures are drawn anew no oftener than this; a word at once. */
const FIGURES_EVERY_S = 1;
/** Where the server does not say: nobody is asked for a way, and bitrates are the usual ones. */
const NO_SERVERS: IceServers = {
  servers: [],
  relay_only: false,
  video_start_kbps: DEFAULT_VIDEO_START_KBPS,
  video_max_kbps: DEFAULT_VIDEO_KBPS,
  audio_max_kbps: DEFAULT_AUDIO_KBPS,
};

export function createCallPath(deps: CallPathDeps): CallPath {
  const { link, nowS } = deps;
  let now: CallState = NO_CALL;
  let current: Connection | null = null;
  let former: Connection | null = null;
  let shown: Connection | null = null;
  let offer: CallOffer | null = null;
  let trustedSdp = "";
  let ice: { readonly visitId: string; readonly atS: number; readonly given: Promise<IceServers> } | null =
    null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let formerTimer: ReturnType<typeof setTimeout> | undefined;
  let early: CallCandidate[] = [];
  let small = false;
  let begunS = 0;
  let noPictureS: number | null = null;
  let drawnS = 0;
  let paused = false;

  function feed(event: CallEvent): void {
    const [next, effects] = stepCall(now, event);
    if (next.visitId !== now.visitId || next.generation !== now.generation) begunS = nowS();
    now = next;
    // What is only made ready is nothing to see.
    deps.call.value = now.ringing ? NO_CALL : now;
    for (const effect of effects) carryOut(effect);
    draw();
  }

  function carryOut(effect: CallEffect): void {
    switch (effect.do) {
      case "prepare":
        askForServers(effect.visitId);
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
      case "attach":
        if (current !== null) begin(current);
        return;
      case "retire":
        retire();
        return;
      case "close":
        close();
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

  function askForServers(visitId: string): void {
    if (ice !== null && ice.visitId === visitId && nowS() - ice.atS < ICE_GOOD_FOR_S) return;
    const asked = { visitId, atS: nowS(), given: link.send("call.ice", { visit_id: visitId }) };
    ice = asked;
    // Looked at when it is needed, in open(); until then nobody waits for it. A refusal is not kept.
    asked.given.catch(() => {
      if (ice === asked) ice = null;
    });
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
    const sdp = now.role === "checks" ? trustedSdp : (offer?.sdp ?? "");
    await open(visitId, generation, async ({ peer }) => {
      const answer = await peer.answer(sdp);
      return () => link.send("call.answer", { visit_id: visitId, generation, sdp: answer });
    });
  }

  async function makeOffer(visitId: string, generation: number): Promise<void> {
    await open(visitId, generation, async ({ peer }) => {
      const sdp = await peer.offer();
      const unsigned = { fingerprint: "", signature: "" };
      return () => link.send("call.offer", { visit_id: visitId, generation, sdp, ...unsigned });
    });
  }

  /** Make the connection of this generation and let it describe itself; any failure counts as a path that died. */
  async function open(
    visitId: string,
    generation: number,
    describe: (made: Connection) => Promise<() => Promise<unknown>>,
  ): Promise<void> {
    const isNow = () => now.visitId === visitId && now.generation === generation;
    try {
      const servers = { ...NO_SERVERS, ...(await ice?.given) };
      if (!isNow()) return;
      const made: Connection = createConnection({
        link,
        ice: servers,
        visitId,
        generation,
        nowS,
        begunS,
        theirPicture: deps.theirPicture,
        mayPause: deps.mayPause,
        path: (path) => feed({ type: "path", generation, path }),
        arrived: () => changeOver(),
        looked: () => look(made),
      });
      current?.close();
      current = made;
      made.peer.shrink(small);
      const send = await describe(made);
      if (!isNow() || current !== made) return;
      if (!now.ringing) begin(made);
      await send();
      const mine = early.filter((one) => one.visit_id === visitId && one.generation === generation);
      early = early.filter((one) => one.generation > generation);
      for (const candidate of mine) await made.peer.addCandidate(candidate);
      deps.met();
    } catch {
      // Whatever it was, this path will not carry: the next generation is the remedy, and it is counted there.
      if (isNow()) feed({ type: "path", generation, path: "failed" });
    }
  }

  /** From here on media may go and come on it. */
  function begin(connection: Connection): void {
    connection.begin();
    connection.send(deps.outgoing());
    changeOver();
  }

  async function tell(
    name: "call.connected" | "call.again",
    { visitId, generation }: { visitId: string; generation: number },
  ): Promise<void> {
    // Refused as stale: the view is about to say so. No answer: the snapshot after the next connect will.
    await link.send(name, { visit_id: visitId, generation }).catch(() => {});
  }

  // --- which connection is seen and heard -----------------------------------------------------------------

  /** Show what there is to show: the connection of now as soon as it delivers, until then the one before. */
  function changeOver(): void {
    const next = current;
    if (next === null || next === shown || now.ringing || next.arriving.getTracks().length === 0) return;
    const waited = next.seen().seconds;
    const late = waited >= SWITCH_AFTER_S && (former === null || next.hears());
    if (deps.stream.value !== null && !next.delivers() && !late) return;
    shown = next;
    deps.stream.value = next.arriving;
    if (next.delivers() || late) dropFormer();
  }

  function retire(): void {
    const leaving = current;
    current = null;
    if (leaving === null) return;
    // A generation that never carried leaves its place to the one before it.
    if (!leaving.carried()) {
      leaving.close();
      return;
    }
    dropFormer();
    former = leaving;
    formerTimer = setTimeout(dropFormer, FORMER_MAX_MS);
  }

  function dropFormer(): void {
    clearTimeout(formerTimer);
    former?.close();
    former = null;
  }

  function close(): void {
    current?.close();
    current = null;
    dropFormer();
    // Where a path is refused its last picture stays; when it is over nothing does.
    if (now.phase === "unverified") return;
    shown = null;
    noPictureS = null;
    if (offer?.visit_id !== now.visitId) offer = null;
    early = early.filter((one) => one.visit_id === now.visitId);
    deps.stream.value = null;
  }

  // --- what is seen of it ---------------------------------------------------------------------------------

  /** One of the connections was looked at. */
  function look(connection: Connection): void {
    if (connection === current && !now.ringing) judge(connection);
    changeOver();
    if (shown === current && connection === current && connection.delivers()) dropFormer();
    const pausing = connection.picturePaused();
    if (connection === current && pausing !== paused) {
      paused = pausing;
      deps.met();
    }
    draw();
  }

  function judge(connection: Connection): void {
    const { generation } = connection;
    const fault = connection.fault();
    if (fault === "nothing_arrives" || connection.quietS() >= SUSPECT_AFTER_S) link.probe();
    if (fault === null) {
      if (connection.hears() && now.phase === "renewing") feed({ type: "carries", generation });
      return;
    }
    const atS = nowS();
    if (now.phase !== "connected" && now.phase !== "shaky") return;
    if (!asksAgain(fault, atS, noPictureS) || (fault === "nothing_leaves" && !deps.soundRuns())) return;
    if (fault === "no_picture") noPictureS = atS;
    connection.blame(fault);
    feed({ type: "fault", generation });
  }

  function draw(): void {
    const seen = shown ?? current;
    if (now.ringing || now.phase === "none" || seen === null) {
      if (now.ringing || now.phase === "none") deps.facts.value = null;
      return;
    }
    const before = deps.facts.value;
    const figures = seen.seen();
    if (figures.connectMs === null && before === null && seen.troubles().length === 0) return;
    const next: PathFacts = {
      quality: figures.memory.quality,
      fault: seen.fault(),
      troubles: current?.troubles() ?? [],
      picturePaused: seen.picturePaused(),
      carried: now.phase !== "connected" && seen.fault() === null && seen.hears(),
      figures: figuresOf(figures),
    };
    const atS = nowS();
    if (before !== null && sameWords(before, next) && atS - drawnS < FIGURES_EVERY_S) return;
    drawnS = atS;
    deps.facts.value = next;
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
      const { visitId, generation } = now;
      if (current === null || answer.visit_id !== visitId || answer.generation !== generation) return;
      current.peer.accept(answer.sdp).catch(() => feed({ type: "path", generation, path: "failed" }));
    },
    candidate(candidate) {
      const { visitId, generation } = now;
      if (candidate.visit_id !== visitId && visitId !== "") return;
      if (candidate.generation < generation) return;
      if (current === null || candidate.generation > generation)
        early = [...early, candidate].slice(-EARLY_MAX);
      else void current.peer.addCandidate(candidate).catch(() => {});
    },
    attach() {
      if (now.ringing) return;
      // Both go on until the new one delivers: whoever is still heard on the old one hears a change at once.
      const connections = [current, former].filter((one) => one !== null);
      if (connections.length === 0) return;
      const outgoing = deps.outgoing();
      for (const connection of connections) connection.send(outgoing);
    },
    shrink(wanted) {
      small = wanted;
      current?.peer.shrink(wanted);
    },
    speaking() {
      if (now.ringing) return 0;
      return current !== null && SPEAKING.has(now.phase) ? now.generation : (former?.generation ?? 0);
    },
    picturePaused: () => current?.picturePaused() ?? false,
    now: () => now,
  };
}

/** All but the figures. */
function sameWords(one: PathFacts, other: PathFacts): boolean {
  const words = ({ figures: _, ...rest }: PathFacts) => JSON.stringify(rest);
  return words(one) === words(other);
}
