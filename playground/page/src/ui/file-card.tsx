import type { JSX } from 'preact';
import { DownloadIcon } from './icons.tsx';

const looks: [RegExp, string, string][] = [
  [/\.(xlsx|xls)$/i, 'XLS', '#107c41'],
  [/\.csv$/i, 'CSV', '#107c41'],
  [/\.pdf$/i, 'PDF', '#c4314b'],
  [/\.(png|jpe?g|gif|svg)$/i, 'IMG', '#7a4fd0'],
  [/\.(docx?|md|txt)$/i, 'DOC', '#185abd'],
  [/\.zip$/i, 'ZIP', '#8a6100'],
];

const kinds: Record<string, string> = {
  XLS: 'Excel spreadsheet',
  CSV: 'CSV',
  PDF: 'PDF',
  IMG: 'Picture',
  DOC: 'Document',
};

const sizeText = (bytes: number): string =>
  bytes < 1000 ? `${bytes} B` : bytes < 1e6 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;

export const FileIcon = ({ name }: { name: string }): JSX.Element => {
  const [, label, colour] = looks.find(([pattern]) => pattern.test(name)) ?? [/./, 'FILE', '#5f6368'];
  return (
    <span class="file-icon" aria-hidden="true" style={{ backgroundColor: colour }}>
      {label}
    </span>
  );
};

/** A file as a card: opens when clicked, saves by the arrow. */
export const FileCard = ({ name, url, size }: { name: string; url: string; size?: number }): JSX.Element => {
  const label = looks.find(([pattern]) => pattern.test(name))?.[1] ?? '';
  const download = `${url}${url.includes('?') ? '&' : '?'}download`;
  return (
    <div class="file-card">
      <FileIcon name={name} />
      <a class="file-name" href={url} target="_blank" rel="noreferrer">
        <b>{name}</b>
        <small>
          {kinds[label] ?? 'File'}
          {size !== undefined && ` · ${sizeText(size)}`}
        </small>
      </a>
      <a class="file-save" href={download} download={name} aria-label={`Download ${name}`}>
        <DownloadIcon />
      </a>
    </div>
  );
};
