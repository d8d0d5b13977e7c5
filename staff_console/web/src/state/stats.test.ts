import { describe, expect, it } from "vitest";
import { NO_STATS, readStats, type StatsEntry } from "./stats";

const REPORT: readonly StatsEntry[] = [
  { id: "C1", type: "codec", mimeType: "audio/opus" },
  { id: "C2", type: "codec", mimeType: "video/VP8" },
  {
    id: "IA",
    type: "inbound-rtp",
    kind: "audio",
    codecId: "C1",
    packetsReceived: 500,
    packetsLost: 5,
    totalSamplesReceived: 480_000,
    concealedSamples: 4_800,
  },
  {
    id: "IV",
    type: "inbound-rtp",
    kind: "video",
    codecId: "C2",
    packetsReceived: 1_000,
    packetsLost: 15,
    framesDecoded: 290,
    framesPerSecond: 29,
    frameWidth: 1280,
    frameHeight: 720,
    freezeCount: 2,
    totalFreezesDuration: 0.7,
  },
  { id: "OA", type: "outbound-rtp", kind: "audio", packetsSent: 510 },
  {
    id: "OV",
    type: "outbound-rtp",
    kind: "video",
    packetsSent: 900,
    framesSent: 300,
    frameWidth: 640,
    frameHeight: 360,
  },
  {
    id: "RA",
    type: "remote-inbound-rtp",
    kind: "audio",
    packetsLost: 3,
    roundTripTimeMeasurements: 1,
    totalRoundTripTime: 0.25,
  },
  {
    id: "RV",
    type: "remote-inbound-rtp",
    kind: "video",
    packetsLost: 4,
    roundTripTimeMeasurements: 4,
    totalRoundTripTime: 0.5,
  },
  { id: "T", type: "transport", selectedCandidatePairId: "P2" },
  { id: "P1", type: "candidate-pair", currentRoundTripTime: 9, availableOutgoingBitrate: 1 },
  {
    id: "P2",
    type: "candidate-pair",
    currentRoundTripTime: 0.04,
    availableOutgoingBitrate: 1_500_000,
    localCandidateId: "L",
  },
  { id: "L", type: "local-candidate", candidateType: "relay", relayProtocol: "tls" },
];

describe("the figures of a connection", () => {
  it("are summed of sound and picture, and of the pair of addresses in use", () => {
    expect(readStats(REPORT)).toEqual({
      framesDecoded: 290,
      framesSent: 300,
      widthReceived: 1280,
      heightReceived: 720,
      widthSent: 640,
      heightSent: 360,
      framesPerSecondReceived: 29,
      audioPacketsReceived: 500,
      audioPacketsSent: 510,
      packetsReceived: 1500,
      packetsLost: 20,
      packetsSent: 1410,
      packetsLostThere: 7,
      reportTrips: 5,
      reportTripsS: 0.75,
      samplesPlayed: 480_000,
      samplesConcealed: 4_800,
      freezes: 2,
      frozenS: 0.7,
      roundTripMs: 40,
      estimateKbps: 1500,
      videoCodec: "VP8",
      audioCodec: "opus",
      relayed: true,
      relay: "tls",
    });
  });

  it("of a connection that has none yet are nothing", () => {
    expect(readStats([])).toEqual(NO_STATS);
    expect(readStats([{ id: "T", type: "transport" }])).toEqual(NO_STATS);
  });

  it("take the pair that Firefox marks, which has no transport", () => {
    const pair = { id: "P", type: "candidate-pair", selected: true, currentRoundTripTime: 0.1 };
    expect(readStats([pair]).roundTripMs).toBe(100);
  });

  it("of a direct path name no relay", () => {
    const direct = REPORT.map((entry) =>
      entry.id === "L" ? { id: "L", type: "local-candidate", candidateType: "host" } : entry,
    );
    expect(readStats(direct)).toMatchObject({ relayed: false, relay: null });
  });
});
