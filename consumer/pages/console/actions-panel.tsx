import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { ApiError } from '../call-api.ts';
import { callAdmin } from './parts/call-admin.ts';
import { dateTime } from './parts/formats.ts';
import { Fault, Panel, Scroll } from './parts/panel.tsx';
import { actionText, translate } from './texts/translate.ts';

type Action = {
  actionId: number;
  at: string;
  who: string;
  action: string;
  target: string;
  detail: Record<string, unknown>;
};
type Page = { actions: Action[]; nextCursor: string | null };

const PAGE = 50;

/** The log of administrators' actions, newest first. */
export function ActionsPanel() {
  const page = useSignal<Page | null>(null);
  const fault = useSignal<ApiError | null>(null);

  async function read(cursor: string | null): Promise<void> {
    fault.value = null;
    try {
      const after = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const { body } = await callAdmin<Page>(`/admin/actions?limit=${PAGE}${after}`);
      const before = cursor === null ? [] : (page.peek()?.actions ?? []);
      page.value = { ...body, actions: [...before, ...body.actions] };
    } catch (error) {
      fault.value = error as ApiError;
    }
  }
  useEffect(() => void read(null), []);

  const { actions = [], nextCursor = null } = page.value ?? {};
  const refresh = (
    <button type="button" onClick={() => void read(null)}>
      {translate('refresh')}
    </button>
  );
  return (
    <Panel title={translate('actionsTitle')} id="actions-title" class="wide" aside={refresh}>
      <Scroll label={translate('actionsTitle')}>
        <table class="action-log">
          <thead>
            <tr>
              <th scope="col">{translate('time')}</th>
              <th scope="col">{translate('actionUser')}</th>
              <th scope="col">{translate('actionWhat')}</th>
              <th scope="col">{translate('actionTarget')}</th>
            </tr>
          </thead>
          <tbody>
            {actions.map((action) => (
              <Row key={action.actionId} {...action} />
            ))}
            {actions.length === 0 && (
              <tr>
                <td colSpan={4} class="empty">
                  {translate(page.value === null && !fault.value ? 'loading' : 'actionsEmpty')}
                </td>
              </tr>
            )}
          </tbody>
        </table>
      </Scroll>
      {nextCursor !== null && (
        <button type="button" onClick={() => void read(nextCursor)}>
          {translate('more')}
        </button>
      )}
      <Fault error={fault.value} />
    </Panel>
  );
}

function Row({ at, who, action, target, detail }: Action) {
  const fields = Object.entries(detail).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  return (
    <tr>
      <td class="number">{dateTime(at)}</td>
      <td class="name">{who}</td>
      <td class="name">
        {actionText(action)} <span class="mono">{fields.join(', ')}</span>
      </td>
      <td class="mono">{action === 'refundOrder' ? <a href={`#trace/${target}`}>{target}</a> : target}</td>
    </tr>
  );
}
