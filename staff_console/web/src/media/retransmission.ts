// Whether lost packets of the picture are sent again (RFC 4585 "generic NACK", RFC 4588). Text rules alone.

/**
 * The other end's description as if it had not asked for lost pictures to be sent again; it may still ask for a whole one.
 *
 * A path that turns much too thin at once loses some hundred packets of the picture before congestion control has come
 * down. Each is asked for up to ten times, and goes out again past what congestion control allows: 0.8 to 1.9 Mbit/s for
 * some 20 s into a path of 110 kbit/s, with the picture long given up (measured). The sound drowns in it.
 */
export function withoutRetransmission(sdp: string): string {
  return sdp
    .split("\r\n")
    .filter((line) => !/^a=rtcp-fb:\S+ nack$/.test(line))
    .join("\r\n");
}
