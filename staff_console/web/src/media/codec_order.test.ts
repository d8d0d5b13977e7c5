import { expect, test } from "vitest";
import { asAnswer, roleIn, withSoundCodec } from "./codec_order";

const SDP = [
  "v=0",
  "m=audio 9 UDP/TLS/RTP/SAVPF 111 63 110",
  "a=setup:actpass",
  "a=rtpmap:111 opus/48000/2",
  "a=rtpmap:63 red/48000/2",
  "m=video 9 UDP/TLS/RTP/SAVPF 96",
  "a=setup:actpass",
  "",
].join("\r\n");

test("a codec of the sound is put first, or last, and nothing else moves", () => {
  const first = withSoundCodec(SDP, "red", "first");
  expect(first).toContain("m=audio 9 UDP/TLS/RTP/SAVPF 63 111 110\r\n");
  expect(withSoundCodec(first, "red", "last")).toContain("m=audio 9 UDP/TLS/RTP/SAVPF 111 110 63\r\n");
  expect(first).toContain("m=video 9 UDP/TLS/RTP/SAVPF 96\r\n");
});

test("a codec that is not there changes nothing", () => {
  expect(withSoundCodec(SDP, "g722", "first")).toBe(SDP);
});

test("an offer becomes the answer of an end with the other role", () => {
  expect(asAnswer(SDP, "active")).not.toContain("actpass");
  expect(asAnswer(SDP, "active").match(/a=setup:passive/g)).toHaveLength(2);
  expect(asAnswer(SDP, "passive")).toContain("a=setup:active");
});

test("the role is read from the answer that was given", () => {
  expect([roleIn("a=setup:active\r\n"), roleIn("a=setup:passive\r\n"), roleIn("")]).toEqual([
    "active",
    "passive",
    "active",
  ]);
});
