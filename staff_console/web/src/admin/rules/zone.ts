// Times of the library, whatever clock the browser goes by: `2026-03-02T10:00` as a form field has it.

const PARTS: Intl.DateTimeFormatOptions = {
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
};

/** A moment on the library's clock. */
export function localOf(iso: string, zone: string): string {
  const part = new Map(
    new Intl.DateTimeFormat("en-GB", { ...PARTS, timeZone: zone })
      .formatToParts(new Date(iso))
      .map(({ type, value }) => [type, value]),
  );
  const at = (type: Intl.DateTimeFormatPartTypes) => part.get(type) ?? "";
  return `${at("year")}-${at("month")}-${at("day")}T${at("hour")}:${at("minute")}`;
}

/** The moment at which the library's clock shows this; null when it is no time. */
export function momentOf(local: string, zone: string): string | null {
  // Date.parse reads a year into almost anything.
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(local)) return null;
  const wanted = Date.parse(`${local}:00Z`);
  if (Number.isNaN(wanted)) return null;
  // The zone's distance from UTC depends on the moment that is looked for: twice is enough around a change of clocks.
  let moment = wanted;
  for (let round = 0; round < 2; round += 1) {
    const shown = Date.parse(`${localOf(new Date(moment).toISOString(), zone)}:00Z`);
    moment += wanted - shown;
  }
  return new Date(moment).toISOString();
}
