const PAYMENT_ID = /^[0-9A-Za-z_-]{1,64}$/;

/** Whether the text can be the id of a payment, of this system or of an earlier one. */
export function isPaymentId(text: string): boolean {
  return PAYMENT_ID.test(text);
}
