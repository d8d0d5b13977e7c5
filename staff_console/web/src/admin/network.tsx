// Whether calls can go through the relay, as the server itself found it: what is wrong, and who mends it how.
import { useEffect, useState } from "preact/hooks";
import type { AdminView, NetworkView, RelayRow } from "../protocol/messages";
import { useDesk } from "../ui/context";
import { Button } from "../ui/controls/button";
import { Icon } from "../ui/controls/icon";
import type { Problem } from "./api";
import { problemId, useOffice } from "./context";
import { momentText } from "./rules/days";

export function NetworkPage({ view }: { view: AdminView }) {
  const { say, api } = useOffice();
  const [network, setNetwork] = useState<NetworkView | null>(null);
  const [busy, setBusy] = useState(true);
  const [problem, setProblem] = useState<Problem | null>(null);

  const load = async () => {
    setBusy(true);
    setProblem(null);
    try {
      setNetwork(await api.network());
    } catch (error) {
      setProblem(api.problem(error));
    } finally {
      setBusy(false);
    }
  };
  useEffect(() => void load(), []);

  const names = new Map(view.branches.map(({ id, name }) => [id, name]));
  const bound = (network?.relay_only_branches ?? []).map((id) => names.get(id) ?? id);
  return (
    <section class="log" aria-labelledby="network-title" aria-busy={busy} data-testid="network">
      <h2 id="network-title">{say("admin-kind-network")}</h2>
      <p class="soft">{say("admin-kind-network-lead")}</p>
      {network?.relays.length === 0 && (
        <p class="standing" data-testid="network-none">
          {say("admin-network-none")}
        </p>
      )}
      {network && network.relays.length > 0 && (
        <ul class="relays">
          {network.relays.map((relay) => (
            <Relay key={relay.url} relay={relay} zone={view.library.time_zone} />
          ))}
        </ul>
      )}
      {network?.relay_always && <p>{say("admin-network-always")}</p>}
      {bound.length > 0 && (
        <p data-testid="network-branches">{say("admin-network-branches", { branches: bound.join(", ") })}</p>
      )}
      {problem && (
        <p class="wrong" role="alert">
          {say(problemId(problem.code), problem.data)}
        </p>
      )}
      <Button icon="refresh" busy={busy} testid="network-again" onPress={() => void load()}>
        {say(busy ? "admin-loading" : "admin-network-again")}
      </Button>
    </section>
  );
}

/** One address: the sentence first, then what to do. */
function Relay({ relay, zone }: { relay: RelayRow; zone: string }) {
  const { state } = useDesk();
  const { say } = useOffice();
  const { finding } = relay;
  const language = state.preferences.value.language;
  const time = (moment: string) => momentText(moment, zone, language);
  const well = finding === "reached";
  return (
    <li
      class={`standing ${well ? "standing-enrolled" : finding === null ? "" : "standing-waiting"}`}
      data-testid="relay"
      data-finding={finding ?? "none"}
    >
      <p class={well ? "well condition" : "condition"}>
        <Icon name={well ? "check" : finding === null ? "info" : "warning"} />
        <strong>{say(finding === null ? "admin-relay-untried" : `admin-relay-${finding}`)}</strong>
      </p>
      {finding !== null && !well && (
        <p>{say(`admin-relay-do-${finding}`, { transport: relay.transport.toUpperCase() })}</p>
      )}
      <p class="relay-url">{relay.url}</p>
      {relay.since && relay.checked_at && (
        <p class="soft">
          {say("admin-relay-since", { since: time(relay.since), checked: time(relay.checked_at) })}
        </p>
      )}
    </li>
  );
}
