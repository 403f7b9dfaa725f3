import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Spinner } from '../../ui/icons.tsx';
import { useElement } from '../blocks/context.ts';
import type { ElementProps } from '../blocks/context.ts';
import { ConfirmDialog } from '../confirm-dialog.tsx';
import { plain } from '../text/text.tsx';

export const Button = (props: ElementProps): JSX.Element => {
  const { element } = props;
  const { choose, acting } = useElement(props);
  const [asking, setAsking] = useState(false);
  const click = (): void => {
    if (element.url && /^https?:\/\//i.test(element.url)) window.open(element.url, '_blank', 'noreferrer');
    choose({ ...(element.value !== undefined && { value: element.value }) });
  };
  return (
    <>
      <button
        type="button"
        class={`button ${element.style ?? ''}`}
        aria-label={element.accessibility_label}
        aria-busy={acting}
        data-action={element.action_id}
        onClick={() => (element.confirm ? setAsking(true) : click())}
      >
        {acting && <Spinner />}
        <span>{typeof element.text === 'object' ? plain(element.text) : ''}</span>
      </button>
      {asking && element.confirm && (
        <ConfirmDialog
          confirm={element.confirm}
          onDone={(confirmed) => {
            setAsking(false);
            if (confirmed) click();
          }}
        />
      )}
    </>
  );
};
