// What a kiosk signs about its media path, and what its SDP must say. Pure text; the signature itself is checked
// in media/verify.ts.
import { FINGERPRINT_SIGNATURE_CONTEXT } from "./messages";

/** The text under the kiosk's signature. */
export function signedText(visitId: string, generation: number, fingerprint: string): string {
  return [FINGERPRINT_SIGNATURE_CONTEXT, visitId, String(generation), fingerprint].join("\n");
}

/**
 * The SDP with no other fingerprint in it than the signed one, or null if it does not carry that one everywhere.
 *
 * A second fingerprint of another hash is legal (RFC 8122, 5) and would let a path through that nobody signed,
 * so it is taken out; a second one of the same hash is a contradiction and refused.
 */
export function pinFingerprint(sdp: string, fingerprint: string): string | null {
  const signed = canonical(fingerprint);
  if (!signed.startsWith("sha-256 ")) return null;
  const kept: string[] = [];
  let found = 0;
  for (const line of sdp.split(/\r?\n/)) {
    if (/^a=fingerprint:/i.test(line)) {
      const stated = canonical(line.slice("a=fingerprint:".length));
      if (stated === signed) found += 1;
      else if (stated.startsWith("sha-256 ")) return null;
      else continue;
    }
    kept.push(line);
  }
  return found > 0 ? kept.join("\r\n") : null;
}

function canonical(fingerprint: string): string {
  const [hash = "", digits = ""] = fingerprint.trim().split(/\s+/);
  return `${hash.toLowerCase()} ${digits.toUpperCase()}`;
}
