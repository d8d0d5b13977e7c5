import { describe, expect, it } from "vitest";
import {
  clockOf,
  copied,
  firstHours,
  MAX_SPANS_A_DAY,
  minutesOf,
  spanFaults,
  spansText,
  weekIsRight,
  withoutSpan,
  withSpan,
  withTime,
} from "./hours";

const span = (opens_min: number, closes_min: number) => ({ opens_min, closes_min });
const NINE_TO_FIVE = span(540, 1020);

describe("a time as it is typed", () => {
  it.each([
    ["8", 480],
    ["08", 480],
    ["8.30", 510],
    ["08:30", 510],
    ["8,30", 510],
    ["830", 510],
    ["0830", 510],
    [" 17.05 ", 1025],
    ["0", 0],
    ["24", 1440],
    ["24.00", 1440],
  ])("%s is a minute of the day", (typed, minutes) => {
    expect(minutesOf(typed)).toBe(minutes);
  });

  it.each(["", "x", "25", "24.01", "8.60", "8.3", "-8", "12345", "8-12"])("%s is no time", (typed) => {
    expect(minutesOf(typed)).toBeNaN();
  });

  it("is written in one way, whatever was typed", () => {
    expect(clockOf(minutesOf("830"))).toBe("08.30");
    expect(clockOf(1440)).toBe("24.00");
    expect(clockOf(Number.NaN)).toBe("");
  });
});

describe("the hours of a day", () => {
  it("are right in order and apart", () => {
    expect(spanFaults([span(480, 720), span(780, 1440)])).toEqual([null, null]);
    expect(spanFaults([])).toEqual([]);
  });

  it("say which of them is wrong, and how", () => {
    expect(spanFaults([span(Number.NaN, 720)])).toEqual(["time"]);
    expect(spanFaults([span(480, Number.NaN)])).toEqual(["time"]);
    expect(spanFaults([span(1440, 1440)])).toEqual(["time"]);
    expect(spanFaults([span(720, 480)])).toEqual(["order"]);
    expect(spanFaults([span(480, 480)])).toEqual(["order"]);
    expect(spanFaults([span(480, 720), span(700, 800)])).toEqual([null, "overlap"]);
  });

  it("that touch are one: the server takes them no more than ours", () => {
    expect(spanFaults([span(480, 720), span(720, 800)])).toEqual([null, "overlap"]);
  });

  it("begin as an ordinary day, and go on an hour later", () => {
    expect(withSpan([])).toEqual([span(480, 1080)]);
    expect(withSpan([span(480, 720)])).toEqual([span(480, 720), span(780, 1020)]);
    expect(withSpan([span(480, 1320)])).toEqual([span(480, 1320), span(1380, 1440)]);
  });

  it("late in the evening get a further line that is to be filled in", () => {
    const [, late] = withSpan([span(480, 1400)]);
    expect(late).toEqual(span(Number.NaN, Number.NaN));
  });

  it("are no more than the server takes", () => {
    const full = Array.from({ length: MAX_SPANS_A_DAY }, (_, at) => span(at * 120, at * 120 + 60));
    expect(withSpan(full)).toEqual(full);
  });

  it("change one at a time", () => {
    expect(withTime([NINE_TO_FIVE, span(1080, 1200)], 1, "closes_min", 1260)).toEqual([
      NINE_TO_FIVE,
      span(1080, 1260),
    ]);
    expect(withoutSpan([NINE_TO_FIVE, span(1080, 1200)], 0)).toEqual([span(1080, 1200)]);
  });

  it("are said as people say them", () => {
    expect(spansText([span(480, 720), span(780, 1080)])).toBe("08.00–12.00, 13.00–18.00");
  });
});

describe("a week", () => {
  it("takes Monday's hours to Friday and leaves the weekend", () => {
    const week = [[NINE_TO_FIVE], [], [span(1, 2)], [], [], [span(600, 840)], []];
    expect(copied(week, 0, [1, 2, 3, 4])).toEqual([
      ...Array.from({ length: 5 }, () => [NINE_TO_FIVE]),
      [span(600, 840)],
      [],
    ]);
    expect(week[1]).toEqual([]);
  });

  it("is right when each of its days is", () => {
    expect(weekIsRight(firstHours().week)).toBe(true);
    expect(weekIsRight([[NINE_TO_FIVE], [span(720, 480)]])).toBe(false);
  });
});
