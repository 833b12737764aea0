/** Hears what was said. */
export type OnMessage = (text: string) => void;

/** Messages, whatever they travel over. */
export interface MessageModule {
  /** Subscribes; twice is twice. */
  onMessageEvent(listener: OnMessage): void;
  /** Takes back one subscription of this listener. */
  offMessageEvent(listener: OnMessage): void;
  messageSend(text: string): void;
  close(): void;
}
