import { useEffect, useRef } from 'preact/hooks';
import { translate } from '../texts/translate.ts';

type ConfirmProps = {
  title: string;
  /** What will happen, a sentence each. */
  lines: string[];
  /** What the button that does it says. */
  action: string;
  onConfirm(): void;
  onCancel(): void;
};

const CONFIRMED = 'confirmed';

/** Asks before something is done that many people notice. The focus is on Cancel, and goes back to where it was. */
export function ConfirmDialog({ title, lines, action, onConfirm, onCancel }: ConfirmProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  // Closed by the browser first, which gives the focus back, and only then taken away.
  const close = (answer: string) => dialog.current?.close(answer);
  return (
    <dialog
      ref={dialog}
      class="confirm"
      aria-labelledby="confirm-title"
      aria-describedby="confirm-text"
      onClose={(event) => (event.currentTarget.returnValue === CONFIRMED ? onConfirm() : onCancel())}
    >
      <h2 id="confirm-title">{title}</h2>
      <div id="confirm-text">
        {lines.map((line) => (
          <p key={line}>{line}</p>
        ))}
      </div>
      <div class="confirm-end">
        <button type="button" autofocus onClick={() => close('')}>
          {translate('cancel')}
        </button>
        <button type="button" class="danger" onClick={() => close(CONFIRMED)}>
          {action}
        </button>
      </div>
    </dialog>
  );
}
