import { useSignal } from '@preact/signals';
import { h } from 'preact';
import { drawPicture } from './draw-picture.ts';
import { translate } from './translate.ts';

type Props = { sid: string; name: string; url?: string | null | undefined };

/** The picture of a stock; a drawing where it has none, or while it cannot be loaded. */
export function Picture({ sid, name, url }: Props) {
  const failed = useSignal('');
  if (url && failed.value !== url) {
    const fail = () => {
      failed.value = url;
    };
    const alt = translate('photo', { name });
    return (
      <img
        class="picture"
        src={url}
        alt={alt}
        loading="lazy"
        decoding="async"
        referrerpolicy="no-referrer"
        onError={fail}
      />
    );
  }
  return <Drawing sid={sid} name={name} label={translate('picture', { name })} />;
}

function Drawing({ sid, name, label }: { sid: string; name: string; label: string }) {
  const { shapes } = drawPicture(sid, name);
  return (
    <svg class="picture" viewBox="0 0 320 200" preserveAspectRatio="xMidYMid slice" role="img" aria-label={label}>
      {shapes.map(({ tag, attributes }) => h(tag, attributes))}
    </svg>
  );
}
