const dayIn = (at: Date, timeZone: string): string => new Intl.DateTimeFormat('en-CA', { timeZone }).format(at);

/**
 * The text of Slack's `<!date^…>`: `{date_short} at {time}` and its kin, in the reader's time zone, with
 * "today", "tomorrow" and "yesterday" told from the playground's own clock.
 */
export const formatSlackDate = (at: Date, format: string, timeZone: string, now: Date): string => {
  const as = (options: Intl.DateTimeFormatOptions): string =>
    new Intl.DateTimeFormat('en-US', { timeZone, ...options }).format(at);
  const near = new Map(
    [0, 1, -1].map((days, index) => [
      dayIn(new Date(now.getTime() + days * 86_400_000), timeZone),
      ['Today', 'Tomorrow', 'Yesterday'][index],
    ]),
  ).get(dayIn(at, timeZone));
  const styles: Record<string, () => string> = {
    date_num: () => dayIn(at, timeZone),
    date: () => as({ dateStyle: 'long' }),
    date_short: () => as({ dateStyle: 'medium' }),
    date_long: () => as({ dateStyle: 'full' }),
    date_pretty: () => near ?? as({ dateStyle: 'long' }),
    date_short_pretty: () => near ?? as({ dateStyle: 'medium' }),
    date_long_pretty: () => near ?? as({ dateStyle: 'full' }),
    time: () => as({ timeStyle: 'short' }),
    time_secs: () => as({ timeStyle: 'medium' }),
  };
  return format.replace(/\{(\w+)\}/g, (whole, name: string) => styles[name]?.() ?? whole);
};
