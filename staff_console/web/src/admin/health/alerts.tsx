// What people were told of by letter and notice, the newest first: what, when, and whether it is mended.
import type { AdminView, AlertRow, HealthView } from "../../protocol/messages";
import { useDesk } from "../../ui/context";
import { Icon } from "../../ui/controls/icon";
import { useOffice } from "../context";
import { alertPlace, alertText, notTold } from "../rules/health";
import { namesOf } from "../rules/log";
import { type Times, useTimes } from "./times";

export function Alerts({ view, found }: { view: AdminView; found: HealthView }) {
  const { say } = useOffice();
  const times = useTimes(found.now);
  return (
    <section class="alerts" aria-labelledby="alerts-title">
      <h3 id="alerts-title">{say("admin-health-alerts")}</h3>
      <p class="soft">{say("admin-health-alerts-lead")}</p>
      {!found.anybody_told && (
        <p class="notice" data-testid="alerts-nobody">
          <Icon name="info" />
          {say("admin-health-alerts-nobody")}
        </p>
      )}
      {found.alerts.length === 0 ? (
        <p data-testid="alerts-none">{say("admin-health-alerts-none")}</p>
      ) : (
        <ol class="log-rows">
          {found.alerts.map((alert) => (
            <Alert key={alert.id} alert={alert} view={view} times={times} waits={notTold(found)} />
          ))}
        </ol>
      )}
    </section>
  );
}

interface AlertProps {
  readonly alert: AlertRow;
  readonly view: AdminView;
  readonly times: Times;
  /** Why nobody was told of it, should that be so. */
  readonly waits: string;
}

function Alert({ alert, view, times, waits }: AlertProps) {
  const { state } = useDesk();
  const { say } = useOffice();
  const names = namesOf(view);
  const { sentence, remedy } = alertText(alert, state.preferences.value.language);
  const place = alertPlace(alert, names);
  const mended = alert.mended_at !== null;
  return (
    <li class="log-row" data-testid="alert" data-scope={alert.scope}>
      <time class="soft" dateTime={alert.found_at}>
        {times.at(alert.found_at)}
      </time>
      <div>
        <p>
          {place !== "" && <strong>{place}: </strong>}
          {sentence}
        </p>
        {!mended && <p>{remedy}</p>}
        <p class={mended ? "well condition" : "condition"}>
          <Icon name={mended ? "check" : "bell"} />
          {alert.mended_at !== null
            ? say("admin-health-alert-mended", { when: times.at(alert.mended_at) })
            : alert.told_at !== null
              ? say("admin-health-alert-told", { when: times.at(alert.told_at) })
              : say(waits)}
        </p>
      </div>
    </li>
  );
}
