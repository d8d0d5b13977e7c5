// Which of the codecs that both ends have agreed on is sent: the first one of the description. Text rules alone.

/** Put the payload types of one codec first in the sound's line (`m=audio`), or last. */
export function withSoundCodec(sdp: string, codec: string, place: "first" | "last"): string {
  const lines = sdp.split("\r\n");
  const pattern = new RegExp(`^a=rtpmap:(\\d+) ${codec}/`, "i");
  const types = new Set(lines.flatMap((line) => pattern.exec(line)?.[1] ?? []));
  return lines
    .map((line) => {
      if (!line.startsWith("m=audio ")) return line;
      const [kind = "", port = "", profile = "", ...all] = line.split(" ");
      const those = all.filter((type) => types.has(type));
      const others = all.filter((type) => !types.has(type));
      return [
        kind,
        port,
        profile,
        ...(place === "first" ? [...those, ...others] : [...others, ...those]),
      ].join(" ");
    })
    .join("\r\n");
}

/**
 * The other end's offer as the answer that it would give to ours: so that this end can offer to itself what was agreed on,
 * in another order. `ourRole` is what this end is in DTLS already; the other end is the other one.
 */
export function asAnswer(offer: string, ourRole: "active" | "passive"): string {
  const theirs = ourRole === "active" ? "passive" : "active";
  return offer.replaceAll("a=setup:actpass", `a=setup:${theirs}`);
}

/** What this end is in DTLS, by the description that it gave. */
export function roleIn(answer: string): "active" | "passive" {
  return /^a=setup:passive\r?$/m.test(answer) ? "passive" : "active";
}
