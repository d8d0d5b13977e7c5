// Asked before something that hurts: what will happen, and a way out that is as near.
import { useDesk } from "../ui/context";
import { Button } from "../ui/controls/button";
import { Dialog } from "../ui/controls/dialog";
import { useOffice } from "./context";

export interface ConfirmProps {
  readonly title: string;
  readonly lead: string;
  /** What is done, as a verb. */
  readonly word: string;
  readonly urgent?: boolean;
  /** The way out, when "No, do not" would not fit. */
  readonly out?: string;
  readonly onYes: () => void;
  readonly onNo: () => void;
}

export function Confirm({ title, lead, word, urgent = false, out, onYes, onNo }: ConfirmProps) {
  const { state } = useDesk();
  const { say } = useOffice();
  const view = state.view.value;
  // A conversation has the page; a dialog of a page that is put away would still lock it. It is asked again after.
  if (view?.visit || view?.close_out) return null;
  return (
    <Dialog labelledBy="confirm-title" testid="confirm" onClose={onNo}>
      <h2 id="confirm-title">{title}</h2>
      <p>{lead}</p>
      <div class="dialog-actions">
        <Button testid="confirm-no" focused onPress={onNo}>
          {out ?? say("admin-no")}
        </Button>
        <Button testid="confirm-yes" look={urgent ? "urgent" : "main"} onPress={onYes}>
          {word}
        </Button>
      </div>
    </Dialog>
  );
}
