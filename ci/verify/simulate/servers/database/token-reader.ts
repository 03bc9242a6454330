type Token = { kind: 'word' | 'number' | 'text' | 'sign'; text: string };

/** Reads the tokens of one SQL text from left to right. Keywords match in any case. */
export type TokenReader = {
  /** Skips the next token if it is `text`, and returns whether it was. */
  take(text: string): boolean;
  /** Skips these tokens; throws if others come. */
  expect(...texts: string[]): void;
  /** The next token if it is a word; it is not skipped. */
  peekWord(): string | null;
  word(): string;
  /** The next token's value if it is a number or a string. */
  literal(): number | string | null;
  /** The index of the next token if it is a `?`. */
  parameter(): number | null;
  /** Items with commas between them. */
  listOf<T>(item: () => T): T[];
  /** Throws if tokens are left. */
  end(): void;
};

const TOKEN = /\s*(?:([A-Za-z_][A-Za-z_0-9]*)|(\d+)|'([^']*)'|(<=|>=|<>|[=<>?(),.+*/-]))/y;

export function createTokenReader(sql: string): TokenReader {
  const tokens = tokensOf(sql);
  let at = 0;
  let parameters = 0;

  function take(text: string): boolean {
    const token = tokens[at];
    if (!token || token.kind === 'text' || token.text.toUpperCase() !== text) return false;
    at += 1;
    return true;
  }

  function peekWord(): string | null {
    const token = tokens[at];
    return token?.kind === 'word' ? token.text : null;
  }

  return {
    take,
    peekWord,
    expect(...texts) {
      for (const text of texts) if (!take(text)) throw new Error(`'${text}' expected at ${at}: ${sql}`);
    },
    word() {
      const word = peekWord();
      if (word === null) throw new Error(`name expected at ${at}: ${sql}`);
      at += 1;
      return word;
    },
    literal() {
      const token = tokens[at];
      if (token?.kind !== 'number' && token?.kind !== 'text') return null;
      at += 1;
      return token.kind === 'number' ? Number(token.text) : token.text;
    },
    parameter: () => (take('?') ? parameters++ : null),
    listOf(item) {
      const list = [item()];
      while (take(',')) list.push(item());
      return list;
    },
    end() {
      if (at < tokens.length) throw new Error(`unknown to the simulated database: '${tokens[at]?.text}' in ${sql}`);
    },
  };
}

function tokensOf(sql: string): Token[] {
  const tokens: Token[] = [];
  const text = sql.trim();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const match = TOKEN.exec(text);
    if (!match) throw new Error(`unknown to the simulated database: ${sql}`);
    const [, word, number, quoted, sign] = match;
    if (word !== undefined) tokens.push({ kind: 'word', text: word });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (quoted !== undefined) tokens.push({ kind: 'text', text: quoted });
    else tokens.push({ kind: 'sign', text: sign ?? '' });
  }
  return tokens;
}
