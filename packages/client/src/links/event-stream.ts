/** One event of a stream. */
export interface StreamEvent {
  readonly event: string;
  readonly data: string;
}

/**
 * Reads `text/event-stream` piece by piece, as WHATWG HTML §9.2.6 says. `id` and `retry` are read over: the cursors of the rooms
 * and the backoff of the connection know better.
 * @param dispatch called for each complete event
 * @returns takes the next piece of decoded text, cut anywhere
 */
export function eventStreamParser(dispatch: (event: StreamEvent) => void): (text: string) => void {
  let rest = '';
  let first = true;
  let event = '';
  let data: string[] = [];
  /** The last piece ended with CR: an LF that follows belongs to it. */
  let skipLineFeed = false;

  const line = (text: string): void => {
    if (text === '') {
      if (data.length > 0) dispatch({ event: event === '' ? 'message' : event, data: data.join('\n') });
      event = '';
      data = [];
      return;
    }
    const colon = text.indexOf(':');
    const field = colon < 0 ? text : text.slice(0, colon);
    const from = text[colon + 1] === ' ' ? colon + 2 : colon + 1;
    const content = colon < 0 ? '' : text.slice(from);
    if (field === 'event') event = content;
    else if (field === 'data') data.push(content);
  };

  return (text) => {
    const piece = skipLineFeed && text.startsWith('\n') ? text.slice(1) : text;
    if (text !== '') skipLineFeed = false;
    rest += piece;
    if (first && rest !== '') {
      first = false;
      if (rest.startsWith('\uFEFF')) rest = rest.slice(1);
    }
    let start = 0;
    for (let at = 0; at < rest.length; at++) {
      const char = rest[at];
      if (char !== '\n' && char !== '\r') continue;
      line(rest.slice(start, at));
      if (char === '\r') {
        if (rest[at + 1] === '\n') at++;
        else if (at + 1 === rest.length) skipLineFeed = true;
      }
      start = at + 1;
    }
    rest = rest.slice(start);
  };
}
