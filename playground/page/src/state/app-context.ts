import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Persona } from '../../../protocol.ts';
import type { Route } from './route.ts';
import type { Theme } from './theme.ts';
import type { World } from './world.ts';

export interface Draft {
  /** Another one with every request, so that an equal text counts as new. */
  id: number;
  text: string;
}

export interface App {
  world: World;
  persona: Persona;
  route: Route;
  theme: Theme;
  /** Goes elsewhere; a draft is put into the composer there. */
  go: (route: Partial<Route>, draft?: string) => void;
  draft: Draft | null;
  /** A short notice over the pane, for the acting persona. */
  say: (text: string, tone?: 'info' | 'error') => void;
}

export const AppContext = createContext<App | null>(null);

export const useApp = (): App => {
  const app = useContext(AppContext);
  if (!app) throw new Error('useApp outside of the app');
  return app;
};
