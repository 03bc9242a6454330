import { runDocker } from './run-docker.ts';

export const replicated = ['consumer', 'provider', 'order-worker'] as const;
export type Replicated = (typeof replicated)[number];

export type Replica = {
  id: string;
  /** The name in compose, without the project. */
  name: string;
  service: string;
  state: string;
  health: string;
  exitCode: number;
};

type Row = Record<'ID' | 'Service' | 'Name' | 'State' | 'Health' | 'Project', string> & { ExitCode: number };

const LIMIT_MS = 30_000;

/** The containers of these services, also stopped ones; by default of the three applications. */
export async function listReplicas(...services: string[]): Promise<Replica[]> {
  const wanted = services.length > 0 ? services : [...replicated];
  const lines = await runDocker(['compose', 'ps', '--all', '--format', 'json', ...wanted], LIMIT_MS);
  return lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row)
    .map(({ ID, Service, Name, State, Health, ExitCode, Project }) => {
      const name = Name.replace(`${Project}-`, '');
      return { id: ID, service: Service, name, state: State, health: Health, exitCode: ExitCode };
    })
    .sort((a, b) => a.name.localeCompare(b.name));
}
