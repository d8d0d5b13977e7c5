// What the librarian can see of a path: in words on the screen, and the figures behind them one click away.
import type { CallQuality, IceTrouble, PathFault, PathQuality, RelayTransport } from "../protocol/messages";
import { type PathMemory, part, roundTripMs } from "./path_quality";
import type { PeerStats } from "./stats";

/** The figures behind the word. Null: not known (yet). */
export interface PathFigures {
  readonly generation: number;
  readonly seconds: number;
  readonly connectMs: number | null;
  /** Median. */
  readonly roundTripMs: number | null;
  readonly lossInPercent: number;
  readonly lossOutPercent: number | null;
  readonly freezes: number;
  readonly frozenS: number;
  readonly concealedPercent: number;
  readonly widthReceived: number;
  readonly heightReceived: number;
  readonly widthSent: number;
  readonly heightSent: number;
  readonly framesPerSecondReceived: number | null;
  readonly videoCodec: string;
  readonly audioCodec: string;
  /** What the path is thought to carry from here, kbit/s. */
  readonly estimateKbps: number | null;
  readonly relayed: boolean;
  readonly relay: RelayTransport | null;
  readonly worst: PathQuality;
}

export interface PathFacts {
  readonly quality: PathQuality;
  /** What is wrong with a path that calls itself connected. */
  readonly fault: PathFault | null;
  readonly troubles: readonly IceTrouble[];
  /** Our camera is on, and the path too thin for more than a still. */
  readonly picturePaused: boolean;
  /** An older generation still carries while this one is being built. */
  readonly carried: boolean;
  readonly figures: PathFigures;
}

/** One connection of a path, as far as it has been seen. */
export interface PathSeen {
  readonly generation: number;
  /** Since it was connected. */
  readonly seconds: number;
  /** From this end's first step until it was connected; null: it is not. */
  readonly connectMs: number | null;
  readonly stats: PeerStats;
  readonly memory: PathMemory;
}

/** The figures behind the word. */
export function figuresOf({ generation, seconds, connectMs, stats, memory }: PathSeen): PathFigures {
  return {
    generation,
    seconds,
    connectMs,
    roundTripMs: roundTripMs(memory),
    lossInPercent: percent(stats.packetsLost, stats.packetsLost + stats.packetsReceived),
    lossOutPercent: stats.packetsSent === 0 ? null : percent(stats.packetsLostThere, stats.packetsSent),
    freezes: stats.freezes,
    frozenS: stats.frozenS,
    concealedPercent: percent(stats.samplesConcealed, stats.samplesPlayed),
    widthReceived: stats.widthReceived,
    heightReceived: stats.heightReceived,
    widthSent: stats.widthSent,
    heightSent: stats.heightSent,
    framesPerSecondReceived: stats.framesPerSecondReceived,
    videoCodec: stats.videoCodec,
    audioCodec: stats.audioCodec,
    estimateKbps: stats.estimateKbps,
    relayed: stats.relayed,
    relay: stats.relay,
    worst: memory.worst,
  };
}

/** What the server keeps of it: figures and codes, no address. */
export function recordOf(
  visitId: string,
  seen: PathSeen,
  faults: readonly PathFault[],
  troubles: readonly IceTrouble[],
): CallQuality {
  const figures = figuresOf(seen);
  return {
    visit_id: visitId,
    generation: figures.generation,
    seconds: figures.seconds,
    connect_ms: figures.connectMs,
    round_trip_ms: figures.roundTripMs,
    loss_in_percent: figures.lossInPercent,
    loss_out_percent: figures.lossOutPercent,
    freezes: figures.freezes,
    frozen_s: figures.frozenS,
    concealed_percent: figures.concealedPercent,
    width_sent: figures.widthSent,
    height_sent: figures.heightSent,
    video_codec: wireName(figures.videoCodec),
    audio_codec: wireName(figures.audioCodec),
    engine: null, // a browser
    relayed: figures.relayed,
    relay: figures.relay,
    worst: figures.worst,
    faults: [...faults],
    troubles: [...troubles],
  };
}

function percent(of: number, whole: number): number {
  return part(of, whole) * 100;
}

/** A codec's name as the wire takes it: letters, digits and hyphens, not many. */
function wireName(codec: string): string {
  return codec.replace(/[^A-Za-z0-9-]/g, "").slice(0, 20);
}
