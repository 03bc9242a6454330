import { h } from 'preact';
import { drawPicture } from './draw-picture.ts';

type Props = { sid: string; name: string; label: string };

export function Picture({ sid, name, label }: Props) {
  const { shapes } = drawPicture(sid, name);
  return (
    <svg class="picture" viewBox="0 0 320 200" preserveAspectRatio="xMidYMid slice" role="img" aria-label={label}>
      {shapes.map(({ tag, attributes }) => h(tag, attributes))}
    </svg>
  );
}
