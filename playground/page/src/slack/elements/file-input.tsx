import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { useApp } from '../../state/app-context.ts';
import { upload } from '../../state/post.ts';
import { FileIcon } from '../../ui/file-card.tsx';
import { Spinner } from '../../ui/icons.tsx';
import { fieldAria, useElement } from '../blocks/context.ts';
import type { ElementProps } from '../blocks/context.ts';

/** Slack's field for files: they are uploaded as soon as they are chosen. */
export const FileInput = (props: ElementProps): JSX.Element => {
  const { element, field } = props;
  const { persona, say } = useApp();
  const { state, choose } = useElement(props);
  const [busy, setBusy] = useState(false);
  const files = state?.files ?? [];
  const most = element.max_files ?? 10;
  const take = async (chosen: readonly File[]): Promise<void> => {
    setBusy(true);
    let held = files;
    for (const file of chosen.slice(0, most - files.length)) {
      const type = file.name.slice(file.name.lastIndexOf('.') + 1).toLowerCase();
      if (element.filetypes && !element.filetypes.includes(type)) {
        say(`Only these types of files can be added: ${element.filetypes.join(', ')}.`, 'error');
        continue;
      }
      const answer = await upload(persona.id, file);
      if (answer.ok) held = [...held, { id: answer.file.id, name: answer.file.name }];
      else say(answer.error, 'error');
    }
    choose({ files: held });
    setBusy(false);
  };
  return (
    <div class="file-input">
      {files.map(({ id, name }) => (
        <div class="file-chosen" key={id}>
          <FileIcon name={name} />
          <b>{name}</b>
          <button
            type="button"
            aria-label={`Remove ${name}`}
            onClick={() => choose({ files: files.filter((file) => file.id !== id) })}
          >
            ×
          </button>
        </div>
      ))}
      {files.length < most && (
        <label class="file-choose">
          <input
            type="file"
            {...fieldAria(field)}
            data-action={element.action_id}
            multiple={most > 1}
            accept={element.filetypes?.map((type) => `.${type}`).join(',')}
            disabled={busy}
            onChange={(event) => {
              const chosen = [...(event.currentTarget.files ?? [])];
              event.currentTarget.value = '';
              void take(chosen);
            }}
          />
          <span aria-hidden="true">{busy ? <Spinner /> : 'Add a file'}</span>
        </label>
      )}
    </div>
  );
};
