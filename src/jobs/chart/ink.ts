import { Resvg } from '@resvg/resvg-js';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folderOf = (name: string): string => dirname(fileURLToPath(import.meta.resolve(`${name}/package.json`)));

// Whole TTF files: resvg draws no text at all, without a word, from woff; and system fonts differ from machine to
// machine. Noto Sans JP stands in for what Inter lacks.
const inter = folderOf('@expo-google-fonts/inter');
const noto = folderOf('@expo-google-fonts/noto-sans-jp');
export const fontFiles: readonly string[] = [
  join(inter, '400Regular', 'Inter_400Regular.ttf'),
  join(inter, '600SemiBold', 'Inter_600SemiBold.ttf'),
  join(inter, '700Bold', 'Inter_700Bold.ttf'),
  join(noto, '400Regular', 'NotoSansJP_400Regular.ttf'),
  join(noto, '700Bold', 'NotoSansJP_700Bold.ttf'),
];

/** An SVG as a PNG at twice its size, for sharp screens. */
export const toPng = (svg: string): Uint8Array =>
  new Resvg(svg, {
    fitTo: { mode: 'zoom', value: 2 },
    font: { fontFiles: [...fontFiles], loadSystemFonts: false, defaultFontFamily: 'Inter' },
  })
    .render()
    .asPng();

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Any text as XML text: markup is escaped, what XML cannot hold is left out. */
export const xml = (text: string): string =>
  text
    .toWellFormed()
    // oxlint-disable-next-line no-control-regex -- these are the characters that XML forbids
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replace(/[&<>"]/g, (character) => escapes[character]!);

export const colours = {
  ink: '#1d2329',
  muted: '#66707a',
  grid: '#e9ecef',
  axis: '#c8cdd3',
  hairline: '#d9dde2',
  provisioned: '#7b8794',
  provisionedText: '#55606b',
  used: '#0f8f6f',
  usedText: '#0b7359',
  gap: '#e0a21b',
} as const;

export interface Lettering {
  readonly size?: number;
  readonly weight?: 400 | 600 | 700;
  readonly colour?: string;
  readonly anchor?: 'start' | 'middle' | 'end';
}

export const text = (x: number, y: number, words: string, lettering: Lettering = {}): string => {
  const { size = 13, weight = 400, colour = colours.ink, anchor = 'start' } = lettering;
  return (
    `<text x="${round(x)}" y="${round(y)}" font-family="Inter, Noto Sans JP" font-size="${size}" ` +
    `font-weight="${weight}" fill="${colour}" text-anchor="${anchor}">${xml(words)}</text>`
  );
};

export const round = (value: number): number => Math.round(value * 100) / 100;
