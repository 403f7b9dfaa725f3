import type { JSX } from 'preact';
import { useId } from 'preact/hooks';
import { WarningIcon } from '../../ui/icons.tsx';
import { ElementView } from '../elements/element.tsx';
import { plain } from '../text/text.tsx';
import type { BlockProps } from './blocks.tsx';
import { useSurface } from './context.ts';

// These have no single control that a <label> could point at.
const groups = new Set(['checkboxes', 'radio_buttons', 'datetimepicker']);

export const InputBlock = ({ block, id }: BlockProps): JSX.Element => {
  const surface = useSurface();
  const control = useId();
  const error = surface.errors[id];
  const label = (
    <>
      {plain(block.label)}
      {block.optional && <span class="optional"> (optional)</span>}
    </>
  );
  const describedBy = error ? `${control}-error` : block.hint ? `${control}-hint` : undefined;
  return (
    <div class={`block-input${error ? ' bad' : ''}`} data-block={id}>
      {groups.has(block.element?.type ?? '') ? (
        <div class="block-label" id={`${control}-label`}>
          {label}
        </div>
      ) : (
        <label class="block-label" id={`${control}-label`} for={control}>
          {label}
        </label>
      )}
      {block.element && (
        <ElementView
          element={block.element}
          block={block}
          blockId={id}
          field={{
            id: control,
            labelId: `${control}-label`,
            invalid: error !== undefined,
            required: !block.optional,
            ...(describedBy && { describedBy }),
          }}
        />
      )}
      {error && (
        <div class="field-error" id={`${control}-error`} role="alert">
          <WarningIcon />
          <span>{error}</span>
        </div>
      )}
      {block.hint && (
        <div class="field-hint" id={`${control}-hint`}>
          {plain(block.hint)}
        </div>
      )}
    </div>
  );
};
