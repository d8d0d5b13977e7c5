import { describe, expect, it } from "vitest";
import { figuresOf, type PathSeen, recordOf } from "./path";
import { NOTHING_REMEMBERED } from "./path_quality";
import { NO_STATS } from "./stats";

const SEEN: PathSeen = {
  generation: 3,
  seconds: 61.5,
  connectMs: 240,
  stats: {
    ...NO_STATS,
    packetsReceived: 950,
    packetsLost: 50,
    packetsSent: 400,
    packetsLostThere: 8,
    samplesPlayed: 1000,
    samplesConcealed: 30,
    freezes: 2,
    frozenS: 0.75,
    widthSent: 1280,
    heightSent: 720,
    videoCodec: "VP8",
    audioCodec: "opus",
    relayed: true,
    relay: "tcp",
  },
  memory: { ...NOTHING_REMEMBERED, tripsMs: [40, 60, 50], worst: "fair" },
};

describe("a path in figures", () => {
  it("tells parts in percent, and the round trip as it mostly is", () => {
    expect(figuresOf(SEEN)).toMatchObject({
      generation: 3,
      roundTripMs: 50,
      lossInPercent: 5,
      lossOutPercent: 2,
      concealedPercent: 3,
      worst: "fair",
    });
  });

  it("that was never connected has none, and no loss of nothing", () => {
    const never = { ...SEEN, seconds: 0, connectMs: null, stats: NO_STATS, memory: NOTHING_REMEMBERED };
    expect(figuresOf(never)).toMatchObject({
      connectMs: null,
      roundTripMs: null,
      lossInPercent: 0,
      lossOutPercent: null,
    });
  });

  it("is recorded with what was wrong with it, and as a browser's", () => {
    expect(recordOf("visit-1", SEEN, ["no_picture"], ["relay_refused"])).toEqual({
      visit_id: "visit-1",
      generation: 3,
      seconds: 61.5,
      connect_ms: 240,
      round_trip_ms: 50,
      loss_in_percent: 5,
      loss_out_percent: 2,
      freezes: 2,
      frozen_s: 0.75,
      concealed_percent: 3,
      width_sent: 1280,
      height_sent: 720,
      video_codec: "VP8",
      audio_codec: "opus",
      engine: null,
      relayed: true,
      relay: "tcp",
      worst: "fair",
      faults: ["no_picture"],
      troubles: ["relay_refused"],
    });
  });

  it("names a codec in letters that the wire takes", () => {
    const odd = { ...SEEN, stats: { ...SEEN.stats, videoCodec: "x;y z_0123456789-0123456789" } };
    expect(recordOf("visit-1", odd, [], []).video_codec).toBe("xyz0123456789-012345");
  });
});
