/**
 * The way to a channel, as the platform's adapter found it. A class, so that no script's JSON can pass for one: the
 * claim guards the channel that was named, and an address made up beside it would lead into somebody else's.
 */
export class ChannelAddress {
  readonly words: Readonly<Record<string, string>>;

  constructor(words: Readonly<Record<string, string>>) {
    this.words = words;
  }
}
