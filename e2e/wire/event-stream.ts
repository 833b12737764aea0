import { Inbox } from './inbox.ts';
import { Refusal } from './refusal.ts';

export interface StreamEvent {
  readonly event: string;
  // biome-ignore lint/suspicious/noExplicitAny: what came, as it came
  readonly data: any;
  /** The last event id as of this event. */
  readonly id: string;
}

/** Reads an event stream as WHATWG HTML §9.2.6 says, line by line. */
export class EventStream {
  readonly events = new Inbox<StreamEvent>();
  readonly comments = new Inbox<string>();
  readonly headers: Headers;
  lastEventId = '';
  retry: number | undefined;
  readonly ended: Promise<void>;
  readonly #abort: AbortController;

  constructor(response: Response, abort: AbortController) {
    this.headers = response.headers;
    this.#abort = abort;
    this.ended = this.#read(response).catch(() => {});
  }

  static async open(url: string, headers: Readonly<Record<string, string>>): Promise<EventStream> {
    const abort = new AbortController();
    const response = await fetch(url, { headers: { accept: 'text/event-stream', ...headers }, signal: abort.signal });
    if (response.status !== 200) throw new Refusal(((await response.json()) as { error: ConstructorParameters<typeof Refusal>[0] }).error);
    return new EventStream(response, abort);
  }

  async #read(response: Response): Promise<void> {
    try {
      const decoder = new TextDecoder('utf-8', { fatal: true });
      let rest = '';
      let [name, data] = ['', ''];
      for await (const chunk of response.body ?? []) {
        const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) {
          const [, field = '', value = ''] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
          if (line === '') {
            if (data !== '') this.events.push({ event: name || 'message', data: JSON.parse(data), id: this.lastEventId });
            [name, data] = ['', ''];
          } else if (line.startsWith(':')) this.comments.push(line.slice(1));
          else if (field === 'event') name = value;
          else if (field === 'data') data += value;
          else if (field === 'id') this.lastEventId = value;
          else if (field === 'retry') this.retry = Number(value);
        }
      }
    } finally {
      this.events.end();
      this.comments.end();
    }
  }

  said(room: string): string[] {
    return this.events.all
      .filter(({ event, data }) => event === 'message' && data.room === room)
      .map(({ data }) => data.notice?.type ?? data.text);
  }

  async close(): Promise<void> {
    this.#abort.abort();
    await this.ended;
  }
}
