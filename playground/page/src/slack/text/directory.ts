import { createContext } from 'preact';
import { useContext } from 'preact/hooks';

/** Who and what a mention may name, and when and where its reader is. */
export interface Directory {
  users: readonly { id: string; name: string; bot?: boolean }[];
  channels: readonly { id: string; name: string }[];
  timeZone: string;
  /** Business time, not the machine's. */
  now: Date;
  openUser?: (id: string) => void;
  openChannel?: (id: string) => void;
}

export const DirectoryContext = createContext<Directory>({
  users: [],
  channels: [],
  timeZone: 'UTC',
  now: new Date(0),
});

export const useDirectory = (): Directory => useContext(DirectoryContext);
