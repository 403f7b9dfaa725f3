import type { ComponentChildren, FunctionComponent, JSX } from 'preact';
import { useId } from 'preact/hooks';
import { JsonView } from '../../ui/json-view.tsx';
import { ElementView } from '../elements/element.tsx';
import { blockId, textOf } from '../model.ts';
import type { Block } from '../model.ts';
import { plain, Text } from '../text/text.tsx';
import { useSurface } from './context.ts';
import { ImageBlock, imageSource } from './image-block.tsx';
import { InputBlock } from './input-block.tsx';
import { MarkdownBlock } from './markdown-block.tsx';
import { RichText } from './rich-text.tsx';
import { TableBlock } from './table-block.tsx';

export interface BlockProps {
  block: Block;
  id: string;
}

const HeaderBlock = ({ block }: BlockProps): JSX.Element => (
  <h3 class="block-header">{typeof block.text === 'object' ? plain(block.text) : ''}</h3>
);

const wideAccessory = /select|picker|checkboxes|radio/;

const SectionBlock = ({ block, id }: BlockProps): JSX.Element => (
  <div class={`block-section${wideAccessory.test(block.accessory?.type ?? '') ? ' wide' : ''}`}>
    <div class="block-section-main">
      {typeof block.text === 'object' && (
        <div class="block-text">
          <Text text={block.text} />
        </div>
      )}
      {block.fields && (
        <div class="block-fields">
          {block.fields.map((field, index) => (
            <div key={index} class="block-text">
              <Text text={field} />
            </div>
          ))}
        </div>
      )}
    </div>
    {block.accessory && (
      <div class="block-accessory">
        <ElementView element={block.accessory} block={block} blockId={id} />
      </div>
    )}
  </div>
);

const ContextBlock = ({ block }: BlockProps): JSX.Element => (
  <div class="block-context">
    {(block.elements ?? []).map((element, index) =>
      element.type === 'image' ? (
        <img key={index} src={imageSource(element)} alt={element.alt_text ?? ''} />
      ) : (
        <span key={index} class="block-text">
          <Text text={{ type: element.type === 'mrkdwn' ? 'mrkdwn' : 'plain_text', text: textOf(element.text) }} />
        </span>
      ),
    )}
  </div>
);

const ActionsBlock = ({ block, id }: BlockProps): JSX.Element => (
  <div class="block-actions">
    {(block.elements ?? []).map((element, index) => (
      <ElementView key={element.action_id ?? index} element={element} block={block} blockId={id} />
    ))}
  </div>
);

const alertTones = ['default', 'info', 'success', 'warning', 'error'];

const AlertBlock = ({ block }: BlockProps): JSX.Element => {
  const tone = alertTones.includes(block.level ?? '') ? block.level : 'default';
  return (
    <div class={`block-alert ${tone}`} role="note">
      <span class="block-alert-icon" aria-hidden="true">
        {tone === 'success' ? '✓' : tone === 'warning' || tone === 'error' ? '!' : 'i'}
      </span>
      <div class="block-text">
        <Text text={typeof block.text === 'object' ? block.text : { type: 'mrkdwn', text: textOf(block.text) }} />
      </div>
    </div>
  );
};

const UnknownBlock = ({ block }: BlockProps): JSX.Element => (
  <div class="block-unknown" role="note">
    The playground does not draw <code>{block.type}</code> blocks.
    <details>
      <summary>Show JSON</summary>
      <JsonView value={block} />
    </details>
  </div>
);

const kinds: Record<string, FunctionComponent<BlockProps>> = {
  header: HeaderBlock,
  section: SectionBlock,
  divider: () => <hr class="block-divider" />,
  context: ContextBlock,
  actions: ActionsBlock,
  image: ImageBlock,
  table: TableBlock,
  rich_text: ({ block }) => (
    <div class="block-text">
      <RichText nodes={block.elements ?? []} />
    </div>
  ),
  input: InputBlock,
  markdown: MarkdownBlock,
  alert: AlertBlock,
};

const Labelled = ({ surface, children }: { surface: string; children: ComponentChildren }): JSX.Element => (
  <div class={`blocks blocks-${surface}`}>{children}</div>
);

/** A list of Block Kit blocks on the surface that the context names. */
export const Blocks = ({ blocks }: { blocks: readonly Block[] }): JSX.Element => {
  const surface = useSurface();
  const prefix = useId();
  return (
    <Labelled surface={surface.kind}>
      {blocks.map((block, index) => {
        const Kind = kinds[block.type] ?? UnknownBlock;
        const id = blockId(block, index);
        return <Kind key={`${prefix}${id}`} block={block} id={id} />;
      })}
    </Labelled>
  );
};
