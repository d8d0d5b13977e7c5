import { describe, expect, it } from "vitest";
import type { CallRow } from "../../protocol/messages";
import { callsOf, lasted } from "./calls";

const row = (fields: Partial<CallRow> = {}): CallRow => ({
  at: "2026-11-22T10:00:00Z",
  branch_id: "burtrask",
  kiosk_id: "hall",
  visit_id: "visit-1",
  generation: 1,
  party: "visitor",
  seconds: 100,
  connect_ms: 400,
  round_trip_ms: 40,
  loss_in_percent: 0,
  loss_out_percent: null,
  freezes: 0,
  frozen_s: 0,
  concealed_percent: 0,
  width_sent: 1280,
  height_sent: 720,
  video_codec: "VP8",
  audio_codec: "opus",
  engine: null,
  relayed: false,
  relay: null,
  worst: "good",
  faults: [],
  troubles: [],
  ...fields,
});

describe("the records of a visit", () => {
  it("become one entry, where the newest of them stood", () => {
    const calls = callsOf([
      row({ at: "2026-11-22T10:05:00Z", visit_id: "visit-2" }),
      row({ party: "staff" }),
      row(),
      row({ at: "2026-11-22T09:58:00Z", visit_id: "visit-2" }),
    ]);
    expect(calls.map(({ visitId, at, rows }) => [visitId, at, rows.length])).toEqual([
      ["visit-2", "2026-11-22T10:05:00Z", 2],
      ["visit-1", "2026-11-22T10:00:00Z", 2],
    ]);
  });

  it("have the worst word of either end", () => {
    const [call] = callsOf([
      row({ worst: "fair" }),
      row({ party: "staff", worst: "sound_only" }),
      row({ worst: "poor" }),
    ]);
    expect(call?.worst).toBe("sound_only");
  });

  it("lasted as long as the end that was connected the longest", () => {
    const [call] = callsOf([
      row({ seconds: 60 }),
      row({ generation: 2, seconds: 30 }),
      row({ party: "staff", seconds: 80 }),
    ]);
    expect(call?.seconds).toBe(90);
  });

  it("say how often a path was built anew, and count none that nobody took", () => {
    const ready = row({ generation: 3, connect_ms: null, seconds: 0 });
    expect(callsOf([row(), row({ party: "staff" })])[0]?.renewals).toBe(0);
    expect(callsOf([ready, row({ generation: 2 }), row()])[0]?.renewals).toBe(1);
    expect(callsOf([ready])[0]?.renewals).toBe(0);
  });

  it("name each fault and each trouble once", () => {
    const [call] = callsOf([
      row({ faults: ["no_picture"], troubles: ["relay_refused"] }),
      row({ party: "staff", faults: ["no_picture", "nothing_arrives"], troubles: ["relay_refused"] }),
    ]);
    expect(call?.faults).toEqual(["no_picture", "nothing_arrives"]);
    expect(call?.troubles).toEqual(["relay_refused"]);
  });
});

describe("how long it lasted", () => {
  it("is said in minutes from one minute on", () => {
    expect(lasted(59.6)).toEqual({ id: "admin-calls-seconds", count: 60 });
    expect(lasted(60)).toEqual({ id: "admin-calls-minutes", count: 1 });
    expect(lasted(754)).toEqual({ id: "admin-calls-minutes", count: 13 });
  });
});
