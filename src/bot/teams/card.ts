/** The part of Adaptive Cards 1.5 that Teams shows everywhere and that we draw with. Plain data. */

export interface TextRun {
  readonly type: 'TextRun';
  readonly text: string;
  readonly weight?: 'Bolder';
  readonly size?: 'Small';
  readonly isSubtle?: boolean;
  readonly color?: 'Attention';
  readonly selectAction?: OpenUrl;
}

interface Placed {
  readonly id?: string;
  readonly spacing?: 'None' | 'Small' | 'Medium' | 'Large';
  readonly separator?: boolean;
  readonly isVisible?: boolean;
}

interface InputBase extends Placed {
  readonly id: string;
  readonly label: string;
}

export interface Choice {
  readonly title: string;
  readonly value: string;
}

export type Input = InputBase &
  (
    | {
        readonly type: 'Input.Text';
        readonly value?: string;
        readonly placeholder?: string;
        readonly isMultiline?: boolean;
        readonly maxLength?: number;
        readonly style?: 'Email';
      }
    | { readonly type: 'Input.Number'; readonly value?: number; readonly placeholder?: string }
    | { readonly type: 'Input.Date'; readonly value?: string }
    | {
        readonly type: 'Input.ChoiceSet';
        readonly choices: readonly Choice[];
        readonly value?: string;
        readonly style?: 'compact' | 'expanded' | 'filtered';
        readonly isMultiSelect?: boolean;
        readonly placeholder?: string;
        readonly wrap?: boolean;
        readonly 'choices.data'?: { readonly type: 'Data.Query'; readonly dataset: string };
      }
    | {
        readonly type: 'Input.Toggle';
        readonly title: string;
        readonly value: string;
        readonly valueOn: string;
        readonly valueOff: string;
        readonly wrap?: boolean;
      }
  );

interface ActionBase {
  readonly title: string;
  readonly tooltip?: string;
  readonly style?: 'positive' | 'destructive';
  readonly isEnabled?: boolean;
}

export interface OpenUrl extends ActionBase {
  readonly type: 'Action.OpenUrl';
  readonly url: string;
}

export type Action =
  | OpenUrl
  | (ActionBase & {
      readonly type: 'Action.Execute';
      readonly verb: string;
      readonly data: object;
      readonly associatedInputs?: 'none';
    })
  | (ActionBase & {
      readonly type: 'Action.Submit';
      readonly data: object;
      readonly associatedInputs?: 'auto' | 'none';
    })
  | (ActionBase & { readonly type: 'Action.ToggleVisibility'; readonly targetElements: readonly string[] });

export type ContainerStyle = 'emphasis' | 'accent' | 'good' | 'warning' | 'attention';

export type Element = Placed &
  (
    | {
        readonly type: 'TextBlock';
        /** Markdown: only ever made by `literal` and `markdown`. */
        readonly text: string;
        readonly wrap?: boolean;
        readonly size?: 'Small' | 'Medium' | 'Large';
        readonly weight?: 'Bolder';
        readonly color?: 'Attention';
        readonly isSubtle?: boolean;
        readonly style?: 'heading' | 'columnHeader';
        readonly horizontalAlignment?: 'Right';
      }
    | {
        readonly type: 'RichTextBlock';
        readonly inlines: readonly TextRun[];
        readonly horizontalAlignment?: 'Right';
      }
    | {
        readonly type: 'Image';
        readonly url: string;
        readonly altText: string;
        readonly size: 'Stretch';
        readonly msTeams: { readonly allowExpand: true };
      }
    | {
        readonly type: 'Container';
        readonly items: readonly Element[];
        readonly style?: ContainerStyle;
        readonly bleed?: boolean;
      }
    | {
        readonly type: 'ColumnSet';
        readonly columns: readonly {
          readonly type: 'Column';
          readonly width: 'auto' | 'stretch';
          readonly verticalContentAlignment?: 'Center';
          readonly items: readonly Element[];
        }[];
      }
    | { readonly type: 'FactSet'; readonly facts: readonly { readonly title: string; readonly value: string }[] }
    | { readonly type: 'ActionSet'; readonly actions: readonly Action[] }
    | {
        readonly type: 'Table';
        readonly columns: readonly { readonly width: number; readonly horizontalCellContentAlignment?: 'Right' }[];
        readonly firstRowAsHeaders: true;
        readonly showGridLines: false;
        readonly rows: readonly {
          readonly type: 'TableRow';
          readonly cells: readonly { readonly type: 'TableCell'; readonly items: readonly Element[] }[];
        }[];
      }
    | Input
  );

export interface Card {
  readonly type: 'AdaptiveCard';
  readonly $schema: 'http://adaptivecards.io/schemas/adaptive-card.json';
  readonly version: '1.5';
  /** For clients that show no cards, and for screen readers. */
  readonly fallbackText: string;
  readonly msteams?: { readonly width: 'Full' };
  readonly body: readonly Element[];
  readonly actions?: readonly Action[];
}

/** What Teams counts against a message's size: the JSON in UTF-16. */
export const cardBytes = (card: Card): number => Buffer.byteLength(JSON.stringify(card), 'utf16le');
