import { eventNames } from '../../../protocol.ts';
import type { EventName, Events } from '../../../protocol.ts';

export type Link = 'connecting' | 'live' | 'lost';

const retryMs = 1500;

/**
 * Listens to the server until `stop` is called. A tab in the background gives its connection back: a browser
 * opens at most six to one server, and a seventh tab would hang.
 */
export const listen = (
  onEvent: <N extends EventName>(name: N, data: Events[N]) => void,
  onLink: (link: Link) => void,
): (() => void) => {
  let source: EventSource | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;

  const close = (): void => {
    clearTimeout(retry);
    source?.close();
    source = undefined;
  };
  const open = (): void => {
    close();
    const stream = new EventSource('/events');
    source = stream;
    stream.addEventListener('open', () => onLink('live'));
    stream.addEventListener('error', () => {
      onLink('lost');
      // After a refusal the browser gives up for good; after a lost connection it comes back by itself.
      if (stream.readyState === EventSource.CLOSED) retry = setTimeout(open, retryMs);
    });
    for (const name of eventNames)
      stream.addEventListener(name, (event) => onEvent(name, JSON.parse((event as MessageEvent<string>).data)));
  };
  const onVisibility = (): void => {
    if (document.visibilityState === 'visible') open();
    else close();
  };

  document.addEventListener('visibilitychange', onVisibility);
  open();
  return () => {
    document.removeEventListener('visibilitychange', onVisibility);
    close();
  };
};
