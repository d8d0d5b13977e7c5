/// <reference types="vitest/config" />
import { defineConfig } from "vite";

/** Where `npm run dev` finds a server to speak with; the built page always speaks with its own origin. */
const SERVER = "http://127.0.0.1:8080";

export default defineConfig({
  // JSX is Preact's; see tsconfig.json.
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    target: "es2023",
    // A data: address in a style would need a hole in the content security policy.
    assetsInlineLimit: 0,
    // Vite's polyfill is an inline script in spirit: every browser with WebCrypto Ed25519 has module preload.
    modulePreload: { polyfill: false },
    sourcemap: false,
    license: { fileName: "licenses.md" },
  },
  server: {
    proxy: {
      "/api": SERVER,
      "/healthz": SERVER,
      "/socket.io": { target: SERVER, ws: true },
    },
  },
  test: {
    include: ["src/**/*.test.ts", "src/**/*.test.tsx"],
    environment: "node",
    // tokens.test.ts reads the style sheet itself.
    css: true,
  },
});
