import { afterEach, describe, expect, it, vi } from "vitest";
import { createRing } from "./ring";

/** As much of an `AudioContext` as a ring needs, and how often it made a buffer. */
function soundThatCounts() {
  const counted = { buffers: 0, playing: 0 };
  class Context {
    readonly sampleRate = 8_000;
    readonly currentTime = 0;
    readonly destination = {};
    readonly state = "running";
    createBuffer(_channels: number, length: number) {
      counted.buffers += 1;
      const samples = new Float32Array(length);
      return { getChannelData: () => samples };
    }
    createBufferSource() {
      return {
        connect: () => {},
        start: () => {
          counted.playing += 1;
        },
        stop: () => {
          counted.playing -= 1;
        },
      };
    }
  }
  vi.stubGlobal("AudioContext", Context);
  return counted;
}

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("the ring", () => {
  it("has its sound made once it is unlocked, so that the first ring shows at once", async () => {
    vi.useFakeTimers();
    const counted = soundThatCounts();
    const ring = createRing(() => {});
    expect(await ring.unlock()).toBe(true);
    vi.runAllTimers();
    expect(counted).toEqual({ buffers: 1, playing: 0 });
    ring.start();
    expect(counted).toEqual({ buffers: 1, playing: 1 });
    ring.stop();
    ring.start();
    expect(counted).toEqual({ buffers: 1, playing: 1 });
  });

  it("that comes right after the click makes its sound itself", async () => {
    vi.useFakeTimers();
    const counted = soundThatCounts();
    const ring = createRing(() => {});
    await ring.unlock();
    ring.start();
    expect(counted.playing).toBe(1);
    vi.runAllTimers();
    expect(counted.buffers).toBe(1);
  });

  it("that is wanted before sound is unlocked rings with the click", async () => {
    const counted = soundThatCounts();
    const ring = createRing(() => {});
    ring.start();
    expect(counted.playing).toBe(0);
    await ring.unlock();
    expect(counted.playing).toBe(1);
  });
});
