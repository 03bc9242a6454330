import { useEffect, useRef } from 'preact/hooks';

/** A modal dialog. On close the focus returns to its previous element. */
export function useModal(onClose: () => void) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const { current } = dialog;
    const before = document.activeElement;
    current?.showModal();
    return () => {
      current?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return { ref: dialog, onClose, onCancel: onClose };
}
