// When and how a server that is away is tried again.
import { describe, expect, it, vi } from "vitest";
import { answers, FIRST_MS, MAX_AWAITED_MS, MAX_MS, retryDelayMs } from "./knocking";

const ALMOST_ONE = 1 - Number.EPSILON;

describe("the tries", () => {
  it("come soon at first, and then further apart", () => {
    const delays = [1, 2, 3, 4].map((failed) => Math.round(retryDelayMs(failed, ALMOST_ONE, false)));
    expect(delays).toEqual([FIRST_MS, 600, 1_200, MAX_MS]);
  });

  // A page may stay open for days without a server.
  it.each([1, 2, 3, 10, 1_100, 1e9])("stay between half and all of the longest step after %d", (failed) => {
    for (const chance of [0, 0.3, ALMOST_ONE]) {
      expect(retryDelayMs(failed, chance, false)).toBeGreaterThanOrEqual(FIRST_MS / 2);
      expect(retryDelayMs(failed, chance, false)).toBeLessThanOrEqual(MAX_MS);
      expect(retryDelayMs(failed, chance, true)).toBeGreaterThanOrEqual(FIRST_MS / 2);
      expect(retryDelayMs(failed, chance, true)).toBeLessThanOrEqual(MAX_AWAITED_MS);
    }
  });

  it.each([1, 5, 1_100])("are spread by chance after %d", (failed) => {
    expect(retryDelayMs(failed, 0.2, false)).toBeLessThan(retryDelayMs(failed, 0.6, false));
    expect(retryDelayMs(failed, 0.2, true)).toBeLessThan(retryDelayMs(failed, 0.6, true));
  });
});

describe("a server", () => {
  it.each([
    [200, true],
    [404, true], // whatever stands before it keeps this address for itself: try
    [502, false],
    [503, false],
  ])("whose address answers %d is there: %s", async (status, there) => {
    const get = vi.fn(() => Promise.resolve(new Response(null, { status })));
    expect(await answers(get)).toBe(there);
    expect(get).toHaveBeenCalledWith("/healthz", expect.objectContaining({ cache: "no-store" }));
  });

  it("that refuses is not", async () => {
    expect(await answers(() => Promise.reject(new TypeError("refused")))).toBe(false);
  });
});
