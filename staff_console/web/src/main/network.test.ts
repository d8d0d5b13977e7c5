import { describe, expect, it, vi } from "vitest";
import { watchNetwork } from "./network";

function desk(connection?: EventTarget & { type?: string }) {
  const page = new EventTarget();
  const window = Object.assign(page, { navigator: connection === undefined ? {} : { connection } });
  const link = { probe: vi.fn() };
  const call = { moved: vi.fn() };
  watchNetwork({ link, call, window: window as never });
  return { page, link, call };
}

describe("a machine that is elsewhere in the network", () => {
  it("doubts its connection and its paths when it is online again", () => {
    const { page, link, call } = desk();
    page.dispatchEvent(new Event("online"));
    expect([link.probe.mock.calls.length, call.moved.mock.calls.length]).toEqual([1, 1]);
  });

  it("does so when the kind of its network is another one", () => {
    const connection: EventTarget & { type?: string } = Object.assign(new EventTarget(), { type: "wifi" });
    const { call } = desk(connection);
    connection.type = "ethernet";
    connection.dispatchEvent(new Event("change"));
    connection.dispatchEvent(new Event("change"));
    expect(call.moved).toHaveBeenCalledTimes(1);
  });

  it("is not one whose speed was guessed anew", () => {
    const connection = Object.assign(new EventTarget(), { type: "wifi", rtt: 50 });
    const { call } = desk(connection);
    connection.rtt = 200;
    connection.dispatchEvent(new Event("change"));
    expect(call.moved).not.toHaveBeenCalled();
  });
});
