/** A field's name in words, for messages: `addressLine1` becomes `address line 1`. */
export function fieldLabel(field: string): string {
  return field.replace(/[A-Z]|\d+/g, (part) => ` ${part.toLowerCase()}`);
}
