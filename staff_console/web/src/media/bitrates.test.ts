import { describe, expect, it } from "vitest";
import { withLeastBitrate, withStartBitrate } from "./bitrates";

const section = (...lines: string[]) => ["m=video 9 UDP/TLS/RTP/SAVPF 96 97", ...lines, ""].join("\r\n");

describe("the start bitrate", () => {
  it("is put into the parameters of VP8", () => {
    const sdp = section("a=rtpmap:96 VP8/90000", "a=fmtp:96 x-google-max-bitrate=2500");
    expect(withStartBitrate(sdp, 1300)).toContain(
      "a=fmtp:96 x-google-max-bitrate=2500;x-google-start-bitrate=1300",
    );
  });

  it("brings parameters where VP8 has none", () => {
    const sdp = withStartBitrate(
      section("a=rtpmap:96 VP8/90000", "a=rtpmap:97 rtx/90000", "a=fmtp:97 apt=96"),
      1300,
    );
    expect(sdp).toMatch(/a=rtpmap:96 VP8\/90000\r\na=fmtp:96 x-google-start-bitrate=\d+\r\n/);
    expect(sdp).toContain("a=fmtp:97 apt=96\r\n");
  });

  it("leaves the other end's own wish alone", () => {
    const sdp = section("a=rtpmap:96 VP8/90000", "a=fmtp:96 x-google-start-bitrate=1000");
    expect(withStartBitrate(sdp, 1300)).toBe(sdp);
  });

  it("touches no other codec", () => {
    const sdp = section("a=rtpmap:96 H264/90000", "a=fmtp:96 packetization-mode=1");
    expect(withStartBitrate(sdp, 1300)).toBe(sdp);
  });
});

describe("the least bitrate", () => {
  it("takes the place of the start bitrate, which has had its time", () => {
    const sdp = section(
      "a=rtpmap:96 VP8/90000",
      "a=fmtp:96 x-google-start-bitrate=900;x-google-max-bitrate=2500",
    );
    expect(withLeastBitrate(sdp, 300)).toContain(
      "a=fmtp:96 x-google-max-bitrate=2500;x-google-min-bitrate=300\r\n",
    );
  });

  it("is taken out again, with a line that says nothing more", () => {
    const sdp = section("a=rtpmap:96 VP8/90000", "a=fmtp:96 x-google-min-bitrate=300", "a=fmtp:97 apt=96");
    expect(withLeastBitrate(sdp, null)).toBe(section("a=rtpmap:96 VP8/90000", "a=fmtp:97 apt=96"));
  });
});
