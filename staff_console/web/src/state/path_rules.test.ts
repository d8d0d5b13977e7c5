// The rules that stand in the kiosk too, by the tables of cases that both ends run (tests/contract/paths/README.md).
import { describe, expect, it } from "vitest";
import ladderCases from "../../../../tests/contract/paths/ladder.json";
import qualityCases from "../../../../tests/contract/paths/quality.json";
import watchCases from "../../../../tests/contract/paths/watch.json";
import { NOTHING_REMEMBERED, type PathMemory, part, remember, roundTripMs } from "./path_quality";
import { asksAgain, NO_PICTURE_AGAIN_S, NOTHING_WATCHED, type PathWatch, watchPath } from "./path_watch";
import { climb, FULL_PICTURE, type Ladder, limitsOf, TOP } from "./picture_ladder";
import { NO_STATS, type PeerStats } from "./stats";

type Figures = Readonly<Record<string, number | null>>;
interface Step {
  readonly at_s: number;
  readonly until_s?: number;
  readonly every_s?: number;
  readonly stats?: Figures;
  readonly rates?: Figures;
  readonly expected?: { readonly attached?: boolean; readonly picture?: boolean; readonly poor?: boolean };
  readonly sound_only?: boolean;
  readonly want: Readonly<Record<string, unknown>>;
  readonly always?: boolean;
}
interface Case {
  readonly name: string;
  readonly steps: readonly Step[];
}

const camel = (name: string) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** Go through a case; `look` takes one look and gives what is so after it, by the names of `want`. */
function play(
  { steps }: Case,
  look: (stats: PeerStats, nowS: number, step: Step) => Record<string, unknown>,
): void {
  const stats: Record<string, unknown> = { ...NO_STATS };
  const put = (name: string, value: unknown) => {
    expect(Object.keys(NO_STATS)).toContain(camel(name));
    stats[camel(name)] = value;
  };
  for (const step of steps) {
    for (const [name, value] of Object.entries(step.stats ?? {})) put(name, value);
    const every = step.every_s ?? 0.25;
    const until = step.until_s ?? step.at_s;
    for (let nowS = step.at_s; nowS <= until; nowS += every) {
      for (const [name, rate] of Object.entries(step.rates ?? {}))
        put(name, Number(stats[camel(name)]) + Number(rate) * every);
      const now = look(stats as unknown as PeerStats, nowS, step);
      if (!step.always && nowS + every <= until) continue;
      for (const [name, wanted] of Object.entries(step.want)) {
        const message = `${name} at ${nowS} s`;
        expect(Object.keys(now), message).toContain(name);
        if (typeof wanted === "number") expect(now[name], message).toBeCloseTo(wanted, 3);
        else expect(now[name], message).toBe(wanted);
      }
    }
  }
}

const named = (cases: unknown) => (cases as readonly Case[]).map((one) => [one.name, one] as const);

describe("the watch over a path", () => {
  it.each(named(watchCases))("%s", (_, one) => {
    let watch: PathWatch = NOTHING_WATCHED;
    play(one, (stats, nowS, { expected }) => {
      const all = { attached: false, picture: false, poor: false, ...expected };
      watch = watchPath(watch, stats, all, nowS);
      return { fault: watch.fault };
    });
  });

  it("asks for a new path because of the picture only now and then, and because of the sound always", () => {
    expect(asksAgain("no_picture", 100, null)).toBe(true);
    expect(asksAgain("no_picture", 100, 100 - NO_PICTURE_AGAIN_S + 0.1)).toBe(false);
    expect(asksAgain("no_picture", 100, 100 - NO_PICTURE_AGAIN_S)).toBe(true);
    expect(asksAgain("nothing_arrives", 100, 99)).toBe(true);
    expect(asksAgain("nothing_leaves", 100, 99)).toBe(true);
  });
});

describe("the ladder of the picture", () => {
  it.each(named(ladderCases))("%s", (_, one) => {
    let ladder: Ladder = TOP;
    play(one, (stats, nowS) => {
      ladder = climb(ladder, stats.estimateKbps, nowS);
      return { rung: ladder.rung, tried: ladder.tried, try_after_s: ladder.tryAfterS };
    });
  });

  it("gets smaller, then slower, then stands still", () => {
    const limits = [0, 1, 2, 3, 4, 5].map((rung) => limitsOf({ ...TOP, rung }));
    expect(limits).toEqual([
      FULL_PICTURE,
      { widthMax: 960, rateMax: null, still: false },
      { widthMax: 640, rateMax: null, still: false },
      { widthMax: 480, rateMax: 20, still: false },
      { widthMax: 320, rateMax: 10, still: false },
      { widthMax: 320, rateMax: null, still: true },
    ]);
  });
});

describe("the quality of a path", () => {
  it.each(named(qualityCases))("%s", (_, one) => {
    let memory: PathMemory = NOTHING_REMEMBERED;
    play(one, (stats, nowS, step) => {
      memory = remember(memory, { ...stats }, nowS, step.sound_only ?? false);
      return { quality: memory.quality, worst: memory.worst, round_trip_ms: roundTripMs(memory) };
    });
  });

  it("keeps the round trips of a long call in a handful of figures, evenly", () => {
    let memory: PathMemory = NOTHING_REMEMBERED;
    for (let look = 0; look < 5000; look++)
      memory = remember(memory, { ...NO_STATS, roundTripMs: look }, look / 4, false);
    expect(memory.tripsMs.length).toBeLessThan(128);
    expect(roundTripMs(memory)).toBeGreaterThan(2300);
    expect(roundTripMs(memory)).toBeLessThan(2700);
  });

  it("knows parts of nothing", () => {
    expect([part(1, 0), part(-3, 10), part(30, 10), part(1, 4)]).toEqual([0, 0, 1, 0.25]);
  });
});
