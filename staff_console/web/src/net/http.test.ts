import { describe, expect, it } from "vitest";
import { createSessionApi, HttpFault } from "./http";

interface Asked {
  readonly path: string;
  readonly init: RequestInit;
}

function api(status: number, body: unknown) {
  const asked: Asked[] = [];
  const fetcher = (path: string, init: RequestInit) => {
    asked.push({ path, init });
    return Promise.resolve(new Response(body === undefined ? null : JSON.stringify(body), { status }));
  };
  return { asked, api: createSessionApi(fetcher as unknown as typeof fetch) };
}

describe("the session", () => {
  it("is asked for without a token, and never taken from a cache", async () => {
    const { asked, api: session } = api(200, { csrf: "c", staff: null });
    expect(await session.load()).toEqual({ csrf: "c", staff: null });
    expect(asked[0]?.init).toMatchObject({ method: "GET", cache: "no-store", headers: {} });
  });

  it("is opened and closed with the token", async () => {
    const { asked, api: session } = api(200, { csrf: "d", staff: null });
    await session.signIn("c", "anna", "secret");
    await session.signOut("c");
    expect(asked.map(({ init }) => init.method)).toEqual(["POST", "DELETE"]);
    for (const { init } of asked) expect(init.headers).toMatchObject({ "X-CSRF-Token": "c" });
    expect(asked[0]?.init.body).toBe('{"login":"anna","password":"secret"}');
  });

  it("takes the new password under the name that the server knows", async () => {
    const { asked, api: session } = api(200, {});
    await session.changePassword("c", "old", "new");
    expect(asked[0]).toMatchObject({
      path: "/api/session/password",
      init: { body: '{"current":"old","new":"new"}' },
    });
  });
});

describe("a refusal", () => {
  it("carries its code and values", async () => {
    const { api: session } = api(429, { error: { code: "too_fast", data: { retry_after_s: 30 } } });
    await expect(session.signIn("c", "a", "b")).rejects.toMatchObject({
      code: "too_fast",
      data: { retry_after_s: 30 },
    });
  });

  it("without values has none", async () => {
    const { api: session } = api(401, { error: { code: "not_authenticated" } });
    await expect(session.signIn("c", "a", "b")).rejects.toMatchObject({
      code: "not_authenticated",
      data: {},
    });
  });

  it("of something that is not our server is no answer", async () => {
    const { api: session } = api(502, "bad gateway");
    await expect(session.load()).rejects.toBeInstanceOf(HttpFault);
    await expect(session.load()).rejects.toMatchObject({ code: "no_answer" });
  });

  it("is no answer when nobody is there", async () => {
    const nobody = createSessionApi(() => Promise.reject(new TypeError("Failed to fetch")));
    await expect(nobody.load()).rejects.toMatchObject({ code: "no_answer" });
  });
});
