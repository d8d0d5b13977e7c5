import { describe, expect, it, vi } from "vitest";
import { connectionClosed } from "./tidy";

describe("closed connections", () => {
  it("bring about a collection once in fifty", () => {
    const allocate = vi.fn();
    for (let one = 0; one < 150; one++) connectionClosed(allocate);
    expect(allocate).toHaveBeenCalledTimes(3);
  });

  it("are nobody's trouble when there is no memory to ask for", () => {
    const allocate = vi.fn(() => {
      throw new RangeError("Array buffer allocation failed");
    });
    for (let one = 0; one < 50; one++) expect(() => connectionClosed(allocate)).not.toThrow();
    expect(allocate).toHaveBeenCalledTimes(1);
  });
});
