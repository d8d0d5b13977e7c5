import { describe, expect, it } from "vitest";
import { pinFingerprint, signedText } from "./fingerprint";

const SIGNED = "sha-256 AB:CD:EF";
const sdp = (...lines: string[]) =>
  ["v=0", "s=-", ...lines, "m=audio 9 UDP/TLS/RTP/SAVPF 111", ""].join("\r\n");

describe("the text under the signature", () => {
  it("binds purpose, visit, generation and fingerprint", () => {
    expect(signedText("visit-1", 2, SIGNED)).toBe(
      "librarian-on-demand/dtls-fingerprint/v1\nvisit-1\n2\nsha-256 AB:CD:EF",
    );
  });
});

describe("pinning the fingerprint", () => {
  it("leaves a description with the signed one as it is", () => {
    const good = sdp("a=fingerprint:sha-256 AB:CD:EF");
    expect(pinFingerprint(good, SIGNED)).toBe(good);
  });

  it("takes the same fingerprint written in another case", () => {
    expect(pinFingerprint(sdp("a=fingerprint:SHA-256 ab:cd:ef"), SIGNED)).not.toBeNull();
  });

  it("takes the same one in each media section", () => {
    const twice = sdp("a=fingerprint:sha-256 AB:CD:EF", "a=fingerprint:sha-256 AB:CD:EF");
    expect(pinFingerprint(twice, SIGNED)).toBe(twice);
  });

  it("refuses a second certificate beside the signed one", () => {
    const smuggled = sdp("a=fingerprint:sha-256 AB:CD:EF", "a=fingerprint:sha-256 11:22:33");
    expect(pinFingerprint(smuggled, SIGNED)).toBeNull();
  });

  it("takes out fingerprints of hashes that nobody signed", () => {
    const both = sdp("a=fingerprint:sha-256 AB:CD:EF", "a=fingerprint:sha-512 11:22:33");
    expect(pinFingerprint(both, SIGNED)).toBe(sdp("a=fingerprint:sha-256 AB:CD:EF"));
  });

  it.each([
    ["another one", sdp("a=fingerprint:sha-256 11:22:33"), SIGNED],
    ["none", sdp(), SIGNED],
    ["only one of another hash", sdp("a=fingerprint:sha-512 AB:CD:EF"), SIGNED],
    ["one that was signed with a weak hash", sdp("a=fingerprint:sha-1 AB:CD:EF"), "sha-1 AB:CD:EF"],
    ["an empty signed value", sdp("a=fingerprint:sha-256 AB:CD:EF"), ""],
  ])("refuses a description with %s", (_, description, signed) => {
    expect(pinFingerprint(description, signed)).toBeNull();
  });
});
