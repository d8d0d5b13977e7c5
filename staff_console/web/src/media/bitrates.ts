// What Chromium is told of bitrates by the other end's description, besides the standard's words. Text rules alone.

/**
 * Let the first estimate of the path be a good one.
 *
 * Chromium reads `x-google-start-bitrate` from the format parameters of the codec that the *other* end offers.
 * Without it its estimate begins at 300 kbit/s and takes seconds to grow. Congestion control still goes down at once
 * where the path cannot carry it.
 */
export function withStartBitrate(sdp: string, kbps: number): string {
  const lines = sdp.split("\r\n");
  const vp8 = payloadTypes(lines);
  const wish = `x-google-start-bitrate=${kbps}`;
  const seen = new Set<string>();
  const marked = lines.map((line) => {
    const payload = /^a=fmtp:(\d+) /.exec(line)?.[1];
    if (payload === undefined || !vp8.has(payload)) return line;
    seen.add(payload);
    return line.includes("x-google-start-bitrate") ? line : `${line};${wish}`;
  });
  return marked
    .flatMap((line) => {
      const payload = /^a=rtpmap:(\d+) VP8\/90000/i.exec(line)?.[1];
      return payload !== undefined && !seen.has(payload) ? [line, `a=fmtp:${payload} ${wish}`] : [line];
    })
    .join("\r\n");
}

/**
 * Have Chromium's estimate of the path stay above this (`x-google-min-bitrate`), or no more. The start bitrate has had its
 * time: said with anything new, it would be taken for a wish to begin anew.
 */
export function withLeastBitrate(sdp: string, kbps: number | null): string {
  const lines = sdp.split("\r\n");
  const vp8 = payloadTypes(lines);
  return lines
    .flatMap((line) => {
      const [, payload = "", parameters = ""] = /^a=fmtp:(\d+) (.*)$/.exec(line) ?? [];
      if (!vp8.has(payload)) return line;
      const kept = parameters.split(";").filter((one) => !/^x-google-(start|min)-bitrate=/.test(one));
      const all = kbps === null ? kept : [...kept, `x-google-min-bitrate=${kbps}`];
      return all.length === 0 ? [] : `a=fmtp:${payload} ${all.join(";")}`;
    })
    .join("\r\n");
}

function payloadTypes(lines: readonly string[]): ReadonlySet<string> {
  return new Set(lines.flatMap((line) => /^a=rtpmap:(\d+) VP8\/90000/i.exec(line)?.[1] ?? []));
}
