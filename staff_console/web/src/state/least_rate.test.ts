import { expect, test } from "vitest";
import { keepAbove, NO_LEAST_RATE } from "./least_rate";
import { NO_STATS } from "./stats";

/** Counters of a path that carries 100 packets a second, read four times a second; the other end reports twice in each. */
function aPath() {
  let memory = NO_LEAST_RATE;
  let atS = 100;
  let sent = 0;
  let lost = 0;
  let reportTrips = 0;
  let reportTripsS = 0;
  return {
    changes: 0,
    goesOn(
      seconds: number,
      loss: number,
      tripMs: number | null = 60,
      estimateKbps: number | null = 200,
    ): boolean {
      for (let look = 0; look < seconds * 4; look += 1) {
        atS += 0.25;
        sent += 25;
        lost += 25 * loss;
        if (tripMs !== null && atS % 0.5 === 0) {
          reportTrips += 1;
          reportTripsS += tripMs / 1000;
        }
        const stats = {
          ...NO_STATS,
          packetsSent: sent,
          packetsLostThere: lost,
          reportTrips,
          reportTripsS,
          estimateKbps,
        };
        const next = keepAbove(memory, stats, atS);
        if (next.wanted !== memory.wanted) this.changes += 1;
        memory = next;
      }
      return memory.wanted;
    },
  };
}

test("a good path, one that loses little, and one that is believed to carry enough are left alone", () => {
  expect(aPath().goesOn(60, 0)).toBe(false);
  expect(aPath().goesOn(60, 0.05)).toBe(false);
  expect(aPath().goesOn(60, 0.2, 60, 500)).toBe(false);
});

test("a path that loses much and has no queue keeps a least rate", () => {
  const path = aPath();
  expect(path.goesOn(60, 0.2)).toBe(true);
  expect(path.changes).toBe(1);
});

test("nobody can tell without a round trip or an estimate", () => {
  expect(aPath().goesOn(30, 0.2, null)).toBe(false);
  expect(aPath().goesOn(30, 0.2, 60, null)).toBe(false);
});

test("losses beside a queue are its own, and so are those just before it was empty", () => {
  const path = aPath();
  path.goesOn(10, 0);
  expect(path.goesOn(10, 0.3, 200)).toBe(false);
  expect(path.goesOn(5, 0)).toBe(false);
  expect(path.changes).toBe(0);
});

test("a queue ends it at once, and it is not tried again soon", () => {
  const path = aPath();
  path.goesOn(10, 0.2);
  expect(path.goesOn(0.5, 0.2, 200)).toBe(false);
  expect(path.goesOn(4.5, 0.2)).toBe(false);
  expect(path.goesOn(3, 0.2)).toBe(true);
  path.goesOn(0.5, 0.2, 200);
  expect(path.goesOn(10, 0.2)).toBe(false);
});

test("when nothing is heard any more, it ends", () => {
  const path = aPath();
  path.goesOn(10, 0.2);
  expect(path.goesOn(6, 0.2, null)).toBe(false);
});

test("when more is lost because of it, it was the rate after all", () => {
  const path = aPath();
  path.goesOn(10, 0.1);
  expect(path.goesOn(5, 0.5)).toBe(false);
});

test("it ends when the losses do", () => {
  const path = aPath();
  path.goesOn(10, 0.2);
  expect(path.goesOn(10, 0)).toBe(false);
});
