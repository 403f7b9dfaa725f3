import type { Theme } from '../state/theme.ts';

/** One colour in both themes: light, dark. */
type Pair = readonly [string, string];

const foreground: Record<string, Pair> = {
  default: ['#242424', '#ffffff'],
  dark: ['#242424', '#ffffff'],
  light: ['#ffffff', '#ffffff'],
  accent: ['#5b5fc7', '#9299f7'],
  good: ['#237b4b', '#92c353'],
  warning: ['#835b00', '#f8d22a'],
  attention: ['#c4314b', '#f9728b'],
};
const subtle: Pair = ['#616161', '#adadad'];

const containers: Record<string, Pair> = {
  default: ['#ffffff', '#292929'],
  emphasis: ['#f5f5f5', '#333333'],
  accent: ['#e8ebfa', '#2f2f4a'],
  good: ['#e7f2da', '#1b3a26'],
  warning: ['#fbf6d9', '#463100'],
  attention: ['#fcf0f2', '#3e1f25'],
};

const fontFamily = "'Segoe UI', Inter, 'Noto Sans CJK JP', sans-serif";

/** How Adaptive Cards look in today's Teams, as the host config that the `adaptivecards` renderer reads. */
export const hostConfig = (theme: Theme): object => {
  const pick = ([light, dark]: Pair): string => (theme === 'dark' ? dark : light);
  const border = pick(['#e0e0e0', '#3d3d3d']);
  const foregroundColors = Object.fromEntries(
    Object.entries(foreground).map(([name, pair]) => [
      name,
      { default: pick(pair), subtle: pick(name === 'default' ? subtle : pair) },
    ]),
  );
  const font = {
    fontFamily,
    fontSizes: { small: 12, default: 14, medium: 14, large: 18, extraLarge: 24 },
    fontWeights: { lighter: 300, default: 400, bolder: 600 },
  };
  return {
    choiceSetInputValueSeparator: ',',
    supportsInteractivity: true,
    spacing: { small: 8, default: 12, medium: 16, large: 20, extraLarge: 24, padding: 16 },
    separator: { lineThickness: 1, lineColor: border },
    imageSizes: { small: 32, medium: 52, large: 100 },
    fontTypes: { default: font, monospace: { ...font, fontFamily: 'Consolas, ui-monospace, monospace' } },
    containerStyles: Object.fromEntries(
      Object.entries(containers).map(([name, pair]) => [
        name,
        { backgroundColor: pick(pair), borderColor: border, foregroundColors },
      ]),
    ),
    actions: {
      maxActions: 6,
      spacing: 'default',
      buttonSpacing: 8,
      showCard: { actionMode: 'inline', inlineTopMargin: 16, style: 'emphasis' },
      actionsOrientation: 'horizontal',
      actionAlignment: 'left',
      preExpandSingleShowCardAction: false,
      iconPlacement: 'leftOfTitle',
      iconSize: 16,
    },
    adaptiveCard: { allowCustomStyle: false },
    factSet: { title: { weight: 'bolder', wrap: true, maxWidth: 150 }, value: { wrap: true }, spacing: 16 },
    textBlock: { headingLevel: 2 },
    textStyles: {
      heading: { size: 'large', weight: 'bolder' },
      columnHeader: { weight: 'bolder' },
    },
    inputs: {
      // A spacing's name: a number is taken for none of them and leaves a gap.
      label: {
        inputSpacing: 'none',
        requiredInputs: { weight: 'default', suffix: ' *', suffixColor: 'attention' },
        optionalInputs: { weight: 'default' },
      },
      errorMessage: { color: 'attention', size: 'small', spacing: 'small', weight: 'default' },
    },
    table: { cellSpacing: 8 },
  };
};
