import { useEffect, useState } from 'preact/hooks';

export type Theme = 'light' | 'dark';

const key = 'seatwise-playground-theme';
const system = matchMedia('(prefers-color-scheme: dark)');

const chosen = (): Theme | null => {
  const stored = localStorage.getItem(key);
  return stored === 'light' || stored === 'dark' ? stored : null;
};

const apply = (theme: Theme | null): void => {
  if (theme) document.documentElement.dataset['theme'] = theme;
  else delete document.documentElement.dataset['theme'];
};

apply(chosen());

/** The theme now shown, and the way to choose another. Until one is chosen it follows the system. */
export const useTheme = (): [Theme, (theme: Theme) => void] => {
  const [own, setOwn] = useState(chosen);
  const [dark, setDark] = useState(system.matches);
  useEffect(() => {
    const follow = (event: MediaQueryListEvent): void => setDark(event.matches);
    system.addEventListener('change', follow);
    return () => system.removeEventListener('change', follow);
  }, []);
  return [
    own ?? (dark ? 'dark' : 'light'),
    (theme) => {
      localStorage.setItem(key, theme);
      apply(theme);
      setOwn(theme);
    },
  ];
};
