// The figures of one peer connection, read from the browser's statistics (W3C webrtc-stats) and summed per kind. The
// kiosk's engines give the same ones (kiosk/core/media.py), so that both ends judge a path alike.
import type { RelayTransport } from "../protocol/messages";

/** Counters since the connection was made. */
export interface PeerStats {
  readonly framesDecoded: number;
  readonly framesSent: number;
  readonly widthReceived: number;
  readonly heightReceived: number;
  readonly widthSent: number;
  readonly heightSent: number;
  /** Null: not told (yet). */
  readonly framesPerSecondReceived: number | null;
  readonly audioPacketsReceived: number;
  readonly audioPacketsSent: number;
  /** Sound and picture: what came, and what is missing of what should have. */
  readonly packetsReceived: number;
  readonly packetsLost: number;
  /** What left, and what of it is missing there as the other end last told. */
  readonly packetsSent: number;
  readonly packetsLostThere: number;
  /** Round trips that the other end's reports (RTCP) gave: how many, and all together in seconds. */
  readonly reportTrips: number;
  readonly reportTripsS: number;
  /** Of the sound: all that was played, and what of it had to be invented. */
  readonly samplesPlayed: number;
  readonly samplesConcealed: number;
  /** Pictures that stood still for longer than their pace explains. */
  readonly freezes: number;
  readonly frozenS: number;
  readonly roundTripMs: number | null;
  /** What the path is thought to carry from here, kbit/s; null when the browser cannot tell. */
  readonly estimateKbps: number | null;
  readonly videoCodec: string;
  readonly audioCodec: string;
  readonly relayed: boolean;
  readonly relay: RelayTransport | null;
}

/** Of a connection on which nothing has happened yet. */
export const NO_STATS: PeerStats = {
  framesDecoded: 0,
  framesSent: 0,
  widthReceived: 0,
  heightReceived: 0,
  widthSent: 0,
  heightSent: 0,
  framesPerSecondReceived: null,
  audioPacketsReceived: 0,
  audioPacketsSent: 0,
  packetsReceived: 0,
  packetsLost: 0,
  packetsSent: 0,
  packetsLostThere: 0,
  reportTrips: 0,
  reportTripsS: 0,
  samplesPlayed: 0,
  samplesConcealed: 0,
  freezes: 0,
  frozenS: 0,
  roundTripMs: null,
  estimateKbps: null,
  videoCodec: "",
  audioCodec: "",
  relayed: false,
  relay: null,
};

/** One entry of the browser's report; which fields are there depends on its type. */
export type StatsEntry = Readonly<Record<string, unknown>> & { readonly id: string; readonly type: string };

const RELAYS: ReadonlySet<unknown> = new Set<RelayTransport>(["udp", "tcp", "tls"]);

/** Sum a report up. Whatever a browser leaves out counts as nothing. */
export function readStats(entries: Iterable<StatsEntry>): PeerStats {
  const byId = new Map<string, StatsEntry>();
  for (const entry of entries) byId.set(entry.id, entry);
  const all = [...byId.values()];
  const of = (type: string, kind?: "audio" | "video") =>
    all.filter((entry) => entry.type === type && (kind === undefined || entry.kind === kind));
  const sum = (type: string, kind: "audio" | "video" | undefined, name: string) =>
    of(type, kind).reduce((total, entry) => total + (figure(entry[name]) ?? 0), 0);
  const most = (type: string, name: string) =>
    Math.max(0, ...of(type, "video").map((entry) => figure(entry[name]) ?? 0));
  const codec = (kind: "audio" | "video") => {
    const used = of("inbound-rtp", kind)[0]?.codecId ?? of("outbound-rtp", kind)[0]?.codecId;
    const name = typeof used === "string" ? byId.get(used)?.mimeType : undefined;
    return typeof name === "string" ? (name.split("/")[1] ?? "") : "";
  };
  const pair = selectedPair(all, byId);
  const trip = figure(pair?.currentRoundTripTime);
  const estimate = figure(pair?.availableOutgoingBitrate);
  const local = typeof pair?.localCandidateId === "string" ? byId.get(pair.localCandidateId) : undefined;
  const relayed = local?.candidateType === "relay";
  return {
    framesDecoded: sum("inbound-rtp", "video", "framesDecoded"),
    framesSent: sum("outbound-rtp", "video", "framesSent"),
    widthReceived: most("inbound-rtp", "frameWidth"),
    heightReceived: most("inbound-rtp", "frameHeight"),
    widthSent: most("outbound-rtp", "frameWidth"),
    heightSent: most("outbound-rtp", "frameHeight"),
    framesPerSecondReceived: figure(of("inbound-rtp", "video")[0]?.framesPerSecond),
    audioPacketsReceived: sum("inbound-rtp", "audio", "packetsReceived"),
    audioPacketsSent: sum("outbound-rtp", "audio", "packetsSent"),
    packetsReceived: sum("inbound-rtp", undefined, "packetsReceived"),
    packetsLost: sum("inbound-rtp", undefined, "packetsLost"),
    packetsSent: sum("outbound-rtp", undefined, "packetsSent"),
    packetsLostThere: sum("remote-inbound-rtp", undefined, "packetsLost"),
    reportTrips: sum("remote-inbound-rtp", undefined, "roundTripTimeMeasurements"),
    reportTripsS: sum("remote-inbound-rtp", undefined, "totalRoundTripTime"),
    samplesPlayed: sum("inbound-rtp", "audio", "totalSamplesReceived"),
    samplesConcealed: sum("inbound-rtp", "audio", "concealedSamples"),
    freezes: sum("inbound-rtp", "video", "freezeCount"),
    frozenS: sum("inbound-rtp", "video", "totalFreezesDuration"),
    roundTripMs: trip === null ? null : trip * 1000,
    estimateKbps: estimate === null ? null : estimate / 1000,
    videoCodec: codec("video"),
    audioCodec: codec("audio"),
    relayed,
    relay: relayed && RELAYS.has(local?.relayProtocol) ? (local?.relayProtocol as RelayTransport) : null,
  };
}

/** The pair of addresses in use. Firefox marks it on the pair and has no "transport". */
function selectedPair(
  all: readonly StatsEntry[],
  byId: ReadonlyMap<string, StatsEntry>,
): StatsEntry | undefined {
  for (const entry of all) {
    if (entry.type === "transport" && typeof entry.selectedCandidatePairId === "string")
      return byId.get(entry.selectedCandidatePairId);
  }
  return all.find((entry) => entry.type === "candidate-pair" && entry.selected === true);
}

function figure(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}
