// Makes src/protocol/messages.ts from signaling/protocol/schema.json: the wire's types, its table and constants.
// With --check it writes nothing and fails when the file is out of date. Run it through
// `python -m signaling.protocol.export`, which writes the schema first.
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { compile } from "json-schema-to-typescript";

const SCHEMA = new URL("../../../signaling/protocol/schema.json", import.meta.url);
const TARGET = new URL("../src/protocol/messages.ts", import.meta.url);
const BANNER = "// Written by tools/types.mjs from signaling/protocol/schema.json; do not edit.\n";

const schema = JSON.parse(await readFile(SCHEMA, "utf8"));

/** The interfaces and unions of every definition. */
async function types() {
  const { title, $schema } = schema;
  const $defs = { ...schema.$defs, JsonValue: { tsType: "unknown" } };
  const source = await compile({ $schema, title, $defs, type: "object" }, "Wire", {
    additionalProperties: false,
    bannerComment: "",
    ignoreMinAndMaxItems: true,
    unreachableDefinitions: true,
    style: { printWidth: 110 },
  });
  // The root object carries the definitions and has no shape of its own.
  return source
    .replace(/export interface \w*TheWire \{\}\n/, "")
    .replace(/\/\*\*\n \* This interface was referenced by[^/]*\*\/\n/g, "")
    .replace(/\n \*\n \* This interface was referenced by[^/]*?\n \*\//g, "\n */");
}

/** One interface that maps the names of messages to their types, for one direction. */
function table(name, doc, direction, value) {
  const rows = Object.entries(schema["x-messages"])
    .filter(([, row]) => row.directions.includes(direction))
    .map(([message, row]) => `  "${message}": ${value(row)};`);
  return `/** ${doc} */\nexport interface ${name} {\n${rows.join("\n")}\n}\n`;
}

const constants = Object.entries(schema["x-constants"]).map(
  ([name, value]) => `export const ${name} = ${JSON.stringify(value)};`,
);
const text = [
  BANNER,
  await types(),
  table(
    "FromConsole",
    "What the console may send, and what the acknowledgement carries.",
    "staff_to_server",
    (row) => `{ payload: ${row.payload}; reply: ${row.reply} }`,
  ),
  table("ToConsole", "What the server sends to the console.", "server_to_staff", (row) => row.payload),
  `/** Fields of the views that are changed entry by entry. */`,
  `export const KEYED_FIELDS = ${JSON.stringify(schema["x-keyed-fields"])} as const;\n`,
  ...constants,
  "",
].join("\n");

if (process.argv.includes("--check")) {
  const current = await readFile(TARGET, "utf8").catch(() => "");
  if (current !== text) {
    console.error(`${fileURLToPath(TARGET)} is out of date: run  python -m signaling.protocol.export`);
    process.exitCode = 1;
  }
} else {
  await writeFile(TARGET, text);
}
