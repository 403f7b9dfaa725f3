import type { JSX } from 'preact';
import { Mark } from './mark.tsx';

const hueOf = (name: string): number => [...name].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)!) % 360, 7);

const initials = (name: string): string =>
  name
    .split(/\s+/)
    .map((word) => [...word][0] ?? '')
    .slice(0, 2)
    .join('')
    .toUpperCase();

/** A person's initials on his colour, or the product's mark for the bot. */
export const Avatar = ({
  name,
  bot = false,
  size = 36,
  round = false,
}: {
  name: string;
  bot?: boolean;
  size?: number;
  round?: boolean;
}): JSX.Element => (
  <span
    class={`avatar${bot ? ' avatar-bot' : ''}`}
    aria-hidden="true"
    style={{
      width: size,
      height: size,
      fontSize: size * 0.4,
      borderRadius: round && !bot ? '50%' : size > 24 ? 8 : 5,
      ...(bot ? {} : { backgroundColor: `oklch(0.5 0.11 ${hueOf(name)})` }),
    }}
  >
    {bot ? <Mark size={size} /> : initials(name)}
  </span>
);
