import { expect, test } from "vitest";
import { holdBack, NO_REPAIR_TIME } from "./repair_time";
import { NO_STATS } from "./stats";

/** Counters of a path with 250 packets a second, read four times a second. */
function aPath() {
  let memory = NO_REPAIR_TIME;
  let atS = 100;
  let received = 0;
  let lost = 0;
  const targets = new Set<number | null>();
  return {
    goesOn(seconds: number, loss: number, roundTripMs: number | null = 60): number | null {
      for (let look = 0; look < seconds * 4; look += 1) {
        atS += 0.25;
        lost += Math.round(62.5 * loss);
        received += Math.round(62.5 * (1 - loss));
        const stats = { ...NO_STATS, packetsReceived: received, packetsLost: lost, roundTripMs };
        memory = holdBack(memory, stats, atS);
        targets.add(memory.targetMs);
      }
      return memory.targetMs;
    },
    targets,
    remembered: () => memory.seen.length,
  };
}

test("a good path is left alone", () => {
  expect(aPath().goesOn(60, 0.016)).toBeNull();
});

test("a lossy path gets time for two retransmissions, once", () => {
  const path = aPath();
  expect(path.goesOn(60, 0.05)).toBe(150);
  expect([...path.targets]).toEqual([null, 150]);
});

test("a long round trip is not waited for twice", () => {
  expect(aPath().goesOn(20, 0.1, 600)).toBe(300);
});

test("when the losses are over the picture is fresh again", () => {
  const path = aPath();
  path.goesOn(20, 0.1);
  expect(path.goesOn(20, 0)).toBeNull();
});

test("in between nothing changes", () => {
  const path = aPath();
  path.goesOn(20, 0.1);
  expect(path.goesOn(30, 0.032)).toBe(150);
});

test("where far too much is lost waiting does not help", () => {
  const path = aPath();
  expect(path.goesOn(20, 0.35)).toBeNull();
  path.goesOn(20, 0.1);
  expect(path.goesOn(20, 0.35)).toBeNull();
});

test("without a round trip nothing is decided, and no more than ten seconds are remembered", () => {
  const path = aPath();
  expect(path.goesOn(60, 0.05, null)).toBeNull();
  expect(path.remembered()).toBeLessThanOrEqual(42);
});
