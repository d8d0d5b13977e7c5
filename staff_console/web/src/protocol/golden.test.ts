// The same golden files as tests/signaling/protocol/test_golden.py: both sides must read them alike.
import Ajv from "ajv/dist/2020";
import addFormats from "ajv-formats";
import { describe, expect, it } from "vitest";
import schema from "../../../../signaling/protocol/schema.json";
import { applyDelta } from "./delta";
import type { Delta } from "./messages";

interface GoldenMessage {
  readonly message: string | null;
  readonly payloads: readonly unknown[];
  readonly replies: readonly unknown[];
  readonly models?: Readonly<Record<string, readonly unknown[]>>;
}

interface GoldenSequence {
  readonly why: string;
  readonly model: string;
  readonly revision: number;
  readonly view: object;
  readonly deltas: readonly Delta[];
  readonly expected: object;
}

const messages = import.meta.glob<GoldenMessage>("../../../../tests/contract/golden/messages/*.json", {
  eager: true,
  import: "default",
});
const sequences = import.meta.glob<GoldenSequence>("../../../../tests/contract/golden/sequences/*.json", {
  eager: true,
  import: "default",
});

const ajv = new Ajv({ strict: false, allErrors: true });
addFormats(ajv);
ajv.addSchema(schema, "wire");

function complaints(model: string, example: unknown): unknown {
  const validate = ajv.getSchema(`wire#/$defs/${model}`);
  if (validate === undefined) throw new Error(`no schema of ${model}`);
  return validate(example) ? null : validate.errors;
}

const name = (path: string) => path.split("/").at(-1) ?? path;
const table = schema["x-messages"] as Record<string, { payload: string; reply: string | null }>;

describe("golden messages", () => {
  it("are there", () => {
    expect(Object.keys(messages).length).toBe(Object.keys(table).length + 1);
    expect(Object.keys(sequences).length).toBeGreaterThan(4);
  });

  it.each(Object.keys(messages).map((path) => [name(path), path]))("%s fits the schema", (_, path) => {
    const golden = messages[path as string] as GoldenMessage;
    if (golden.message === null) {
      for (const [model, examples] of Object.entries(golden.models ?? {})) {
        for (const example of examples) expect(complaints(model, example), model).toBeNull();
      }
      return;
    }
    const row = table[golden.message];
    if (row === undefined) throw new Error(`${golden.message} is not in the table`);
    for (const payload of golden.payloads) expect(complaints(row.payload, payload)).toBeNull();
    for (const reply of golden.replies) expect(complaints(row.reply ?? "", reply)).toBeNull();
  });

  it("the schema can say no", () => {
    expect(complaints("VisitFeedback", { visit_id: "v", score: 4 })).not.toBeNull();
    expect(complaints("VisitRef", {})).not.toBeNull();
  });
});

describe("golden sequences", () => {
  it.each(Object.keys(sequences).map((path) => [name(path), path]))(
    "%s lead to the expected view",
    (_, path) => {
      const golden = sequences[path as string] as GoldenSequence;
      const before = JSON.stringify(golden.view);
      let view = golden.view;
      for (const delta of golden.deltas) view = applyDelta(view, delta);
      // Fields of a newer server may be there too; those that we know must be right.
      const known = Object.fromEntries(Object.entries(view).filter(([field]) => field in golden.expected));
      expect(known).toEqual(golden.expected);
      expect(complaints(golden.model, view)).toBeNull();
      expect(JSON.stringify(golden.view), "the older view was changed").toBe(before);
    },
  );

  it("leave what did not change the same object", () => {
    const view = { seat: { id: "a" }, line: { one: {} } };
    const next = applyDelta(view, { revision: 1, set: {}, put: { line: { two: {} } }, drop: {} });
    expect(next.seat).toBe(view.seat);
    expect(next.line).not.toBe(view.line);
  });
});
