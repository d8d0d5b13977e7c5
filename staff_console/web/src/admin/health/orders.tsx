// What can be asked of a kiosk from here: each with what it does, how far it has come, and why it cannot be asked now.
import { useState } from "preact/hooks";
import type { AdminView, HealthRow, OrderKind, OrderState } from "../../protocol/messages";
import { Button } from "../../ui/controls/button";
import { Icon, type IconName } from "../../ui/controls/icon";
import { Confirm } from "../confirm";
import { problemId, useOffice } from "../context";
import {
  identityCode,
  isUnderWay,
  latestOrder,
  ORDERS,
  type OrderFacts,
  orderSaid,
  orderTime,
} from "../rules/health";
import { may } from "../rules/kinds";
import type { Times } from "./times";
import type { ActName } from "./watch";

const ICONS: Readonly<Record<OrderKind, IconName>> = {
  identify: "monitor",
  test: "activity",
  reload: "refresh",
  restart_program: "rotate",
  restart_machine: "power",
};
const MARKS: Readonly<Record<OrderState, IconName>> = {
  asked: "info",
  taken: "activity",
  done: "check",
  failed: "warning",
  expired: "warning",
};
/** Id of the sentence that says why nothing can be asked now. */
export const WHY_NOT = "health-why-not";

export interface OrdersProps {
  readonly view: AdminView;
  readonly row: HealthRow;
  readonly times: Times;
}

export function Orders({ view, row, times }: OrdersProps) {
  const { say } = useOffice();
  const allowed = ORDERS.filter(({ action }) => may(view, [action]));
  if (allowed.length === 0) return null;
  return (
    <section class="health-part" aria-labelledby="orders-title">
      <h3 id="orders-title">{say("admin-health-orders")}</h3>
      {row.in_visit ? (
        <p id={WHY_NOT} class="standing" data-testid="why-not">
          {say("admin-health-why-visit")}
        </p>
      ) : (
        !row.connected && (
          <p class="standing standing-waiting" data-testid="not-connected">
            {say("admin-health-why-away")}
          </p>
        )
      )}
      <ul class="orders">
        {allowed.map((facts) => (
          <Order key={facts.kind} facts={facts} row={row} times={times} />
        ))}
      </ul>
    </section>
  );
}

function Order({ facts, row, times }: { facts: OrderFacts; row: HealthRow; times: Times }) {
  const { say, health } = useOffice();
  const [asking, setAsking] = useState(false);
  const { kind } = facts;
  const latest = latestOrder(row, kind);
  const act = health.act.value;
  const sending = act?.state === "sending";
  const own = act?.kioskId === row.kiosk_id && act.name === kind;
  const ask = () => void health.order(row.kiosk_id, kind);
  return (
    <li class="order" data-testid={`order-row-${kind}`}>
      <Button
        testid={`order-${kind}`}
        icon={ICONS[kind]}
        busy={sending || isUnderWay(latest)}
        idleBecause={row.in_visit ? WHY_NOT : undefined}
        onPress={() => (facts.confirmed ? setAsking(true) : ask())}
      >
        {say(`admin-health-do-${kind}`)}
      </Button>
      <div class="order-says">
        <p class="soft">{say(`admin-health-do-${kind}-lead`, { code: identityCode(row) })}</p>
        <p role="status" class="order-state" data-testid={`order-state-${kind}`} data-state={latest?.state}>
          {own && sending ? (
            say("admin-health-sending")
          ) : latest === null ? (
            ""
          ) : (
            <>
              <Icon name={MARKS[latest.state]} />
              {say(...orderSaid(latest, times.ago(orderTime(latest))))}
            </>
          )}
        </p>
        <Refused kioskId={row.kiosk_id} name={kind} />
      </div>
      {asking && (
        <Confirm
          title={say("admin-health-machine-title", { name: row.name })}
          lead={say("admin-health-machine-lead")}
          word={say(`admin-health-do-${kind}`)}
          urgent
          onNo={() => setAsking(false)}
          onYes={() => {
            setAsking(false);
            ask();
          }}
        />
      )}
    </li>
  );
}

/** What the server said no to, where it was asked. */
export function Refused({ kioskId, name }: { kioskId: string; name: ActName }) {
  const { say, health } = useOffice();
  const act = health.act.value;
  if (act?.kioskId !== kioskId || act.name !== name || act.problem === null) return null;
  return (
    <p class="wrong" role="alert" data-testid={`refused-${name}`}>
      <Icon name="warning" />
      {say(problemId(act.problem.code), act.problem.data)}
    </p>
  );
}
