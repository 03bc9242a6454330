import { isIPv4 } from 'node:net';
import { type Static, Type } from 'typebox';
import { SettingsError } from './read-settings.ts';
import { pemFile, readTlsFiles, refuseTlsFiles, type TlsOptions, tlsSwitch } from './tls-files.ts';

/** Settings of the provider's server. */
export const grpcServerSettings = {
  GRPC_TLS: tlsSwitch('on: the gRPC server accepts only encrypted connections. The same in consumers and providers'),
  GRPC_CA_FILE: pemFile(
    'PEM file of the CA that signs the certificates of clients; every client must have one. Empty: clients need no certificate, only PROVIDER_TOKEN',
  ),
  GRPC_CERT_FILE: pemFile('PEM file of the certificate of the providers, with its chain; required for GRPC_TLS=on'),
  GRPC_KEY_FILE: pemFile('PEM file of its key, without a passphrase'),
};

/** Settings of the providers' clients. */
export const grpcClientSettings = {
  GRPC_TLS: tlsSwitch(
    'on: connections to the providers are encrypted, and their certificate is checked. The same in consumers and providers',
  ),
  GRPC_CA_FILE: pemFile('PEM file of the CA that signs the certificate of the providers. Empty: the CAs of Node'),
  GRPC_CERT_FILE: pemFile('PEM file of the client certificate, if the providers demand one'),
  GRPC_KEY_FILE: pemFile('PEM file of its key, without a passphrase'),
  GRPC_TLS_NAME: Type.String({
    default: '',
    pattern: '^[A-Za-z0-9.-]*$',
    description:
      'Name that the certificate of the providers must have. Empty: the host of PROVIDERS; required if that is an address',
  }),
};

const server = Type.Object(grpcServerSettings);
const client = Type.Object(grpcClientSettings);
type ServerSettings = Static<typeof server>;
type ClientSettings = Static<typeof client>;

/** Null: not encrypted. Throws a SettingsError. */
export function readGrpcServerTls(settings: ServerSettings): TlsOptions | null {
  const tls = readTls(settings);
  if (tls && !tls.cert) throw new SettingsError('settings: GRPC_TLS=on needs GRPC_CERT_FILE and GRPC_KEY_FILE');
  return tls;
}

/** `name`: what the certificate is compared with; empty: the host of the address. */
export type GrpcClientTls = TlsOptions & { name: string };

/** Null: not encrypted. Throws a SettingsError. */
export function readGrpcClientTls(settings: ClientSettings & { PROVIDERS: string }): GrpcClientTls | null {
  const { GRPC_TLS_NAME: name, PROVIDERS } = settings;
  const tls = readTls(settings);
  if (!tls) return null;
  if (!name && isIPv4(PROVIDERS.split(':')[0] ?? '')) {
    throw new SettingsError('settings: GRPC_TLS=on with addresses in PROVIDERS needs GRPC_TLS_NAME');
  }
  return { ...tls, name };
}

function readTls(settings: ServerSettings): TlsOptions | null {
  const { GRPC_TLS, GRPC_CA_FILE: ca, GRPC_CERT_FILE: cert, GRPC_KEY_FILE: key } = settings;
  const files = { ca, cert, key };
  if (GRPC_TLS === 'on') return readTlsFiles('GRPC', files);
  refuseTlsFiles('GRPC', files, 'GRPC_TLS is off');
  return null;
}
