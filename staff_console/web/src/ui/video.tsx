// A live picture. A stream is given to the element, never an address.
import { useEffect, useRef } from "preact/hooks";

export interface VideoProps {
  readonly stream: MediaStream | null;
  readonly label: string;
  readonly testid: string;
  readonly muted?: boolean;
  readonly mirrored?: boolean;
  /** Loudspeaker to play on, where the browser can choose; empty: the system's. */
  readonly loudspeaker?: string;
  /** The browser would not play without a click (true), or plays (false). */
  readonly onBlocked?: (blocked: boolean) => void;
  /** Changes when playing should be tried again, from a click. */
  readonly attempt?: number;
}

export function Video(props: VideoProps) {
  const element = useRef<HTMLVideoElement>(null);
  const { stream, loudspeaker = "", attempt = 0 } = props;

  useEffect(() => {
    const video = element.current;
    if (video === null) return;
    video.srcObject = stream;
    if (stream === null) return;
    video.play().then(
      () => props.onBlocked?.(false),
      (error: DOMException) => {
        if (error.name === "NotAllowedError") props.onBlocked?.(true);
      },
    );
  }, [stream, attempt]);

  useEffect(() => {
    const video = element.current;
    // An element that is removed with its stream plays on unseen and keeps all of its screen in memory; after a
    // thousand of them Chromium gives a page no picture any more (250 calls, measured).
    return () => {
      if (video !== null) video.srcObject = null;
    };
  }, []);

  useEffect(() => {
    const video = element.current as
      | (HTMLVideoElement & { setSinkId?: (id: string) => Promise<void> })
      | null;
    // Where it fails the sound stays where it was, and the choice shows what was asked.
    void video?.setSinkId?.(loudspeaker).catch(() => {});
  }, [loudspeaker]);

  return (
    <video
      ref={element}
      class={props.mirrored ? "video mirrored" : "video"}
      aria-label={props.label}
      data-testid={props.testid}
      muted={props.muted ?? false}
      autoplay
      playsInline
    />
  );
}
