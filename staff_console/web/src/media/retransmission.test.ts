import { expect, it } from "vitest";
import { withoutRetransmission } from "./retransmission";

it("lost packets are not sent again, and a whole picture may still be asked for", () => {
  const sdp = [
    "m=video 9 UDP/TLS/RTP/SAVPF 96 97",
    "a=rtpmap:96 VP8/90000",
    "a=rtcp-fb:96 goog-remb",
    "a=rtcp-fb:96 ccm fir",
    "a=rtcp-fb:96 nack",
    "a=rtcp-fb:96 nack pli",
    "a=rtpmap:97 rtx/90000",
    "",
  ];
  const without = sdp.filter((line) => line !== "a=rtcp-fb:96 nack");
  expect(withoutRetransmission(sdp.join("\r\n"))).toBe(without.join("\r\n"));
});
