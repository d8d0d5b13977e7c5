import { describe, expect, it, vi } from "vitest";
import { createTroubleWatch } from "./trouble";

const RELAY = "turn:relay.example:3478?transport=udp";
const host = { candidate: "candidate:1 1 udp 1 abc.local 9 typ host", type: "host" } as const;
const relay = { candidate: "candidate:2 1 udp 1 192.0.2.1 9 typ relay", type: "relay" } as const;

function gathering() {
  const tell = vi.fn();
  return { ...createTroubleWatch(tell), told: () => tell.mock.calls.flat() };
}

describe("the gathering of addresses", () => {
  it("that finds none at all is trouble, and the end of a round is no address", () => {
    const one = gathering();
    one.candidate({ candidate: "", type: null });
    expect(one.told()).toEqual([]);
    one.candidate(null);
    expect(one.told()).toEqual(["no_candidates"]);
  });

  it("that finds some is none", () => {
    const one = gathering();
    one.candidate(host);
    one.candidate(null);
    expect(one.told()).toEqual([]);
  });

  it.each([401, 403, 437, 486])("says at once that the relay refused, code %i, and says it once", (code) => {
    const one = gathering();
    one.error(RELAY, code);
    one.error(RELAY.replace("udp", "tcp"), code);
    expect(one.told()).toEqual(["relay_refused"]);
  });

  it("says that no relay was reached when all is gathered", () => {
    const one = gathering();
    one.error(RELAY, 701);
    one.candidate(host);
    expect(one.told()).toEqual([]);
    one.candidate(null);
    expect(one.told()).toEqual(["relay_unreachable"]);
  });

  it("says it too when that is known only afterwards", () => {
    const one = gathering();
    one.candidate(host);
    one.candidate(null);
    one.error(RELAY, 701);
    expect(one.told()).toEqual(["relay_unreachable"]);
  });

  it("says nothing of a network from which the relay was not reached when another one was used", () => {
    const one = gathering();
    one.error(RELAY, 701);
    one.candidate(relay);
    one.candidate(null);
    expect(one.told()).toEqual([]);
  });

  it("does not mind a STUN server that is silent", () => {
    const one = gathering();
    one.error("stun:relay.example:3478", 701);
    one.candidate(host);
    one.candidate(null);
    expect(one.told()).toEqual([]);
  });
});
