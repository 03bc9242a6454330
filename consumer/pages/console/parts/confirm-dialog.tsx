import { useEffect, useRef } from 'preact/hooks';
import { translate } from '../texts/translate.ts';

type ConfirmProps = {
  title: string;
  /** The consequences, one sentence each. */
  lines: string[];
  /** The label of the confirming button. */
  action: string;
  onConfirm(): void;
  onCancel(): void;
};

const CONFIRMED = 'confirmed';

/** Asks for a confirmation. The focus is on Cancel and returns to its previous element on close. */
export function ConfirmDialog({ title, lines, action, onConfirm, onCancel }: ConfirmProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  // The browser closes the dialog first, which restores the focus; then it is removed.
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
