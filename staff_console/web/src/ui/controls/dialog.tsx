// A page over the page: the browser keeps focus inside and the rest out of reach.
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

export interface DialogProps {
  readonly children: ComponentChildren;
  readonly labelledBy: string;
  readonly testid: string;
  readonly look?: string;
  /** Escape was pressed; absent: Escape does nothing. */
  readonly onClose?: () => void;
}

export function Dialog(props: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = element.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={element}
      class={`dialog ${props.look ?? ""}`}
      aria-labelledby={props.labelledBy}
      data-testid={props.testid}
      onCancel={(event) => {
        event.preventDefault();
        props.onClose?.();
      }}
    >
      {props.children}
    </dialog>
  );
}
