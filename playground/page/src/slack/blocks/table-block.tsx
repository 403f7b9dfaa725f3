import type { CSSProperties, JSX } from 'preact';
import type { TableCell } from '../model.ts';
import { withEmoji } from '../text/emoji.ts';
import type { BlockProps } from './blocks.tsx';
import { RichText } from './rich-text.tsx';

const Cell = ({ cell }: { cell: TableCell }): JSX.Element =>
  cell.type === 'rich_text' ? <RichText nodes={cell.elements ?? []} /> : <>{withEmoji(cell.text ?? '')}</>;

/** The first row is the head, as Slack draws it; a wide table scrolls within itself. */
export const TableBlock = ({ block }: BlockProps): JSX.Element => {
  const [head = [], ...body] = block.rows ?? [];
  const cellStyle = (column: number): CSSProperties => {
    const settings = block.column_settings?.[column];
    return {
      ...(settings?.align && { textAlign: settings.align }),
      ...(settings?.is_wrapped && { whiteSpace: 'normal', minWidth: '12em' }),
    };
  };
  return (
    <div class="block-table" tabIndex={0} role="region" aria-label="Table">
      <table>
        <thead>
          <tr>
            {head.map((cell, column) => (
              <th key={column} scope="col" style={cellStyle(column)}>
                <Cell cell={cell} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {body.map((row, index) => (
            <tr key={index}>
              {row.map((cell, column) => (
                <td key={column} style={cellStyle(column)}>
                  <Cell cell={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
};
