import { describe, expect, it } from "vitest";
import { changed, type Draft, isDirty, merged, only, rebased, same } from "./draft";

const base = { name: "Burträsk", phone: "0914-1", hours: { week: [[{ opens_min: 480 }]] } };
const draft = (values: object): Draft => ({
  id: "b",
  base,
  revision: "r1",
  values: { ...base, ...values },
});

describe("what is typed", () => {
  it("differs from what is kept only where it does", () => {
    expect(isDirty(draft({}))).toBe(false);
    expect(isDirty(draft({ hours: { week: [[{ opens_min: 480 }]] } }))).toBe(false);
    expect(isDirty(null)).toBe(false);
    expect(changed(base, { ...base, phone: "0914-2" })).toEqual(["phone"]);
    expect(isDirty(draft({ hours: { week: [[{ opens_min: 481 }]] } }))).toBe(true);
  });

  it("back to what is kept is unchanged", () => {
    const there = draft({ name: "Boliden" });
    expect(isDirty({ ...there, values: { ...there.values, name: "Burträsk" } })).toBe(false);
  });

  it("is compared in all that it holds", () => {
    expect(same([1, { a: null }], [1, { a: null }])).toBe(true);
    expect(same(Number.NaN, Number.NaN)).toBe(true);
    expect(same([1], { 0: 1 })).toBe(false);
    expect(same({ a: undefined }, { b: undefined })).toBe(false);
    expect(same({ a: 1 }, { a: 1, b: 2 })).toBe(false);
    expect(same(null, {})).toBe(false);
    expect(same("1", 1)).toBe(false);
  });
});

describe("somebody else who saved meanwhile", () => {
  it("is taken over where nothing was typed here, and says so of nothing", () => {
    const found = merged(draft({ phone: "0914-2" }), { ...base, name: "Burträsk nya" }, "r2");
    expect(found.draft.values).toEqual({ ...base, name: "Burträsk nya", phone: "0914-2" });
    expect(found.draft.revision).toBe("r2");
    expect(found.clashes).toEqual([]);
    expect(isDirty(found.draft)).toBe(true);
  });

  it("does not put away what was typed into the same field, and stands beside it", () => {
    const found = merged(draft({ phone: "0914-2" }), { ...base, phone: "0914-3" }, "r2");
    expect(found.draft.values.phone).toBe("0914-2");
    expect(found.draft.base.phone).toBe("0914-3");
    expect(found.clashes).toEqual(["phone"]);
  });

  it("who typed the same is no clash, and nothing is left to save", () => {
    const found = merged(draft({ phone: "0914-2" }), { ...base, phone: "0914-2" }, "r2");
    expect(found.clashes).toEqual([]);
    expect(isDirty(found.draft)).toBe(false);
  });
});

describe("a part that is saved by itself", () => {
  it("leaves the rest typed", () => {
    const found = rebased(draft({ phone: "0914-2" }), { ...base, name: "Ny" }, "r2", ["name"]);
    expect(found.values).toEqual({ ...base, name: "Ny", phone: "0914-2" });
    expect(changed(found.base, found.values)).toEqual(["phone"]);
  });
});

it("only the fields of a form go into it", () => {
  expect(only(["name"], { id: "b", name: "Burträsk", revision: "r" })).toEqual({ name: "Burträsk" });
});
