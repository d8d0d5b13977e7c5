// One connection of one generation, with what is seen of it: whether it carries, what it is like, how much of our
// picture it bears. What it does not do: decide what follows; call_path.ts does.
import { createPeer, type Limits, NOTHING, type Outgoing, type Peer } from "../media/peer";
import type { Link } from "../net/link";
import { type IceServers, type IceTrouble, type PathFault, QUALITY_TOLD_EVERY_S } from "../protocol/messages";
import { keepAbove, LEAST_KBPS, NO_LEAST_RATE } from "../state/least_rate";
import { type PathSeen, recordOf } from "../state/path";
import { NOTHING_REMEMBERED, remember } from "../state/path_quality";
import { type Expected, NOTHING_WATCHED, watchPath } from "../state/path_watch";
import { climb, FULL_PICTURE, limitsOf, TOP } from "../state/picture_ladder";
import { SAID_ONCE, sayTwice } from "../state/redundancy";
import { holdBack, NO_REPAIR_TIME } from "../state/repair_time";
import { NO_STATS, readStats } from "../state/stats";

/** How often a connection is looked at; a tab in the background is let look once a second. */
const LOOK_MS = 250;
/** And until it has delivered, because somebody waits for the picture to change over. */
const FIRST_LOOKS_MS = 100;
/** The browser needs so long to find out what a path carries when a picture begins; its first word would be too low. */
const ESTIMATE_SETTLES_S = 2;

export interface ConnectionDeps {
  readonly link: Pick<Link, "send">;
  readonly ice: IceServers;
  readonly visitId: string;
  readonly generation: number;
  /** Monotonic. */
  readonly nowS: () => number;
  /** When this end took its first step towards it. */
  readonly begunS: number;
  /** What the other end says of its picture now. */
  readonly theirPicture: () => "none" | "moving" | "paused";
  /** The picture may be given up for the sound here: the other end is told when it is. */
  readonly mayPause: boolean;
  readonly path: (path: RTCPeerConnectionState) => void;
  /** A track of the other end is there; something may come on it. */
  readonly arrived: () => void;
  /** It was looked at, or has told of trouble. */
  readonly looked: () => void;
}

export interface Connection {
  readonly peer: Peer;
  readonly generation: number;
  /** What comes on it. */
  readonly arriving: MediaStream;
  /** Media may go and come from now on. */
  begin(): void;
  /** Send these; nothing goes before `begin`. */
  send(outgoing: Outgoing): void;
  /** What is wrong with it although it calls itself connected. */
  fault(): PathFault | null;
  /** This fault was a reason to begin anew: it belongs into the record. */
  blame(fault: PathFault): void;
  /** How long nothing has been heard, seconds; 0 while that is not expected. */
  quietS(): number;
  /** Sound came between the last two looks. */
  hears(): boolean;
  /** What should come has begun to. */
  delivers(): boolean;
  /** It has delivered at some time. */
  carried(): boolean;
  picturePaused(): boolean;
  troubles(): readonly IceTrouble[];
  seen(): PathSeen;
  /** End it, and tell what it was like. */
  close(): void;
}

export function createConnection(deps: ConnectionDeps): Connection {
  const { visitId, generation, nowS } = deps;
  const arriving = new MediaStream();
  const faults = new Set<PathFault>();
  const troubles = new Set<IceTrouble>();
  let sent: Outgoing = NOTHING;
  let begun = false;
  let closed = false;
  let connectedS: number | null = null;
  let up = false;
  let looking = false;
  let lookedS = Number.NEGATIVE_INFINITY;
  let toldS = 0;
  let sendsSinceS: number | null = null;
  let timer: ReturnType<typeof setInterval> | undefined;
  let stats = NO_STATS;
  let heard = false;
  let everDelivered = false;
  let watch = NOTHING_WATCHED;
  let memory = NOTHING_REMEMBERED;
  let ladder = TOP;
  let limits: Limits = FULL_PICTURE;
  let repair = NO_REPAIR_TIME;
  let redundancy = SAID_ONCE;
  let leastRate = NO_LEAST_RATE;

  const peer = createPeer(deps.ice, {
    state(path) {
      up = path === "connected";
      if (up && connectedS === null) {
        connectedS = nowS();
        toldS = connectedS;
      }
      watchOver();
      deps.path(path);
    },
    candidate(one) {
      void deps.link.send("call.candidate", { visit_id: visitId, generation, ...one }).catch(() => {});
    },
    track(track) {
      arriving.addTrack(track);
      deps.arrived();
    },
    trouble(trouble) {
      troubles.add(trouble);
      deps.looked();
    },
  });

  /** From the moment that something is to be seen on it. */
  function watchOver(): void {
    if (!begun || closed || connectedS === null || timer !== undefined) return;
    timer = setInterval(() => void look(), FIRST_LOOKS_MS);
  }

  function expected(): Expected {
    const poor = memory.quality === "poor" || memory.quality === "sound_only";
    return { attached: begun, picture: begun && deps.theirPicture() === "moving", poor };
  }

  async function look(): Promise<void> {
    const everyS = (everDelivered ? LOOK_MS : FIRST_LOOKS_MS) / 1000;
    // A timer comes a little early or late; a look that is due within half a round is taken now.
    if (looking || nowS() - lookedS < everyS - FIRST_LOOKS_MS / 2000) return;
    looking = true;
    let entries: Awaited<ReturnType<Peer["stats"]>>;
    try {
      entries = await peer.stats();
    } finally {
      looking = false;
    }
    if (closed) return;
    const before = stats;
    const atS = nowS();
    lookedS = atS;
    stats = readStats(entries);
    heard = stats.audioPacketsReceived > before.audioPacketsReceived;
    watch = watchPath(watch, stats, expected(), atS);
    const soundOnly = picturePaused() || deps.theirPicture() === "paused";
    memory = remember(memory, stats, atS, soundOnly);
    const held = repair.targetMs;
    repair = holdBack(repair, stats, atS);
    if (repair.targetMs !== held) peer.holdBack(repair.targetMs);
    const twice = redundancy.wanted;
    redundancy = sayTwice(redundancy, stats, atS);
    if (redundancy.wanted !== twice) void peer.sayTwice(redundancy.wanted);
    const kept = leastRate.wanted;
    leastRate = keepAbove(leastRate, stats, atS);
    if (leastRate.wanted !== kept) void peer.keepAbove(leastRate.wanted ? LEAST_KBPS : null);
    // A path without a picture of ours says nothing of how much of one it would carry, nor one on which it just began.
    if (sent.video === null || !up) sendsSinceS = null;
    else sendsSinceS ??= atS;
    if (sendsSinceS !== null && atS - sendsSinceS >= ESTIMATE_SETTLES_S) climbTo(atS);
    everDelivered ||= delivers();
    if (atS - toldS >= QUALITY_TOLD_EVERY_S) {
      toldS = atS;
      tell();
    }
    deps.looked();
  }

  function climbTo(atS: number): void {
    ladder = climb(ladder, stats.estimateKbps, atS);
    const next = limitsOf(ladder);
    const wanted = deps.mayPause ? next : { ...next, still: false };
    if (JSON.stringify(wanted) === JSON.stringify(limits)) return;
    limits = wanted;
    peer.limit(limits);
  }

  function picturePaused(): boolean {
    return sent.video !== null && limits.still;
  }

  function delivers(): boolean {
    if (!up || stats.audioPacketsReceived === 0) return false;
    return deps.theirPicture() !== "moving" || stats.framesDecoded > 0;
  }

  function seen(): PathSeen {
    const seconds = connectedS === null ? 0 : nowS() - connectedS;
    const connectMs = connectedS === null ? null : (connectedS - deps.begunS) * 1000;
    return { generation, seconds, connectMs, stats, memory };
  }

  /** Refused or unheard: the next one says more. */
  function tell(): void {
    const record = recordOf(visitId, seen(), [...faults], [...troubles]);
    void deps.link.send("call.quality", record).catch(() => {});
  }

  return {
    peer,
    generation,
    arriving,
    begin() {
      begun = true;
      watchOver();
    },
    send(outgoing) {
      if (!begun || (outgoing.audio === sent.audio && outgoing.video === sent.video)) return;
      sent = outgoing;
      // A closed connection takes no track; its end is noticed elsewhere.
      void peer.send(outgoing).catch(() => {});
    },
    fault: () => watch.fault,
    blame: (fault) => void faults.add(fault),
    quietS: () => (watch.lookedS === null || !up ? 0 : watch.lookedS - watch.heardS),
    hears: () => up && heard,
    delivers,
    carried: () => everDelivered,
    picturePaused,
    troubles: () => [...troubles],
    seen,
    close() {
      if (closed) return;
      closed = true;
      heard = false;
      clearInterval(timer);
      // What was only made ready and never used is nobody's call.
      if (begun) tell();
      peer.close();
    },
  };
}
