// Who may import whom in src/ (design rule 8). Cycles are biome's noImportCycles; zones are kept here.
import { readdir, readFile } from "node:fs/promises";
import { dirname, join, normalize, relative } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../src", import.meta.url));

/** What each zone may import besides itself; main is the composition root and may import all. */
const MAY = {
  protocol: [],
  state: ["protocol"],
  net: ["protocol"],
  media: ["protocol"],
  ui: ["state", "protocol"],
  admin: ["ui", "state", "protocol"],
  main: ["protocol", "state", "net", "media", "ui", "admin"],
};
/** Libraries that only one zone may touch. */
const ONLY = { "socket.io-client": ["net"], preact: ["ui", "admin", "main"], "@fluent/bundle": ["ui"] };

const files = (await readdir(ROOT, { recursive: true })).filter((name) => /\.tsx?$/.test(name));
const faults = [];
for (const file of files) {
  const zone = file.split("/")[0];
  const text = await readFile(join(ROOT, file), "utf8");
  for (const [, target] of text.matchAll(/^(?:import|export)\b[^"';]*?["']([^"']+)["']/gm)) {
    if (target.startsWith(".")) {
      const other = relative(ROOT, normalize(join(ROOT, dirname(file), target))).split("/")[0];
      if (other === zone || other === ".." || MAY[zone].includes(other)) continue;
      faults.push(`${file}: ${zone} may not import ${other}`);
    } else {
      const allowed = ONLY[target];
      if (allowed && !allowed.includes(zone))
        faults.push(`${file}: only ${allowed.join(", ")} may import ${target}`);
    }
  }
}
for (const fault of faults) console.error(fault);
process.exitCode = faults.length ? 1 : 0;
