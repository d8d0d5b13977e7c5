// Is this offer really from the enrolled kiosk? Its Ed25519 signature, checked by the browser itself.
import { pinFingerprint, signedText } from "../protocol/fingerprint";
import type { CallOffer } from "../protocol/messages";

export type Verdict =
  /** `sdp` carries the signed fingerprint and no other. */
  | { readonly ok: true; readonly sdp: string }
  | { readonly ok: false; readonly why: "signature" | "fingerprint" | "unsupported" };

/** Check `offer` against the raw public key (base64, 32 bytes) that the view gave for this kiosk. */
export async function verifyOffer(
  offer: CallOffer,
  kioskKey: string,
  subtle: SubtleCrypto,
): Promise<Verdict> {
  let key: CryptoKey;
  let signature: Uint8Array<ArrayBuffer>;
  try {
    signature = bytes(offer.signature);
    key = await subtle.importKey("raw", bytes(kioskKey), { name: "Ed25519" }, false, ["verify"]);
  } catch (error) {
    const unsupported = error instanceof DOMException && error.name === "NotSupportedError";
    return { ok: false, why: unsupported ? "unsupported" : "signature" };
  }
  const text = new TextEncoder().encode(signedText(offer.visit_id, offer.generation, offer.fingerprint));
  if (!(await subtle.verify({ name: "Ed25519" }, key, signature, text)))
    return { ok: false, why: "signature" };
  const sdp = pinFingerprint(offer.sdp, offer.fingerprint);
  return sdp === null ? { ok: false, why: "fingerprint" } : { ok: true, sdp };
}

function bytes(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}
