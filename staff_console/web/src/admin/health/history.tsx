// Thirty days of one kiosk: each day's light, a line for the number that one chooses, and the same as a table.
import type { FunctionComponent } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import type { AdminView, HealthHistory, HealthNumber, Light } from "../../protocol/messages";
import { useDesk } from "../../ui/context";
import { Button } from "../../ui/controls/button";
import type { Problem } from "../api";
import { problemId, useOffice } from "../context";
import { dayText, momentText, shortDays } from "../rules/days";
import { findingText } from "../rules/health";
import { daysOf, figuresOf, HISTORY_DAYS, type HistoryDay, numbersIn, seriesOf } from "../rules/history";
import { numberText, stepsOf } from "../rules/numbers";
import { LightMark } from "./light";
import type { PlotProps } from "./plot";

const DAY_S = 24 * 3600;
/** What most people want to see first, if it was measured. */
const FIRST: HealthNumber = "server_round_trip_ms";

/** What a day's cell can be, as the words below the month say it. */
const KEY: readonly (Light | null)[] = ["green", "amber", "red", "grey", null];

interface HistoryProps {
  readonly view: AdminView;
  readonly kioskId: string;
  readonly now: string;
}

export function History({ view, kioskId, now }: HistoryProps) {
  const { say, api } = useOffice();
  const [history, setHistory] = useState<HealthHistory | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  // Its end is when it was fetched: the page looks every few seconds, and a month does not change by that.
  const [until, setUntil] = useState(now);

  const load = async () => {
    setProblem(null);
    try {
      setHistory(await api.history(kioskId));
      setUntil(now);
    } catch (error) {
      setProblem(api.problem(error));
    }
  };
  useEffect(() => void load(), []);

  return (
    <section class="health-part" aria-labelledby="history-title" data-testid="history">
      <h3 id="history-title">{say("admin-health-history", { days: HISTORY_DAYS })}</h3>
      {problem && (
        <div class="form-actions">
          <p class="wrong" role="alert">
            {say(problemId(problem.code), problem.data)}
          </p>
          <Button icon="refresh" testid="history-again" onPress={() => void load()}>
            {say("admin-again")}
          </Button>
        </div>
      )}
      {history === null && problem === null && <p role="status">{say("admin-loading")}</p>}
      {history?.points.length === 0 && <p data-testid="history-none">{say("admin-health-history-none")}</p>}
      {history !== null && history.points.length > 0 && (
        <Month history={history} now={until} zone={view.library.time_zone} />
      )}
    </section>
  );
}

function Month({ history, now, zone }: { history: HealthHistory; now: string; zone: string }) {
  const { state } = useDesk();
  const { say } = useOffice();
  const language = state.preferences.value.language;
  const numbers = useMemo(() => numbersIn(history.points), [history]);
  const [chosen, setChosen] = useState<HealthNumber | null>(
    numbers.includes(FIRST) ? FIRST : (numbers[0] ?? null),
  );
  const days = useMemo(() => daysOf(history.points, chosen, now, zone), [history, chosen, now, zone]);
  return (
    <>
      <ol class="days" data-testid="days">
        {days.map(({ day, light }) => (
          <li key={day} class={`day day-${light ?? "none"}`} title={dayText(day, language)}>
            <span class="unseen">
              {dayText(day, language)}:{" "}
              {light === null ? say("admin-health-day-none") : say(`admin-light-${light}`)}
            </span>
          </li>
        ))}
      </ol>
      <p class="days-ends soft" aria-hidden="true">
        <span>{dayText(days[0]?.day ?? "", language)}</span>
        <span>{say("admin-health-today")}</span>
      </p>
      <p class="days-key" aria-hidden="true">
        {KEY.filter((light) => days.some((day) => day.light === light)).map((light) => (
          <span key={light} class="days-word">
            <span class={`day day-${light ?? "none"}`} />
            {light === null ? say("admin-health-day-none") : say(`admin-light-${light}`)}
          </span>
        ))}
      </p>
      {chosen !== null && (
        <>
          <div class="field history-number">
            <label for="history-number">{say("admin-health-choose-number")}</label>
            <select
              id="history-number"
              value={chosen}
              data-testid="history-number"
              onChange={(event) => setChosen(event.currentTarget.value as HealthNumber)}
            >
              {numbers.map((name) => (
                <option key={name} value={name}>
                  {say(`admin-number-${name}`)}
                </option>
              ))}
            </select>
          </div>
          <Line history={history} number={chosen} now={now} zone={zone} />
        </>
      )}
      <details>
        <summary data-testid="history-table-open">{say("admin-health-table")}</summary>
        <Table days={days} number={chosen} />
      </details>
    </>
  );
}

interface LineProps {
  readonly history: HealthHistory;
  readonly number: HealthNumber;
  readonly now: string;
  readonly zone: string;
}

function Line({ history, number, now, zone }: LineProps) {
  const { state } = useDesk();
  const { say } = useOffice();
  const Plot = usePlot();
  const language = state.preferences.value.language;
  const props = useMemo<Omit<PlotProps, "label">>(() => {
    const to = Date.parse(now) / 1000;
    return {
      series: seriesOf(history.points, number),
      from: to - HISTORY_DAYS * DAY_S,
      to,
      steps: stepsOf(number),
      value: (value) => numberText(number, value, language, say),
      day: shortDays(zone, language),
      moment: (seconds) => momentText(new Date(seconds * 1000).toISOString(), zone, language),
    };
  }, [history, number, now, zone, language]);
  const figures = figuresOf(props.series[1]);
  if (figures === null) return null;
  const text = (value: number) => numberText(number, value, language, say);
  const label = say("admin-health-figures", {
    number: say(`admin-number-${number}`),
    low: text(figures.low),
    high: text(figures.high),
    last: text(figures.last),
  });
  return (
    <figure class="history-line">
      {Plot === "missing" ? <p>{say("admin-health-no-plot")}</p> : Plot && <Plot {...props} label={label} />}
      <figcaption data-testid="history-figures">{label}</figcaption>
    </figure>
  );
}

/** The plot's own code, fetched when there is something to draw. */
function usePlot(): FunctionComponent<PlotProps> | "missing" | null {
  const [found, setFound] = useState<{ readonly Plot: FunctionComponent<PlotProps> | "missing" } | null>(
    null,
  );
  useEffect(() => {
    import("./plot").then(
      (module) => setFound({ Plot: module.default }),
      // A newer console stands on the server, or there is no network: the figures are there all the same.
      () => setFound({ Plot: "missing" }),
    );
  }, []);
  return found?.Plot ?? null;
}

function Table({ days, number }: { days: readonly HistoryDay[]; number: HealthNumber | null }) {
  const { state } = useDesk();
  const { say } = useOffice();
  const language = state.preferences.value.language;
  const text = (value: number | undefined) =>
    number === null || value === undefined ? "" : numberText(number, value, language, say);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard (axe: scrollable-region-focusable)
    <section class="history-scroll" tabIndex={0} aria-label={say("admin-health-table")}>
      <table class="history-table" data-testid="history-table">
        <thead>
          <tr>
            <th scope="col">{say("admin-exception-day")}</th>
            <th scope="col">{say("admin-health-worst")}</th>
            {number !== null && (
              <>
                <th scope="col">{say("admin-health-low")}</th>
                <th scope="col">{say("admin-health-high")}</th>
              </>
            )}
            <th scope="col">{say("admin-health-found")}</th>
          </tr>
        </thead>
        <tbody>
          {days.toReversed().map(({ day, light, figures, codes }) => (
            <tr key={day}>
              <th scope="row">{dayText(day, language)}</th>
              <td>{light === null ? say("admin-health-day-none") : <LightMark light={light} />}</td>
              {number !== null && (
                <>
                  <td class="figure">{text(figures?.low)}</td>
                  <td class="figure">{text(figures?.high)}</td>
                </>
              )}
              <td>{codes.map((code) => findingText(code, language).sentence).join(" ")}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
