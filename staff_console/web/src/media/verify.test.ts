import { beforeAll, describe, expect, it } from "vitest";
import { signedText } from "../protocol/fingerprint";
import type { CallOffer } from "../protocol/messages";
import { verifyOffer } from "./verify";

const subtle = crypto.subtle;
const FINGERPRINT = "sha-256 AB:CD";
const SDP = `v=0\r\na=fingerprint:${FINGERPRINT}\r\n`;
const base64 = (bytes: ArrayBuffer) => btoa(String.fromCharCode(...new Uint8Array(bytes)));

let keys: CryptoKeyPair;
let publicKey: string;

beforeAll(async () => {
  keys = (await subtle.generateKey({ name: "Ed25519" }, true, ["sign", "verify"])) as CryptoKeyPair;
  publicKey = base64(await subtle.exportKey("raw", keys.publicKey));
});

async function offer(changes: Partial<CallOffer> = {}): Promise<CallOffer> {
  const text = new TextEncoder().encode(signedText("visit-1", 2, FINGERPRINT));
  const signature = base64(await subtle.sign({ name: "Ed25519" }, keys.privateKey, text));
  return { visit_id: "visit-1", generation: 2, sdp: SDP, fingerprint: FINGERPRINT, signature, ...changes };
}

describe("an offer", () => {
  it("signed by the kiosk's key is trusted, with its fingerprint pinned", async () => {
    expect(await verifyOffer(await offer(), publicKey, subtle)).toEqual({ ok: true, sdp: SDP });
  });

  it.each([
    ["for another visit", { visit_id: "visit-2" }],
    ["for another generation", { generation: 3 }],
    ["with another fingerprint", { fingerprint: "sha-256 11:22" }],
    ["with a signature of nobody", { signature: "AAAA" }],
    ["with a signature that is none", { signature: "%%" }],
  ] as const)("signed %s is not trusted", async (_, changes) => {
    expect(await verifyOffer(await offer(changes), publicKey, subtle)).toEqual({
      ok: false,
      why: "signature",
    });
  });

  it("whose description carries another certificate is not trusted", async () => {
    const swapped = await offer({ sdp: SDP.replace("AB:CD", "11:22") });
    expect(await verifyOffer(swapped, publicKey, subtle)).toEqual({ ok: false, why: "fingerprint" });
  });

  it("is not trusted when the server gave no real key", async () => {
    expect(await verifyOffer(await offer(), "", subtle)).toEqual({ ok: false, why: "signature" });
  });

  it("of a browser that knows no Ed25519 is not trusted, and says why", async () => {
    const old = {
      importKey: () => Promise.reject(new DOMException("", "NotSupportedError")),
    } as unknown as SubtleCrypto;
    expect(await verifyOffer(await offer(), publicKey, old)).toEqual({ ok: false, why: "unsupported" });
  });
});
