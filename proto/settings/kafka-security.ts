import { type Static, Type } from 'typebox';
import { type Environment, SettingsError } from './read-settings.ts';
import { pemFile, readTlsFiles, refuseTlsFiles, type TlsOptions, tlsSwitch } from './tls-files.ts';

/** Settings of every process and command that connects to Kafka. */
export const kafkaSecuritySettings = {
  KAFKA_TLS: tlsSwitch(
    'on: connections to Kafka are encrypted, and the certificate and the host name of each broker are checked',
  ),
  KAFKA_CA_FILE: pemFile('PEM file of the CAs that sign the certificates of the brokers. Empty: the CAs of Node'),
  KAFKA_CERT_FILE: pemFile('PEM file of the client certificate, if the brokers demand one'),
  KAFKA_KEY_FILE: pemFile('PEM file of its key, without a passphrase'),
  KAFKA_SASL: Type.Enum(['off', 'plain', 'scram-sha-256', 'scram-sha-512'], {
    default: 'off',
    description: 'How this process logs in to Kafka. NODE_ENV=production refuses plain without KAFKA_TLS=on',
  }),
  KAFKA_USERNAME: Type.String({ default: '', description: 'User for KAFKA_SASL' }),
  KAFKA_PASSWORD: Type.String({ default: '', description: 'Password for KAFKA_SASL' }),
};

const schema = Type.Object(kafkaSecuritySettings);
type Settings = Static<typeof schema> & { NODE_ENV: Environment };

/** How to connect to brokers. */
export type KafkaSecurity = {
  /** Null: not encrypted. */
  tls: TlsOptions | null;
  /** Null: no login. */
  sasl: { mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'; username: string; password: string } | null;
};

/** Brokers, separated by commas. Without `kafkaSecurity` the connections are neither encrypted nor logged in. */
export type KafkaAddress = { kafkaBrokers: string; kafkaSecurity?: KafkaSecurity | undefined };

/** Throws a SettingsError that names the setting. */
export function readKafkaAddress(settings: Settings & { KAFKA_BROKERS: string }): KafkaAddress {
  return { kafkaBrokers: settings.KAFKA_BROKERS, kafkaSecurity: readKafkaSecurity(settings) };
}

function readKafkaSecurity(settings: Settings): KafkaSecurity {
  const { KAFKA_TLS, KAFKA_CA_FILE: ca, KAFKA_CERT_FILE: cert, KAFKA_KEY_FILE: key } = settings;
  if (KAFKA_TLS === 'off') refuseTlsFiles('KAFKA', { ca, cert, key }, 'KAFKA_TLS is off');
  const tls = KAFKA_TLS === 'on' ? readTlsFiles('KAFKA', { ca, cert, key }) : null;
  return { tls, sasl: readSasl(settings) };
}

function readSasl(settings: Settings): KafkaSecurity['sasl'] {
  const { NODE_ENV, KAFKA_TLS, KAFKA_SASL: mechanism, KAFKA_USERNAME: username, KAFKA_PASSWORD: password } = settings;
  if (mechanism === 'off') {
    if (username || password) refuse('KAFKA_USERNAME or KAFKA_PASSWORD is set, but KAFKA_SASL is off');
    return null;
  }
  if (!username || !password) refuse(`KAFKA_SASL=${mechanism} needs KAFKA_USERNAME and KAFKA_PASSWORD`);
  if (mechanism === 'plain' && KAFKA_TLS === 'off' && NODE_ENV === 'production') {
    refuse('KAFKA_SASL=plain sends the password unencrypted without KAFKA_TLS=on, which NODE_ENV=production refuses');
  }
  return { mechanism, username, password };
}

function refuse(why: string): never {
  throw new SettingsError(`settings: ${why}`);
}
