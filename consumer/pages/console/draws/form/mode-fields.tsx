import type { FieldError } from '../../parts/field-errors.ts';
import { TimeField } from '../../parts/fields.tsx';
import { translate } from '../../texts/translate.ts';

const MODES = ['rush', 'draw', 'line'] as const;

export type TypedMode = Record<'mode' | 'entriesOpenAt' | 'entriesCloseAt', string>;
type Errors = Partial<Record<keyof TypedMode, FieldError>>;
type Props = { typed: TypedMode; errors: Errors; onInput(name: keyof TypedMode, value: string): void };

/** How units find their buyers, and when entries are taken. */
export function ModeFields({ typed, errors, onInput }: Props) {
  return (
    <>
      <div class="field span-3">
        <label for="new-mode">{translate('mode')}</label>
        <select
          id="new-mode"
          value={typed.mode}
          aria-describedby="new-mode-hint"
          onChange={(event) => onInput('mode', event.currentTarget.value)}
        >
          {MODES.map((mode) => (
            <option key={mode} value={mode}>
              {translate(`mode_${mode}`)}
            </option>
          ))}
        </select>
        <span class="hint" id="new-mode-hint">
          {translate('modeHint')}
        </span>
      </div>
      {typed.mode !== 'rush' &&
        (['entriesOpenAt', 'entriesCloseAt'] as const).map((name) => (
          <TimeField
            key={name}
            id={`new-${name}`}
            label={translate(name)}
            hint={translate('entriesHint')}
            value={typed[name]}
            onInput={(value) => onInput(name, value)}
            error={errors[name]}
            class="span-3"
          />
        ))}
    </>
  );
}
