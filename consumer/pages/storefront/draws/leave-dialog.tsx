import { useModal } from '../parts/use-modal.ts';
import { say } from './draw-texts.ts';
import { leave } from './my-entry.ts';

type Props = { sid: string; name: string; hasPlace: boolean; onClose(): void };

/** Asks before an entry leaves. */
export function LeaveDialog({ sid, name, hasPlace, onClose }: Props) {
  const modal = useModal(onClose);
  return (
    <dialog {...modal} aria-labelledby="leave-title">
      <h2 id="leave-title">{say('leaveTitle')}</h2>
      <p>{say(hasPlace ? 'leaveAfter' : 'leaveBefore', { name })}</p>
      <div class="dialog-do">
        <button type="button" class="medium" onClick={onClose}>
          {say('leaveNo')}
        </button>
        <button
          type="button"
          class="medium strong"
          onClick={() => {
            void leave(sid);
            onClose();
          }}
        >
          {say('leaveYes')}
        </button>
      </div>
    </dialog>
  );
}
