import { expect, test } from "vitest";
import { SAID_ONCE, sayTwice } from "./redundancy";
import { NO_STATS } from "./stats";

/** Counters of a path that carries 250 packets a second, read four times a second. */
function aPath() {
  let memory = SAID_ONCE;
  let atS = 100;
  let sent = 0;
  let lost = 0;
  return {
    changes: 0,
    goesOn(seconds: number, loss: number, estimateKbps: number | null = 2000): boolean {
      for (let look = 0; look < seconds * 4; look += 1) {
        atS += 0.25;
        sent += 62;
        lost += Math.round(62 * loss);
        const stats = { ...NO_STATS, packetsSent: sent, packetsLostThere: lost, estimateKbps };
        const next = sayTwice(memory, stats, atS);
        if (next.wanted !== memory.wanted) this.changes += 1;
        memory = next;
      }
      return memory.wanted;
    },
  };
}

test("a good path hears everything once", () => {
  expect(aPath().goesOn(60, 0)).toBe(false);
});

test("a lossy path hears everything twice, soon", () => {
  const path = aPath();
  expect(path.goesOn(2, 0.02)).toBe(true);
  expect(path.changes).toBe(1);
});

test("where nobody can tell what the path carries losses decide", () => {
  expect(aPath().goesOn(5, 0.05, null)).toBe(true);
});

test("a thin path hears everything once, whatever it loses", () => {
  expect(aPath().goesOn(30, 0.05, 390)).toBe(false);
});

test("a path that gets thin is spared at once", () => {
  const path = aPath();
  path.goesOn(10, 0.05);
  expect(path.goesOn(0.25, 0.05, 390)).toBe(false);
});

test("in between nothing changes", () => {
  const path = aPath();
  path.goesOn(10, 0.05);
  expect(path.goesOn(30, 0.017, 450)).toBe(true);
  expect(path.changes).toBe(1);
});

test("when the losses are over it ends", () => {
  const path = aPath();
  path.goesOn(10, 0.05);
  expect(path.goesOn(25, 0)).toBe(false);
  expect(path.changes).toBe(2);
});
