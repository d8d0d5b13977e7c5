import { describe, expect, it } from "vitest";
import { MAX_TEXT_CHARS, MAX_TEXT_ENTRIES } from "../protocol/messages";
import {
  bounded,
  type Conversation,
  nextEntry,
  openLine,
  visible,
  withDraft,
  withHistory,
  written,
} from "./text";

const line = (author: "visitor" | "staff", entry: number, text: string, done = false) =>
  ({ author, sender: author === "staff" ? "seat-1" : "kiosk", entry, text, done }) as const;

const told = (...lines: ReturnType<typeof line>[]): Conversation => lines.reduce<Conversation>(withDraft, []);

describe("a typed line", () => {
  it("is replaced by its next state, letter by letter", () => {
    expect(told(line("visitor", 1, "H"), line("visitor", 1, "He"), line("visitor", 1, "Hej", true))).toEqual([
      line("visitor", 1, "Hej", true),
    ]);
  });

  it("of the other one with the same number is another line", () => {
    expect(told(line("visitor", 1, "Hej"), line("staff", 1, "Hallå"))).toHaveLength(2);
  });

  it("that is done does not open again", () => {
    expect(told(line("visitor", 1, "Hej", true), line("visitor", 1, "He"))).toEqual([
      line("visitor", 1, "Hej", true),
    ]);
  });

  it("stands where it was begun, even when it ends later", () => {
    const lines = told(
      line("visitor", 1, "Ja"),
      line("staff", 1, "Hej", true),
      line("visitor", 1, "Ja!", true),
    );
    expect(lines.map((one) => one.text)).toEqual(["Ja!", "Hej"]);
  });

  it("that was emptied is not shown", () => {
    expect(visible(told(line("visitor", 1, "x"), line("visitor", 1, " ")))).toEqual([]);
  });

  it("is cut where the wire ends", () => {
    expect(bounded("å".repeat(MAX_TEXT_CHARS + 5))).toHaveLength(MAX_TEXT_CHARS);
  });

  it("is found as long as it is open", () => {
    const lines = told(line("staff", 1, "a", true), line("staff", 2, "b"));
    expect(openLine(lines, "seat-1", 2)?.text).toBe("b");
    expect(openLine(lines, "seat-1", 1)).toBeUndefined();
  });
});

describe("a conversation", () => {
  it("numbers the next line of each seat by itself", () => {
    const lines = told(line("visitor", 7, "a"), line("staff", 2, "b"));
    expect([nextEntry(lines, "seat-1"), nextEntry(lines, "seat-2"), nextEntry([], "seat-1")]).toEqual([
      3, 1, 1,
    ]);
  });

  it("keeps the lines of two librarians apart", () => {
    const colleague = { ...line("staff", 1, "Hej från Karin", true), sender: "seat-2" };
    const lines = withDraft(told(line("staff", 1, "Hej", true)), colleague);
    expect(lines.map((one) => one.text)).toEqual(["Hej", "Hej från Karin"]);
    expect(written(lines, "seat-2")).toEqual([colleague]);
  });

  it("comes back from the kiosk, with what was seen since laid over it", () => {
    const history = [line("visitor", 1, "Hej", true), line("staff", 1, "Hej h")];
    const seen = told(line("staff", 1, "Hej hej", true), line("visitor", 2, "Jag"));
    expect(withHistory(seen, history).map((one) => one.text)).toEqual(["Hej", "Hej hej", "Jag"]);
  });

  it("does not grow without end", () => {
    let lines: Conversation = [];
    for (let n = 1; n <= MAX_TEXT_ENTRIES + 10; n++) lines = withDraft(lines, line("visitor", n, "x", true));
    expect(lines).toHaveLength(MAX_TEXT_ENTRIES);
    expect(lines.at(-1)?.entry).toBe(MAX_TEXT_ENTRIES + 10);
  });
});
