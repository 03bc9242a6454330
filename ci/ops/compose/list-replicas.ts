import { runDocker } from './run-docker.ts';

export const replicated = ['consumer', 'provider', 'order-worker'] as const;
export type Replicated = (typeof replicated)[number];

export type Replica = {
  id: string;
  /** As compose names it, without the project. */
  name: string;
  service: string;
  state: string;
  health: string;
  exitCode: number;
};

type Row = {
  ID: string;
  Service: string;
  Name: string;
  State: string;
  Health: string;
  ExitCode: number;
  Project: string;
};

const limitMs = 30_000;

/** The containers of these services, the ended ones too; by default of our processes. */
export async function listReplicas(...services: string[]): Promise<Replica[]> {
  const wanted = services.length > 0 ? services : [...replicated];
  const lines = await runDocker(['compose', 'ps', '--all', '--format', 'json', ...wanted], limitMs);
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
