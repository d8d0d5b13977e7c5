// The health page: all kiosks, or one of them; fetched again and again while somebody looks.
import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { AdminView, HealthView } from "../../protocol/messages";
import { useDesk } from "../../ui/context";
import { Button } from "../../ui/controls/button";
import { Icon } from "../../ui/controls/icon";
import { problemId, useOffice } from "../context";
import { clockText } from "../rules/days";
import { addressOf } from "../rules/kinds";
import { Alerts } from "./alerts";
import { KioskHealth } from "./kiosk";
import { HealthList } from "./list";

export function HealthPage({ view, kiosk }: { view: AdminView; kiosk: string | null }) {
  const { say, health } = useOffice();
  const page = useRef<HTMLElement>(null);
  useLooking(page);
  const found = health.view.value;
  const row = found?.kiosks.find(({ kiosk_id }) => kiosk_id === kiosk);
  return (
    <section ref={page} class="health" aria-labelledby="health-title" data-testid="health">
      {kiosk === null ? (
        <>
          <h2 id="health-title">{say("admin-kind-health")}</h2>
          <p class="soft">{say("admin-kind-health-lead")}</p>
        </>
      ) : (
        <a class="button button-quiet health-back" href={addressOf({ kind: "health", id: null })}>
          <Icon name="arrowLeft" />
          {say("admin-health-all")}
        </a>
      )}
      <Freshness found={found} zone={view.library.time_zone} />
      {found !== null && kiosk === null && (
        <>
          <HealthList view={view} found={found} />
          <Alerts view={view} found={found} />
        </>
      )}
      {kiosk !== null && row === undefined && (
        <h2 id="health-title">{say(found === null ? "admin-kind-health" : "admin-health-not-there")}</h2>
      )}
      {found !== null && row !== undefined && (
        <KioskHealth key={row.kiosk_id} view={view} row={row} now={found.now} />
      )}
    </section>
  );
}

/** Ask as long as the page can be seen: not in another tab, not behind a conversation, not on a folded pane. */
function useLooking(page: RefObject<HTMLElement | null>): void {
  const { health } = useOffice();
  useEffect(() => {
    const isSeen = () => document.visibilityState === "visible" && page.current?.checkVisibility() === true;
    let end = health.begin(isSeen);
    const again = () => {
      if (document.visibilityState !== "visible") return;
      end();
      end = health.begin(isSeen);
    };
    document.addEventListener("visibilitychange", again);
    return () => {
      document.removeEventListener("visibilitychange", again);
      end();
    };
  }, [health, page]);
}

/** As of when all this is, and what is the matter when it is old. */
function Freshness({ found, zone }: { found: HealthView | null; zone: string }) {
  const { state } = useDesk();
  const { say, health } = useOffice();
  const problem = health.problem.value;
  const time = found === null ? "" : clockText(found.now, zone, state.preferences.value.language);
  return (
    <div class="health-fresh">
      <div role="status">
        {problem !== null && (
          <div class="notice" data-testid="health-away">
            <Icon name="wifiOff" />
            <p>
              <strong>
                {say(problem.code === "no_answer" ? "admin-health-away" : problemId(problem.code))}
              </strong>
              {found !== null && ` ${say("admin-health-as-of", { time })}`}
            </p>
            <Button icon="refresh" testid="health-again" onPress={() => void health.look()}>
              {say("admin-again")}
            </Button>
          </div>
        )}
        {problem === null && found === null && <p>{say("admin-loading")}</p>}
      </div>
      {problem === null && found !== null && (
        <p class="soft" data-testid="health-fresh">
          {say("admin-health-fresh", { time })}
        </p>
      )}
    </div>
  );
}
