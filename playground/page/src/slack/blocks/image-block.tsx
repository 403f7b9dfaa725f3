import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { plain } from '../text/text.tsx';
import type { BlockProps } from './blocks.tsx';

const fetchable = /^(https?:\/\/|\/|data:image\/)/i;

/** The address of a picture, or nothing where it is not one a browser should load. */
export const imageSource = (image: { image_url?: string; slack_file?: { url?: string } }): string | undefined => {
  const url = image.image_url ?? image.slack_file?.url;
  return url !== undefined && fetchable.test(url) ? url : undefined;
};

export const ImageBlock = ({ block }: BlockProps): JSX.Element => {
  const [open, setOpen] = useState(true);
  const [broken, setBroken] = useState(false);
  return (
    <figure class="block-image">
      {block.title && (
        <figcaption>
          <button type="button" onClick={() => setOpen(!open)} aria-expanded={open}>
            {plain(block.title)} <span aria-hidden="true" class={open ? 'fold' : 'fold shut'}></span>
          </button>
        </figcaption>
      )}
      {open &&
        (broken ? (
          <div class="block-unknown">This picture could not be loaded: {block.alt_text}</div>
        ) : (
          <img src={imageSource(block)} alt={block.alt_text ?? ''} onError={() => setBroken(true)} />
        ))}
    </figure>
  );
};
