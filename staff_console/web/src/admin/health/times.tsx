// Moments beside how long ago they were, by the server's own clock.
import { useDesk } from "../../ui/context";
import { useOffice } from "../context";
import { momentText } from "../rules/days";
import { agoText, between, spanText } from "../rules/spans";

export interface Times {
  /** `for 3 hours`. */
  lasted(since: string): string;
  /** `3 hours ago`. */
  ago(moment: string): string;
  /** `Thu 24 December, 14:00`. */
  at(moment: string): string;
}

/** `now`: when the server told it. */
export function useTimes(now: string): Times {
  const { state } = useDesk();
  const { say, keeping } = useOffice();
  const language = state.preferences.value.language;
  const zone = keeping.view.value?.library.time_zone ?? "UTC";
  return {
    lasted(since) {
      const span = between(since, now);
      return span === null
        ? say("admin-health-just-now")
        : say("admin-health-lasted", { span: spanText(span, language) });
    },
    ago(moment) {
      const span = between(moment, now);
      return span === null ? say("admin-health-just-now") : agoText(span, language);
    },
    at: (moment) => momentText(moment, zone, language),
  };
}

/** How long ago, with the moment itself for those who point at it. */
export function Ago({ moment, times }: { moment: string; times: Times }) {
  return (
    <time dateTime={moment} title={times.at(moment)}>
      {times.ago(moment)}
    </time>
  );
}
