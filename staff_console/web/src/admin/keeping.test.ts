import { describe, expect, it } from "vitest";
import type { AdminView } from "../protocol/messages";
import type { AdminApi, Problem } from "./api";
import { createKeeping } from "./keeping";
import type { Values } from "./rules/draft";
import type { Route } from "./rules/kinds";

/** A server with one branch, in a few lines: it keeps, counts revisions, and refuses what is out of date. */
class FakeServer implements AdminApi {
  branch = {
    id: "b",
    revision: "1",
    name: "Burträsk",
    phone: "0914-1",
    notes: "",
    hours: null,
    closed: true,
    closed_until: null,
    closed_texts: { sv: "Målas" },
  };
  there = true;
  refuse: Problem | null = null;
  readonly sent: Values[] = [];

  change(fields: object): void {
    this.branch = { ...this.branch, ...fields, revision: String(Number(this.branch.revision) + 1) };
  }
  async view() {
    return {
      me: "anna",
      allowed: { edit_branch: true, add_branch: true, add_kiosk: true, view_actions: true },
      library: { id: "l", revision: "1", time_zone: "Europe/Stockholm" },
      branches: this.there ? [{ ...this.branch }] : [],
      kiosks: [],
    } as unknown as AdminView;
  }
  async add(_kind: string, form: Values) {
    this.sent.push(form);
    return { kiosk_id: "k", code: "AAAA-BBBB", expires_at: "2026-01-01T00:00:00Z" };
  }
  async replace(_kind: string, id: string, revision: string, form: Values) {
    if (this.refuse) throw this.refuse;
    if (!this.there) throw { code: "not_found", field: "", data: {} };
    if (revision !== this.branch.revision) throw { code: "changed", field: "", data: {} };
    this.sent.push(form);
    this.change(form);
    return { id, revision: this.branch.revision };
  }
  async remove() {}
  async code() {
    return { kiosk_id: "k", code: "CCCC-DDDD", expires_at: "2026-01-01T00:00:00Z" };
  }
  async revoke() {}
  async password() {
    return { staff_id: "s", password: "secret" };
  }
  async setDisabled() {}
  async calls() {
    return { entries: [], next_before: null };
  }
  async network() {
    return { relays: [], relay_always: false, relay_only_branches: [] };
  }
  async actions() {
    const row = { id: "1", at: "", actor_name: "Bo", action: "edit_branch", subject_id: "b", details: {} };
    return { entries: [row], next_before: null };
  }
  problem(error: unknown): Problem {
    return error as Problem;
  }
}

async function opened(place: Route = { kind: "branches", id: "b" }) {
  const server = new FakeServer();
  const keeping = createKeeping({ api: server, today: () => "2026-03-02", moved: () => {} });
  await keeping.load();
  keeping.go(place);
  return { server, keeping };
}

describe("a form that is saved", () => {
  it("is kept, says so, and goes on from what is kept", async () => {
    const { server, keeping } = await opened();
    keeping.set("phone", "0914-2");
    expect(keeping.dirty.value).toBe(true);
    await keeping.save();
    expect(server.sent).toMatchObject([{ phone: "0914-2", name: "Burträsk" }]);
    expect([keeping.saved.value, keeping.dirty.value]).toEqual([true, false]);
    keeping.set("phone", "0914-3");
    expect(keeping.saved.value).toBe(false);
    await keeping.save();
    expect(keeping.saved.value).toBe(true);
  });

  it("with hours that are no times is not sent", async () => {
    const { server, keeping } = await opened();
    keeping.set("hours", { week: [[{ opens_min: 480, closes_min: Number.NaN }]] });
    await keeping.save();
    expect(server.sent).toEqual([]);
    expect(keeping.problem.value?.code).toBe("overlap");
  });

  it("with a single time or number that is none is not sent, and says which", async () => {
    const { server, keeping } = await opened();
    keeping.set("video_max_kbps", Number.NaN);
    await keeping.save();
    expect(server.sent).toEqual([]);
    expect(keeping.problem.value).toEqual({ code: "wrong", field: "video_max_kbps", data: {} });
  });

  it("and refused stays typed, with what is wrong", async () => {
    const { server, keeping } = await opened();
    server.refuse = { code: "wrong", field: "phone", data: {} };
    keeping.set("phone", "x");
    await keeping.save();
    expect(keeping.problem.value).toEqual(server.refuse);
    expect(keeping.draft.value?.values.phone).toBe("x");
    expect(keeping.saved.value).toBe(false);
  });
});

describe("somebody else who saved first", () => {
  it("is named, and both see theirs: the typed stays, the rest is new", async () => {
    const { server, keeping } = await opened();
    keeping.set("phone", "0914-2");
    server.change({ phone: "0914-9", notes: "Nyckeln" });
    await keeping.save();
    expect(keeping.conflict.value).toEqual({ who: "Bo", gone: false, clashes: ["phone"] });
    expect(keeping.draft.value?.values).toMatchObject({ phone: "0914-2", notes: "Nyckeln" });
    expect(server.branch.phone).toBe("0914-9");
    await keeping.save();
    expect(server.branch).toMatchObject({ phone: "0914-2", notes: "Nyckeln" });
    expect(keeping.conflict.value).toBeNull();
  });

  it("and removed it is named too, and what was typed can still be read", async () => {
    const { server, keeping } = await opened();
    keeping.set("phone", "0914-2");
    server.there = false;
    await keeping.save();
    expect(keeping.conflict.value).toEqual({ who: "Bo", gone: true, clashes: [] });
    expect(keeping.draft.value?.values.phone).toBe("0914-2");
  });

  it("can be let to have it", async () => {
    const { server, keeping } = await opened();
    keeping.set("phone", "0914-2");
    server.change({ phone: "0914-9" });
    await keeping.save();
    keeping.reset();
    expect(keeping.draft.value?.values.phone).toBe("0914-9");
    expect([keeping.conflict.value, keeping.dirty.value]).toEqual([null, false]);
  });
});

describe("what is typed", () => {
  it("is asked about before one goes elsewhere", async () => {
    const { keeping } = await opened();
    keeping.set("phone", "0914-2");
    keeping.go({ kind: "kiosks", id: null });
    expect(keeping.leaving.value).toEqual({ kind: "kiosks", id: null });
    keeping.stay();
    expect(keeping.draft.value?.values.phone).toBe("0914-2");
    keeping.go({ kind: "kiosks", id: null });
    keeping.leave();
    expect(keeping.route.value.kind).toBe("kiosks");
    expect(keeping.draft.value).toBeNull();
  });

  it("outlives fetching anew", async () => {
    const { server, keeping } = await opened();
    keeping.set("phone", "0914-2");
    server.change({ notes: "Nyckeln" });
    await keeping.load();
    expect(keeping.draft.value?.values.phone).toBe("0914-2");
  });

  it("outlives opening the branch again, which saves nothing else", async () => {
    const { server, keeping } = await opened();
    keeping.set("phone", "0914-2");
    await keeping.saveOnly({ closed: false, closed_until: null, closed_texts: {} });
    expect(server.branch).toMatchObject({ closed: false, phone: "0914-1" });
    expect(keeping.draft.value?.values).toMatchObject({ closed: false, phone: "0914-2" });
    expect(keeping.dirty.value).toBe(true);
  });

  it("is not for whoever sits down next", async () => {
    const { keeping } = await opened();
    keeping.set("phone", "0914-2");
    keeping.forget();
    expect(keeping.draft.value).toBeNull();
  });
});

describe("a code", () => {
  it("is shown once: gone when it is put away, and when one goes on", async () => {
    const { keeping } = await opened({ kind: "kiosks", id: "new" });
    keeping.set("name", "Entré");
    await keeping.save();
    expect(keeping.secret.value).toMatchObject({ kind: "code", text: "AAAA-BBBB", name: "Entré" });
    keeping.go({ kind: "branches", id: null });
    expect(keeping.secret.value).toBeNull();
  });
});

it("what one may not keep is not reached by its address", async () => {
  const { keeping } = await opened({ kind: "services", id: null });
  expect(keeping.route.value).toEqual({ kind: null, id: null });
});
