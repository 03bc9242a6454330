import { type Static, Type } from 'typebox';
import type { CreateStockRequestInput } from '../../proto/gen/flashsale/v1/CreateStockRequest.ts';
import type { UpdateStockRequestInput } from '../../proto/gen/flashsale/v1/UpdateStockRequest.ts';
import { MAX_METADATA_KEYS, MAX_QUANTITY, REFERENCE_PATTERN } from '../../proto/messages/order-details.ts';
import { nullable } from '../api/api-schemas.ts';
import { type Money, moneyBody, otherCurrency } from '../api/money.ts';
import { invalidField } from '../http/problem.ts';

// What a shop says about a stock, in the bodies of POST and PATCH. Null: none.

const compareAtPrice = moneyBody(
  'A former or recommended price, shown struck through: at least `price`, in its currency',
);

const maxPerOrder = Type.Integer({
  minimum: 1,
  maximum: MAX_QUANTITY,
  description: 'Units that one order may have; default 1. Cannot be changed once the sale has opened or has orders',
  examples: [5],
});

export const stockFields = {
  reference: Type.Optional(
    nullable(
      Type.String({
        pattern: REFERENCE_PATTERN,
        description: 'Your own reference, such as a SKU',
        examples: ['LAMP-1'],
      }),
    ),
  ),
  metadata: Type.Optional(
    Type.Unsafe<Record<string, string> | null>({
      type: ['object', 'null'],
      maxProperties: MAX_METADATA_KEYS,
      additionalProperties: { type: 'string' },
      description: 'Your own data, for administrators: at most 20 keys and 2,048 bytes as JSON',
      examples: [{ season: 'winter' }],
    }),
  ),
  description: Type.Optional(nullable(Type.String({ maxLength: 2000, description: 'Shown to buyers' }))),
  pictureUrl: Type.Optional(
    nullable(
      Type.String({
        minLength: 1,
        maxLength: 500,
        description: 'Shown to buyers: an https address at one of `PICTURE_ORIGINS`',
        examples: ['https://pictures.example/lamp.jpg'],
      }),
    ),
  ),
  compareAtPrice: Type.Optional(nullable(compareAtPrice)),
  maxPerOrder: Type.Optional(maxPerOrder),
};

const body = Type.Object(stockFields);
export type StockFieldsBody = Static<typeof body>;
type FieldsMessage = Pick<
  CreateStockRequestInput & UpdateStockRequestInput,
  'reference' | 'metadata' | 'description' | 'pictureUrl' | 'compareAtPriceCents' | 'maxPerOrder'
>;

export type FieldRules = {
  /** Of the stock. Undefined: not known here. */
  currency: string | undefined;
  /** Allowed origins of pictures, such as https://pictures.example. */
  pictureOrigins: readonly string[];
};

/** The setting PICTURE_ORIGINS as origins, as URL.origin has them. */
export function parsePictureOrigins(text: string): string[] {
  return text.split(',').flatMap((origin) => URL.parse(origin)?.origin ?? []);
}

/** The fields that are present, for the provider: null becomes its value for none. Throws a Problem. */
export function toFieldsMessage(fields: StockFieldsBody, rules: FieldRules): FieldsMessage {
  const { reference, metadata, description, pictureUrl, compareAtPrice, maxPerOrder } = fields;
  if (pictureUrl) checkPicture(pictureUrl, rules.pictureOrigins);
  if (compareAtPrice && rules.currency !== undefined) checkCurrency(compareAtPrice, rules.currency);
  const message: FieldsMessage = {};
  if (reference !== undefined) message.reference = reference ?? '';
  if (metadata !== undefined) message.metadata = metadata === null ? '' : JSON.stringify(metadata);
  if (description !== undefined) message.description = description ?? '';
  if (pictureUrl !== undefined) message.pictureUrl = pictureUrl ?? '';
  if (compareAtPrice !== undefined) message.compareAtPriceCents = compareAtPrice?.amount ?? 0;
  if (maxPerOrder !== undefined) message.maxPerOrder = maxPerOrder;
  return message;
}

function checkPicture(pictureUrl: string, origins: readonly string[]): void {
  const url = URL.parse(pictureUrl);
  if (url?.protocol === 'https:' && origins.includes(url.origin)) return;
  const allowed = origins.length > 0 ? origins.join(', ') : 'none: the setting PICTURE_ORIGINS is empty';
  throw invalidField('pictureUrl', `must be an https address at an allowed origin (${allowed})`);
}

function checkCurrency({ currency }: Money, expected: string): void {
  if (currency !== expected) throw otherCurrency('compareAtPrice', expected);
}
